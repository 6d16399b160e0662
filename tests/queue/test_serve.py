"""`plumbline serve` as a person runs it: what it says, what it keeps running, how it ends."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.store.embedded import socket_path
from tests.fakes.valkey import until
from tests.queue.served import Served, answers, free_port
from workers.queue.supervisor import Program, Supervisor


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def served(tmp_path: Path, port: int) -> Iterator[Served]:
    server = Served(tmp_path, ["serve", "--port", str(port), "--grace", "5"])
    yield server
    server.process.kill()
    server.process.wait()
    until(lambda: not answers(port))


def test_it_starts_says_what_and_ends_in_order(served: Served, port: int) -> None:
    until(lambda: answers(port), seconds=60)
    served.process.terminate()
    assert served.process.wait(60) == 0
    assert served.output() == (
        "plumbline: valkey: keeps the queue in FOLDER/data/valkey (pid N)\n"
        f"plumbline: receiver: http://127.0.0.1:{port}/webhooks/github"
        " (answers 503: no PLUMBLINE_WEBHOOK_SECRET) (pid N)\n"
        "plumbline: no workers: PLUMBLINE_GITHUB_APP_ID names no GitHub App yet\n"
        "plumbline: stopping; running jobs have 5 seconds to finish\n"
    )


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("127.0.0.1", "http://127.0.0.1:PORT/web/"),
        (
            "0.0.0.0",  # noqa: S104 - it has a secret
            "http://127.0.0.1:PORT/web/; "
            "from elsewhere over HTTPS at /web/ of a proxy in front of it",
        ),
    ],
)
def test_it_says_where_its_pages_are(tmp_path: Path, port: int, host: str, said: str) -> None:
    server = Served(
        tmp_path,
        ["serve", "--port", str(port), "--host", host],
        PLUMBLINE_WEB_PASSWORD="plumb lines hang true",
        PLUMBLINE_WEBHOOK_SECRET="not a secret",
    )
    until(lambda: answers(port), seconds=60)
    server.process.terminate()
    server.process.wait(60)
    assert f"plumbline: pages: {said.replace('PORT', str(port))}\n" in server.output()


@pytest.mark.parametrize("name", ["receiver", "valkey"])
def test_what_dies_is_started_again(served: Served, port: int, name: str) -> None:
    until(lambda: answers(port), seconds=60)
    os.kill(served.pid_of(name), signal.SIGKILL)
    until(lambda: f"{name}: ended with status -9; starting it again" in served.output())
    until(lambda: answers(port), seconds=60)


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is of Linux")
def test_killed_it_leaves_nothing_running(served: Served, port: int) -> None:
    until(lambda: answers(port), seconds=60)
    pids = [served.pid_of(name) for name in ("receiver", "valkey")]
    served.process.kill()
    served.process.wait()
    until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in pids))


def test_a_second_one_on_the_same_folder_is_refused(
    served: Served, port: int, tmp_path: Path
) -> None:
    until(lambda: answers(port), seconds=60)
    (tmp_path / "second").mkdir()
    second = Served(
        tmp_path / "second",
        ["serve", "--port", str(free_port())],
        PLUMBLINE_DATA_DIR=str(tmp_path / "data"),
    )
    assert second.process.wait(60) == 2
    assert "another `plumbline serve` uses" in second.output()


def refused(folder: Path, arguments: list[str], **environment: str) -> tuple[int, str]:
    server = Served(folder, arguments, **environment)
    try:
        return server.process.wait(60), server.output()
    finally:
        server.process.kill()
        server.process.wait()


def test_an_address_of_the_world_needs_a_secret(tmp_path: Path) -> None:
    assert refused(tmp_path, ["serve", "--host", "0.0.0.0"]) == (  # noqa: S104 - it is refused
        2,
        "plumbline: PLUMBLINE_WEBHOOK_SECRET: it is empty, and '0.0.0.0' can be reached from "
        "elsewhere. Set it to the webhook secret of the App, or listen on 127.0.0.1.\n",
    )


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, output = refused(tmp_path, ["serve", "--port", str(port)])
    assert status == 2
    assert output.startswith(f"plumbline: cannot listen on 127.0.0.1:{port}: ")
    assert output.count("\n") == 1


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("", "it is not set. Give the .pem that GitHub generated."),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nbm8ga2V5\n-----END RSA PRIVATE KEY-----\n",
            "it cannot be read as an RSA private key (InvalidKeyError). "
            "Give the .pem that GitHub generated, whole and without a passphrase.",
        ),
    ],
)
def test_an_app_without_a_usable_key_starts_nothing(
    tmp_path: Path, port: int, key: str, problem: str
) -> None:
    assert refused(
        tmp_path,
        ["serve", "--port", str(port), "--grace", "5"],
        PLUMBLINE_GITHUB_APP_ID="7",
        PLUMBLINE_GITHUB_PRIVATE_KEY=key,
    ) == (2, f"plumbline: PLUMBLINE_GITHUB_PRIVATE_KEY: {problem}\n")
    assert not socket_path(tmp_path / "data").exists()


def test_a_worker_without_an_app_is_one_line(tmp_path: Path) -> None:
    status, output = refused(tmp_path, ["worker"])
    assert status == 2
    assert output.startswith("plumbline: no `plumbline serve` runs on this data folder.")


def test_what_does_not_end_in_time_is_killed() -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append, grace_seconds=0.3)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); time.sleep(60)"
    )
    read, write = os.pipe()
    command = [sys.executable, "-c", f"import os; os.dup2({write}, 1); {deaf}"]
    supervisor.start(Program("deaf", command, descriptors=(write,)), "hears nothing")
    with os.fdopen(read, encoding="ascii") as heard:
        assert heard.readline() == "deaf\n"
        supervisor.stop()
    os.close(write)
    assert said[1:] == [
        "stopping; running jobs have 0.3 seconds to finish",
        "deaf: did not end in time; its job will run again",
    ]


def test_a_github_that_does_not_answer_is_told_once(tmp_path: Path, port: int) -> None:
    key = rsa.generate_private_key(65537, 2048).private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    server = Served(
        tmp_path,
        ["serve", "--port", str(port), "--grace", "5"],
        PLUMBLINE_GITHUB_APP_ID="7",
        PLUMBLINE_GITHUB_PRIVATE_KEY=key.decode(),
        PLUMBLINE_GITHUB_API_URL="http://127.0.0.1:9",
    )
    try:
        until(lambda: "PLUMBLINE_GITHUB_API_URL" in server.output(), seconds=60)
        server.process.terminate()
        server.process.wait(60)
    finally:
        server.process.kill()
    said = [line for line in server.output().splitlines() if "GitHub" in line]
    assert said == [
        "plumbline: GitHub at http://127.0.0.1:9 does not answer. Check PLUMBLINE_GITHUB_API_URL."
    ]
