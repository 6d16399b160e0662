"""The receiver with pages: small until one is asked for, and never held up by the database."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

from tests.fakes.receiver import SECRET, running_receiver
from tests.fakes.valkey import Valkey
from tests.web.visitor import PASSWORD, Visitor

_LARGE = {"sqlalchemy", "jinja2", "bot.web", "bot.github.markdown_safety", "psycopg"}

_RECEIVER = """
import asyncio, json, sys

import bot.webhook.__main__
from bot.environment import read_settings
from bot.webhook.app import create_app


async def get(path):
    answer = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        answer.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
             "query_string": b"", "headers": [(b"host", b"localhost")], "scheme": "http",
             "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "http_version": "1.1"}
    await app(scope, receive, send)
    return answer[0]["status"]


def loaded():
    return sorted(set(sys.modules) & set(sys.argv[1:]))


app = create_app(read_settings())
before = (asyncio.run(get("/healthz")), loaded())
print(json.dumps([before, (asyncio.run(get("/web/sign-in")), loaded())]))
"""


def test_what_draws_pages_is_imported_with_the_first_page(tmp_path: Path) -> None:
    environment = {"PLUMBLINE_WEB_PASSWORD": PASSWORD, "PLUMBLINE_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", _RECEIVER, *_LARGE],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        check=True,
    )
    before, after = json.loads(done.stdout)

    assert before == [200, []]
    assert after == [200, sorted(_LARGE - {"psycopg"})]


def test_a_database_that_never_answers_holds_up_no_delivery(
    shared_valkey: Valkey,
) -> None:
    with (
        closing(socket.create_server(("127.0.0.1", 0), backlog=100)) as silent,
        running_receiver(
            shared_valkey.data_dir,
            PLUMBLINE_WEBHOOK_SECRET=SECRET,
            PLUMBLINE_WEB_PASSWORD=PASSWORD,
            PLUMBLINE_DATABASE_URL=f"postgresql://me@127.0.0.1:{silent.getsockname()[1]}/records",
        ) as receiver,
    ):
        visitor = Visitor(receiver.port)
        assert visitor.sign_in().status == 303
        pages = [threading.Thread(target=visitor.get, args=("/web/",)) for _ in range(50)]
        for page in pages:
            page.start()
        connection, _ = silent.accept()  # a page waits for the database
        with connection:
            assert receiver.deliver("ping", b'{"zen": "Be patient."}').status == 200
            assert all(page.is_alive() for page in pages)
        silent.close()
        for page in pages:
            page.join(60)
    assert not any(page.is_alive() for page in pages)


def test_pages_say_that_the_records_are_away(tmp_path: Path) -> None:
    server = Valkey(tmp_path)
    server.start()
    with running_receiver(
        tmp_path,
        PLUMBLINE_WEB_PASSWORD=PASSWORD,
        PLUMBLINE_DATABASE_URL="postgresql://me:secret@127.0.0.1:1/records",
    ) as receiver:
        visitor = Visitor(receiver.port)
        assert visitor.sign_in().status == 303
        no_database = visitor.get("/web/")
        server.kill()
        no_redis = [visitor.get("/web/"), visitor.sign_in(), Visitor(receiver.port).get("/web/")]
    assert [one.status for one in (no_database, *no_redis)] == [503, 503, 503, 401]
    for seen in (no_database, *no_redis):
        assert ("secret" in seen.html, str(tmp_path) in seen.html) == (False, False)
