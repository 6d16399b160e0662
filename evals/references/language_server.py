"""The references that a language server finds.

https://microsoft.github.io/language-server-protocol/
"""

from __future__ import annotations

import json
import os
import queue
import shlex
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlparse

ANSWER_SECONDS = 120
_ASKED_AGAIN = 6
_ASKED_AT_FIRST = 60
"""The answers of a server that still reads the project are empty or incomplete."""
_PAUSE_SECONDS = 0.5
_IDS = {".py": "python", ".ts": "typescript", ".tsx": "typescriptreact", ".js": "javascript"}


class LanguageServer:
    """A server over one working copy, spoken to on its standard input and output."""

    def __init__(self, command: str, folder: Path) -> None:
        self._folder = folder.resolve()
        self._process = subprocess.Popen(
            shlex.split(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
        )
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._asked = 0
        self._ready = False
        self._open: set[str] = set()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        root = self._folder.as_uri()
        folders = [{"uri": root, "name": "project"}]
        able = {"workspace": {"configuration": True, "workspaceFolders": True}}
        start = {"processId": os.getpid(), "rootUri": root, "capabilities": able}
        self._ask("initialize", {**start, "workspaceFolders": folders})
        self._send({"method": "initialized", "params": {}})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def references(self, path: str, line: int, column: int) -> set[tuple[str, int]]:
        """(path, 1-based line) of every use of the name there, asked until the answer stays.

        Raises TimeoutError when the server does not answer.
        """
        self._show(path)
        place = {"line": line - 1, "character": column}
        question = {
            "textDocument": {"uri": (self._folder / path).as_uri()},
            "position": place,
            "context": {"includeDeclaration": False},
        }
        before: set[tuple[str, int]] = set()
        for _ in range(_ASKED_AGAIN if self._ready else _ASKED_AT_FIRST):
            found = {self._place(each) for each in self._ask("textDocument/references", question)}
            if found and found == before:
                self._ready = True
                break
            before = found
            time.sleep(_PAUSE_SECONDS)
        return before

    def _place(self, found: Mapping[str, Any]) -> tuple[str, int]:
        path = Path(unquote(urlparse(found["uri"]).path))
        return os.path.relpath(path, self._folder), found["range"]["start"]["line"] + 1

    def _show(self, path: str) -> None:
        if path in self._open:
            return
        self._open.add(path)
        file = self._folder / path
        shown = {"uri": file.as_uri(), "languageId": _IDS.get(file.suffix, ""), "version": 1}
        text = file.read_text("utf-8", "replace")
        self._send(
            {
                "method": "textDocument/didOpen",
                "params": {"textDocument": {**shown, "text": text}},
            }
        )

    def _ask(self, method: str, params: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as it answers
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while True:
            try:
                answer = self._answers.get(timeout=ANSWER_SECONDS)
            except queue.Empty as error:
                raise TimeoutError(f"{method}: no answer in {ANSWER_SECONDS} s") from error
            if answer["id"] == self._asked:
                return answer.get("result") or []

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        pipe = self._process.stdin
        if pipe is None:
            raise RuntimeError("the server was started without pipes")
        pipe.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        pipe.flush()

    def _listen(self) -> None:
        pipe = self._process.stdout
        if pipe is None:
            raise RuntimeError("the server was started without pipes")
        length = 0
        while header := pipe.readline():
            if header.lower().startswith(b"content-length:"):
                length = int(header.partition(b":")[2])
            elif header == b"\r\n":
                self._take(json.loads(pipe.read(length)))

    def _take(self, message: dict[str, Any]) -> None:
        """Keep an answer; the server's own questions get empty settings."""
        if "method" not in message:
            self._answers.put(message)
        elif "id" in message:
            items = message.get("params", {}).get("items", [])
            self._send({"id": message["id"], "result": [{} for _ in items]})
