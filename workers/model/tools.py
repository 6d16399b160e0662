"""The read-only tools of a model: two commits of one repository, and nothing else.

Nothing that a model asks for raises: an unknown tool, bad arguments or a missing file is one clear
sentence, so that the model can do better. Results are bounded, name `path:line`, hold no
credential and nothing that the policy's `never_send` covers.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from subprocess import SubprocessError

from pydantic import ValidationError

from bot.domain.conversation import ToolCall, ToolSpec
from bot.domain.identifiers import Sha
from bot.errors import PlumblineError, Superseded
from bot.ports import Code
from workers.model.reading import Unreadable, problems_of, read_json
from workers.model.redaction import redact
from workers.model.rendering import Line, numbered, shown_lines, visible
from workers.model.tool_arguments import (
    TOOLS,
    At,
    FileHistory,
    FindDefinition,
    FindReferences,
    ListFiles,
    ReadFile,
    Search,
    ToolArguments,
    tool_specs,
)

MAX_LINES = 400
MAX_CHARACTERS = 16_000
MAX_MATCHES = 80
MAX_DEFINITIONS = 6
MAX_PATHS = 300
DEFINITION_LINES = 14

_DEFINES = (
    r"\b(?:def|class|func|function|fn|struct|interface|type|enum|trait|const|let|var|val|module"
    r"|namespace|record|object|macro|define|impl|static|public|private|protected)\b"
    r"(?:\s*\([^)]*\))?[^=;(]*?(?<!\w){name}(?!\w)"  # in brackets: a receiver of Go
)
_ASSIGNS = r"^\s*(?:export\s+)?{name}\s*(?::[^=]+)?(?::=|=(?!=)|:\s*$)"


@dataclass(frozen=True, slots=True)
class ToolRun:
    """One call answered. `text` is what the model reads."""

    text: str
    seconds: float


class Toolbox:
    """The tools over `base` and `head`. Holds no state: rooms may share it between threads."""

    def __init__(
        self,
        code: Code,
        base: Sha,
        head: Sha,
        never_send: Callable[[str], bool] = lambda _path: False,
    ) -> None:
        """`never_send` says of a path whether the policy keeps its content from models."""
        self._code = code
        self._commits: dict[At, Sha] = {"base": base, "head": head}
        self._never_send = never_send
        self._specs = tool_specs()

    def specs(self) -> tuple[ToolSpec, ...]:
        """The tools on offer, always the same and in the same order."""
        return self._specs

    def run(self, call: ToolCall) -> str:
        """The answer to a call. Raises only Superseded."""
        return self.timed_run(call).text

    def timed_run(self, call: ToolCall) -> ToolRun:
        """The answer to a call with the time it took. Raises only Superseded."""
        started = time.monotonic()
        try:
            text = self._answer(_arguments(call))
        except _NoAnswer as error:
            text = str(error)
        except Superseded:
            raise
        except (PlumblineError, SubprocessError, OSError, ValueError) as error:
            text = f"{call.name} failed: {' '.join(str(error).split())[:300]}"
        clean, _ = redact(text)
        return ToolRun(visible(clean), time.monotonic() - started)

    def same_call_key(self, call: ToolCall) -> str:
        """Equal for calls that ask for the same, however their JSON is written."""
        try:
            return _arguments(call).model_dump_json()
        except _NoAnswer:
            return call.arguments

    def _answer(self, arguments: ToolArguments) -> str:
        match arguments:
            case ReadFile():
                return self._read_file(arguments)
            case Search():
                return self._search(arguments)
            case FindDefinition():
                return self._find_definition(arguments)
            case FindReferences():
                return self._find_references(arguments)
            case ListFiles():
                return self._list_files(arguments)
            case FileHistory():
                return self._file_history(arguments)
            case _:
                raise AssertionError(f"no answer for {type(arguments).__name__}")

    def _read_file(self, arguments: ReadFile) -> str:
        lines = self._lines(arguments.path, arguments.at)
        first = max(1, arguments.start_line)
        last = min(arguments.end_line or len(lines), len(lines), first + MAX_LINES - 1)
        if not lines:
            return f"{arguments.path} at {arguments.at} is empty."
        if first > last:
            return f"{arguments.path} at {arguments.at} has {len(lines)} lines; ask within them."
        body = numbered(lines[first - 1 : last], first, MAX_CHARACTERS)
        shown = first + body.count("\n")
        head = f"{arguments.path} at {arguments.at}, lines {first}-{shown} of {len(lines)}:\n"
        return head + body

    def _search(self, arguments: Search) -> str:
        found = self._code.search(
            self._commits[arguments.at], arguments.pattern, _folder(arguments.under), MAX_MATCHES
        )
        return self._matches(found, f"match {arguments.pattern!r}", arguments.at)

    def _find_references(self, arguments: FindReferences) -> str:
        commit, name = self._commits[arguments.at], _bare(arguments.name)
        found = self._code.grep(commit, [name], _folder(arguments.under))
        return self._matches(found, f"name {name!r}", arguments.at)

    def _find_definition(self, arguments: FindDefinition) -> str:
        name = _bare(arguments.name)
        wanted = re.compile(f"{_DEFINES}|{_ASSIGNS}".replace("{name}", re.escape(name)))
        found = [
            (path, line)
            for path, line, text in self._code.grep(self._commits[arguments.at], [name])
            if not self._never_send(path) and wanted.search(text[:400])
        ]
        if not found:
            return f"No definition of {name!r} was recognised at {arguments.at}; try `search`."
        parts = [self._excerpt(path, line, arguments.at) for path, line in found[:MAX_DEFINITIONS]]
        if len(found) > MAX_DEFINITIONS:
            parts.append(f"[{len(found) - MAX_DEFINITIONS} more places look like definitions]")
        return "\n\n".join(parts)

    def _excerpt(self, path: str, line: int, at: At) -> str:
        lines = self._lines(path, at)[line - 1 : line - 1 + DEFINITION_LINES]
        body = numbered(lines, line, MAX_CHARACTERS // MAX_DEFINITIONS)
        return f"{path}:{line} at {at}:\n{body}"

    def _list_files(self, arguments: ListFiles) -> str:
        folder = _folder(arguments.under)
        paths = self._code.paths(self._commits[arguments.at], folder)
        if not paths:
            raise _NoAnswer(f"There is no folder {arguments.under!r} at {arguments.at}.")
        shown = [
            f"{path} (withheld by policy)" if self._never_send(path) else path
            for path in paths[:MAX_PATHS]
        ]
        if len(paths) > MAX_PATHS:
            shown.append(f"[{len(paths) - MAX_PATHS} more files; name a folder below]")
        return "\n".join(shown)

    def _file_history(self, arguments: FileHistory) -> str:
        self._allow(arguments.path)
        commits = self._code.history(_inside(arguments.path))
        if not commits:
            return f"No commit before this change touched {arguments.path!r}."
        return "\n".join(line[:200] for line in commits)

    def _lines(self, path: str, at: At) -> list[str]:
        """A text file's lines, redacted whole: a key's first line may lie outside of an excerpt."""
        self._allow(path)
        data = self._code.read(self._commits[at], _inside(path))
        if data is None:
            raise _NoAnswer(self._why_absent(path, at))
        if b"\0" in data[:8_000]:
            raise _NoAnswer(f"{path} is a binary file of {len(data)} bytes.")
        text, _ = redact(data.decode("utf-8", "replace"))
        return text.removesuffix("\n").split("\n") if text else []

    def _allow(self, path: str) -> None:
        if self._never_send(path):
            raise _NoAnswer(f"{path} is withheld: the repository's policy sends it to no model.")

    def _why_absent(self, path: str, at: At) -> str:
        paths = self._code.paths(self._commits[at])
        if path in paths:
            return f"{path} at {at} cannot be shown: it is too large, or not a regular file."
        if any(other.startswith(f"{path.rstrip('/')}/") for other in paths):
            return f"{path} is a folder; use list_files."
        name = path.rsplit("/", 1)[-1]
        near = [other for other in paths if other.rsplit("/", 1)[-1] == name][:5]
        hint = f" Files of that name: {', '.join(near)}." if near else ""
        return f"There is no file {path!r} at {at}.{hint}"

    def _matches(self, found: Sequence[tuple[str, int, str]], what: str, at: At) -> str:
        allowed = [Line(*entry) for entry in found if not self._never_send(entry[0])]
        withheld = len(found) - len(allowed)
        note = f"\n[{withheld} more lines are withheld by policy]" if withheld else ""
        if not allowed:
            return f"No lines {what} at {at}.{note}"
        return shown_lines(allowed, MAX_MATCHES, MAX_CHARACTERS) + note


class _NoAnswer(Exception):
    """The one sentence that a model gets instead of a result."""


def _arguments(call: ToolCall) -> ToolArguments:
    kind = TOOLS.get(call.name)
    if kind is None:
        raise _NoAnswer(f"There is no tool {call.name[:60]!r}; the tools are {', '.join(TOOLS)}.")
    try:
        return kind.model_validate(read_json(call.arguments or "{}"))
    except Unreadable as error:
        raise _NoAnswer(f"{call.name}: the arguments cannot be read: {error}.") from error
    except ValidationError as error:
        problems = "; ".join(problems_of(error))
        raise _NoAnswer(f"{call.name}: the arguments do not fit: {problems}.") from error


def _inside(path: str) -> str:
    """A path within the repository; anything else names no file there."""
    parts = path.split("/")
    if not path or "\0" in path or "\\" in path or {"", ".", "..", ".git"} & set(parts):
        raise _NoAnswer(f"There is no file {path[:200]!r} in this repository.")
    return path


def _folder(under: str) -> str:
    trimmed = under.removeprefix("./").strip("/") if not under.startswith("/") else under
    return "" if trimmed in ("", ".") else _inside(trimmed)


def _bare(name: str) -> str:
    bare: str = re.split(r"\.|::|#|->", name.strip().removesuffix("()"))[-1]
    if not re.fullmatch(r"[^\W\d][\w$]{0,199}|\$\w{1,199}", bare):
        raise _NoAnswer(f"{name[:80]!r} is not the name of a symbol; try `search`.")
    return bare
