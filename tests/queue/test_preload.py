"""What a worker imports before its first job: all that one needs, nothing that none does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.fakes.openai_server import OpenAIServer, says

_JOB = """
import json, sys
from pathlib import Path
from workers.queue.worker import preload

preload(model=True)
before = set(sys.modules)

from bot.domain.conversation import Message, ModelRequest
from bot.settings import ModelSettings
from bot.store.database import open_database
from bot.store.records import SqlRecords
from workers.bootstrap import open_model

assert SqlRecords(open_database("", Path(sys.argv[1]))).review("none") is None
model = open_model(ModelSettings(model="m", base_url=sys.argv[2]))
request = ModelRequest("hunt", "saying it", (Message("user", "Say it."),))
assert model.complete(request).text == "said"
print(json.dumps([sorted(before), sorted(set(sys.modules) - before)]))
"""

_FOREIGN = {
    "click",
    "fastapi",
    "psycopg",
    "pygments",
    "rich",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.orm",
    "starlette",
    "uvicorn",
}
"""Of the terminal, the receiver, and of databases that are not used: megabytes for nothing."""


def test_no_job_waits_for_an_import(tmp_path: Path) -> None:
    with OpenAIServer(lambda _: says("said")) as server:
        command = [sys.executable, "-c", _JOB, str(tmp_path), server.url]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    before, added = json.loads(done.stdout)

    assert _FOREIGN & set(before) == set()
    assert added == []


_COMMANDS = """
import json, sys
from pathlib import Path
from bot.settings import GitHubSettings, ModelSettings, Settings
from workers.bootstrap import open_world
from workers.queue.worker import preload

preload(model=False)
github = GitHubSettings(app_id=1, private_key=sys.argv[2])
settings = Settings(
    ModelSettings(model="m"), github, "redis://nowhere", "", Path(sys.argv[1]), "", 1, ""
)
assert open_world(settings).jobs.model is not None
print(json.dumps(sorted(sys.modules)))
"""


def test_a_worker_that_asks_no_model_does_not_load_what_asks_one(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048).private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    command = [sys.executable, "-c", _COMMANDS, str(tmp_path), key.decode()]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)

    assert {"openai", "httpx", "tree_sitter"} & set(json.loads(done.stdout)) == set()
