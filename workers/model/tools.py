"""The read-only tools of a model: two commits of one repository, and nothing else.

Nothing that a model asks for raises: an unknown tool, bad arguments or a missing file is one clear
sentence, so that the model can do better. Results are bounded, name `path:line`, hold no
credential and nothing that the policy's `never_send` covers.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
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
from workers.model.symbol_answers import definitions_text, outline_text, references_text
from workers.model.tool_arguments import (
    TOOLS,
    At,
    FileHistory,
    FindDefinition,
    FindReferences,
    ListFiles,
    ReadFile,
    Search,
    ShowOutline,
    ToolArguments,
    tool_specs,
)
from workers.repository.companions import usual_companions
from workers.repository.references.asked_name import AskedName
from workers.repository.references.lookup import Lookup

MAX_LINES = 400
MAX_CHARACTERS = 16_000
_HEADER = 200
"""Characters kept for a part's first line and its last: else the answer's own end would be cut."""
MAX_MATCHES = 80
MAX_PATHS = 300

_PART = re.compile(r"(?P<path>.+?)(?::(?P<first>\d{1,9})(?:-(?P<last>\d{1,9}))?)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ToolRun:
    """One call answered. `text` is what the model reads."""

    text: str
    seconds: float


class Toolbox:
    """The tools over `base` and `head`. Rooms share it between threads, and what it has parsed."""

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
        self._lookups: dict[At, Lookup] = {
            at: Lookup(code, commit, never_send) for at, commit in self._commits.items()
        }
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
                text = self._read_file(arguments)
            case Search():
                text = self._search(arguments)
            case FindDefinition():
                text = self._find_definition(arguments)
            case FindReferences():
                text = self._find_references(arguments)
            case ShowOutline():
                text = self._outline(arguments)
            case ListFiles():
                text = self._list_files(arguments)
            case FileHistory():
                text = self._file_history(arguments)
            case _:
                raise AssertionError(f"no answer for {type(arguments).__name__}")
        return text

    def _read_file(self, arguments: ReadFile) -> str:
        parts = [arguments, *(_part(text, arguments.at) for text in arguments.also)]
        if len(parts) == 1:
            return self._read_part(arguments, MAX_CHARACTERS - _HEADER)
        whole = [self._read_or_say(part, MAX_CHARACTERS) for part in parts]
        room = _shares([len(text) for text in whole], MAX_CHARACTERS - len(parts) * _HEADER)
        return "\n\n".join(
            text if len(text) <= limit else self._read_or_say(part, limit)
            for part, text, limit in zip(parts, whole, room, strict=True)
        )

    def _read_or_say(self, part: ReadFile, limit: int) -> str:
        try:
            return self._read_part(part, limit)
        except _NoAnswer as error:
            return str(error)

    def _read_part(self, part: ReadFile, limit: int) -> str:
        lines = self._lines(part.path, part.at)
        first = max(1, part.start_line)
        last = min(part.end_line or len(lines), len(lines), first + MAX_LINES - 1)
        if not lines:
            return f"{part.path} at {part.at} is empty."
        if first > last:
            return f"{part.path} at {part.at} has {len(lines)} lines; ask within them."
        body = numbered(lines[first - 1 : last], first, limit)
        shown = first + body.count("\n")
        text = f"{part.path} at {part.at}, lines {first}-{shown} of {len(lines)}:\n{body}"
        wanted = min(part.end_line or shown, len(lines))
        return f"{text}\n[lines {shown + 1}-{wanted}: ask again]" if shown < wanted else text

    def _search(self, arguments: Search) -> str:
        found = self._code.search(
            self._commits[arguments.at], arguments.pattern, _folder(arguments.under), MAX_MATCHES
        )
        allowed = [Line(*entry) for entry in found if not self._never_send(entry[0])]
        withheld = len(found) - len(allowed)
        note = f"\n[{withheld} more lines are withheld by policy]" if withheld else ""
        if not allowed:
            return f"No lines match {arguments.pattern!r} at {arguments.at}.{note}"
        if not arguments.around:
            return shown_lines(allowed, MAX_MATCHES, MAX_CHARACTERS) + note
        return self._with_surroundings(allowed, arguments) + note

    def _with_surroundings(self, found: Sequence[Line], arguments: Search) -> str:
        """Stretches of each file, those that touch being one; as many as there is room for."""
        stretches = list(_stretches(found, arguments.around))
        parts: list[str] = []
        room = MAX_CHARACTERS
        for path, first, last in stretches:
            body = numbered(self._lines(path, arguments.at)[first - 1 : last], first, room)
            parts.append(f"{path}:\n{body}")
            room -= len(parts[-1])
            if room <= 0:
                break
        if len(parts) < len(stretches):
            parts.append(f"[{len(stretches) - len(parts)} more places; narrow it with `under`]")
        return "\n\n".join(parts)

    def _find_definition(self, arguments: FindDefinition) -> str:
        name, at = _symbol(arguments.name), arguments.at
        path = _inside(arguments.path) if arguments.path else ""
        found = self._lookups[at].defined(name, path)
        return definitions_text(
            arguments.name.strip(), found, at, lambda p: self._lines(p, at), MAX_CHARACTERS
        )

    def _find_references(self, arguments: FindReferences) -> str:
        name = _symbol(arguments.name)
        path = _inside(arguments.path) if arguments.path else ""
        found = self._lookups[arguments.at].references(
            name, path, _folder(arguments.under), arguments.depth
        )
        return references_text(arguments.name.strip(), found, arguments.at, MAX_CHARACTERS)

    def _outline(self, arguments: ShowOutline) -> str:
        lines = self._lines(arguments.path, arguments.at)
        outline = self._lookups[arguments.at].outline(arguments.path)
        return outline_text(arguments.path, outline, arguments.at, lines, MAX_CHARACTERS - 2_000)

    def _list_files(self, arguments: ListFiles) -> str:
        folder = _folder(arguments.under)
        paths = self._code.paths(self._commits[arguments.at], folder)
        if not paths:
            raise _NoAnswer(f"There is no folder {arguments.under!r} at {arguments.at}.")
        named = [path for path in paths if arguments.name in path]
        if not named:
            raise _NoAnswer(f"None of {len(paths)} paths holds {arguments.name!r}.")
        shown = [
            f"{path} (withheld by policy)" if self._never_send(path) else path
            for path in named[:MAX_PATHS]
        ]
        if len(named) > MAX_PATHS:
            shown.append(f"[{len(named) - MAX_PATHS} more files; name a folder below]")
        return "\n".join(shown)

    def _file_history(self, arguments: FileHistory) -> str:
        self._allow(arguments.path)
        commits = self._code.history(_inside(arguments.path))
        if not commits:
            return f"No commit before this change touched {arguments.path!r}."
        usual = usual_companions(arguments.path, self._code.past_changes())
        shown = (f"{other.companion} ({other.together} of {other.commits})" for other in usual)
        together = f"usually changed with it: {', '.join(shown)}" if usual else ""
        return "\n".join(filter(None, (*(line[:200] for line in commits), together)))

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


def _shares(sizes: Sequence[int], room: int) -> list[int]:
    """How much of the room each may have: what the short ones leave is the long ones'."""
    shares = [0] * len(sizes)
    for waiting, at in zip(
        range(len(sizes), 0, -1), sorted(range(len(sizes)), key=sizes.__getitem__), strict=True
    ):
        shares[at] = min(sizes[at], room // waiting)
        room -= shares[at]
    return shares


def _part(text: str, at: At) -> ReadFile:
    """`path` or `path:10-40` as a question of its own."""
    found = _PART.fullmatch(text)
    if found is None:
        raise _NoAnswer(f"{text[:200]!r} is no part of a file; write `path` or `path:10-40`.")
    first = int(found["first"] or 1)
    last = found["last"] or found["first"]
    end = int(last) if last else None
    return ReadFile(path=found["path"], start_line=first, end_line=end, at=at)


def _stretches(found: Sequence[Line], around: int) -> Iterator[tuple[str, int, int]]:
    """(path, first, last) of the lines around matches; matches come in the order of the file."""
    path, first, last = "", 0, -1
    for match in found:
        if match.path == path and match.line - around <= last + 1:
            last = match.line + around
            continue
        if path:
            yield path, first, last
        path, first, last = match.path, max(1, match.line - around), match.line + around
    if path:
        yield path, first, last


def _symbol(text: str) -> AskedName:
    """A name as it may be asked for, with its owners. Raises _NoAnswer for any other text."""
    name = AskedName.of(text)
    if name is None:
        raise _NoAnswer(f"{text[:80]!r} is not the name of a symbol; try `search`.")
    return name
