"""`python -m evals references`: our sites are held against a language server's."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from evals.references import main

SERVER = """
import json, pathlib, re, sys

def read():
    length = 0
    for header in sys.stdin.buffer:
        if header == b"\\r\\n":
            return json.loads(sys.stdin.buffer.read(length))
        length = int(header.split(b":")[1])

def send(message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
    sys.stdout.buffer.flush()

while message := read():
    if message.get("method") == "initialize":
        send({"id": "s1", "method": "workspace/configuration", "params": {"items": [{}]}})
        send({"id": message["id"], "result": {}})
    elif message.get("method") == "textDocument/references":
        found = []
        for path in sorted(pathlib.Path.cwd().glob("*.py")):
            for number, text in enumerate(path.read_text().splitlines()):
                if re.search(r"\\brun\\b", text):
                    place = {"start": {"line": number, "character": 0}}
                    found.append({"uri": path.as_uri(), "range": place})
        send({"id": message["id"], "result": found})
"""
"""It takes every line with the word for a reference."""


def test_differences_and_shares_are_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "server.py").write_text(SERVER)
    (folder / "a.py").write_text("def run(): pass\n\n__all__ = ['run']\n")
    (folder / "b.py").write_text("from a import run\nrun()\nother.run()\n")
    for command in ("init -q", "add .", "-c user.name=a -c user.email=a@b commit -qm first"):
        subprocess.run(["git", *command.split()], cwd=folder, check=True)
    server = shlex.join([sys.executable, str(tmp_path / "server.py")])

    assert main(["--repo", str(folder), "--server", server]) == 0

    assert capsys.readouterr().out == (
        "- run b.py:3 other.run()\n"
        "\n"
        "| | symbols | uses | T1 right | T2 right | found |\n"
        "|---|---|---|---|---|---|\n"
        "| top level | 1 | 3 | 2 of 2 (1.000) | none | 2 of 3 (0.667) |\n"
        "| members | 0 | 0 | none | none | none |\n"
    )
