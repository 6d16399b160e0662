"""`plumbline` as a process of its own, for tests that look at what a person would see of it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Served:
    """One `plumbline` process, its output in a file."""

    def __init__(self, folder: Path, arguments: list[str], **environment: str) -> None:
        self.folder = folder
        self._output = folder / "output"
        command = [sys.executable, "-c", "from workers.cli.main import main; main()", *arguments]
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                env={
                    **os.environ,
                    "PLUMBLINE_DATA_DIR": str(folder / "data"),
                    "PYTHONUNBUFFERED": "1",
                    **environment,
                },
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def output(self) -> str:
        """What it said, with numbers of processes left out."""
        text = self._output.read_text(encoding="utf-8")
        return re.sub(r"pid \d+", "pid N", text).replace(str(self.folder), "FOLDER")

    def pid_of(self, name: str) -> int:
        """The process that was started first under a name."""
        found = re.search(rf"plumbline: {name}: .*\(pid (\d+)\)", self._output.read_text())
        assert found is not None
        return int(found[1])


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
