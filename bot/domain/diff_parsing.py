"""`git diff-tree --raw -p` text to a ChangeSet; pure.

The raw lines name every changed path, in order; the patch follows with one section for each of
them (two where a file became a link, or the reverse), in the same order. So no path is ever read
out of the patch, and lines of a hunk are counted by its header, never guessed from their text:
file content cannot pass for structure. Paths must be quoted (`core.quotePath=true`, no `-z`).
https://git-scm.com/docs/diff-format
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal
from unicodedata import category

from bot.domain.diff import ChangeSet, ContentKind, DiffLine, FileChange, FileStatus, Hunk
from bot.domain.identifiers import BlobId, Sha

_STATUS: dict[str, FileStatus] = {
    "A": "added",
    "M": "modified",
    "D": "deleted",
    "R": "renamed",
    "C": "copied",
    "T": "type_changed",
}
_KINDS: dict[bytes, Literal[" ", "+", "-"]] = {b" ": " ", b"+": "+", b"-": "-"}
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(?: (.*))?", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_CONTROLS = {
    b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v",
}  # fmt: skip


class DiffError(ValueError):
    """The text is not what git prints; the line is named."""


@dataclass(frozen=True, slots=True)
class DiffCaps:
    """What of a change is kept. Beyond a cap a file stays listed, `truncated`, with a note."""

    files: int = 3_000
    lines: int = 100_000
    file_lines: int = 20_000
    line_characters: int = 10_000


@dataclass(frozen=True, slots=True)
class _Section:
    hunks: tuple[Hunk, ...]
    binary: bool
    submodule: bool


def parse_diff(
    raw: bytes, base: Sha, head: Sha, caps: DiffCaps | None = None, complete: bool = True
) -> ChangeSet:
    """All changed files with their hunks.

    Args:
        raw: what `git diff-tree -r --raw -p --full-index BASE HEAD` printed.
        base: the merge base.
        head: the head.
        caps: what is kept of a large change; what is cut is said in the notes.
        complete: False when `raw` is only the beginning of the output; a file without a whole
            patch is then listed, `truncated`. The list of files itself must be whole.

    Raises:
        DiffError: the text is not such output.
    """
    caps = caps or DiffCaps()
    lines = _Lines(raw if complete else _whole_sections(raw))
    listed = list(_raw_entries(lines))
    files: list[FileChange] = []
    budget = caps.lines
    for number, change in enumerate(listed):
        wanted = 2 if change.status == "type_changed" else 1
        sections = [_section(lines) for _ in range(wanted) if complete or lines.left()]
        if len(sections) < wanted:
            files.append(replace(change, truncated=True))
            continue
        allowed = min(budget, caps.file_lines) if number < caps.files else 0
        kept = _cut(_with_sections(change, sections), allowed, caps.line_characters)
        budget -= kept.additions + kept.deletions
        files.append(kept)
    if lines.left():
        raise DiffError(f"unexpected text after the last file: {lines.peek()[:80]!r}")
    return ChangeSet(base, head, tuple(files), _notes(files, caps))


def _whole_sections(raw: bytes) -> bytes:
    """The text without its last section, which was cut. No hunk's line starts with `diff`."""
    listed = raw.find(b"\n\n") + 2
    if listed < 2:
        raise DiffError("the list of files itself was cut")
    last = raw.rfind(b"\ndiff --git ", listed - 1)
    return raw[: max(last + 1, listed)]


def decode_path(raw: bytes) -> str:
    r"""A path as text on one line.

    What is not UTF-8, breaks a line, is invisible or turns the direction of writing appears as
    `\xff`, `\n` or `\u202e`: a name forges no line of a page or a prompt, and any text can hold it.
    """
    text = raw.decode("utf-8", "backslashreplace")
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(char) for char in text)


def _escaped(char: str) -> str:
    if char == "\t" or category(char) not in _UNSEEN:
        return char
    return char.encode("unicode_escape").decode("ascii")


class _Lines:
    """The text, line by line; the last line feed ends a line and starts none."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def left(self) -> bool:
        return self._at < len(self._raw)

    def peek(self) -> bytes:
        end = self._raw.find(b"\n", self._at)
        return self._raw[self._at : len(self._raw) if end < 0 else end]

    def take(self) -> bytes:
        line = self.peek()
        self._at += len(line) + 1
        return line

    def starts(self, *prefixes: bytes) -> bool:
        return self.left() and self._raw.startswith(prefixes, self._at)


def _raw_entries(lines: _Lines) -> Iterator[FileChange]:
    while lines.starts(b":"):
        yield _raw_entry(lines.take())
    if lines.left() and lines.take() != b"":
        raise DiffError("no empty line stands between the list of files and the patch")


def _raw_entry(line: bytes) -> FileChange:
    about, *paths = line[1:].split(b"\t")
    fields = about.decode("ascii", "replace").split(" ")
    letter = fields[4][:1] if len(fields) == 5 else ""
    status = _STATUS.get(letter)
    if status is None or len(paths) != (2 if letter in "RC" else 1):
        raise DiffError(f"not a line of the list of files: {line[:200]!r}")
    old_mode, new_mode, old_blob, new_blob = fields[:4]
    mode = old_mode if status == "deleted" else new_mode
    return FileChange(
        path=decode_path(_unquote(paths[-1])),
        old_path=None if status == "added" else decode_path(_unquote(paths[0])),
        status=status,
        kind=_kind(mode),
        old_mode=None if status == "added" else old_mode,
        new_mode=None if status == "deleted" else new_mode,
        old_blob=None if status == "added" else BlobId(old_blob),
        new_blob=None if status == "deleted" else BlobId(new_blob),
    )


def _kind(mode: str) -> ContentKind:
    return "submodule" if mode == "160000" else "symlink" if mode == "120000" else "text"


def _unquote(path: bytes) -> bytes:
    if not (path.startswith(b'"') and path.endswith(b'"') and len(path) > 1):
        return path
    return _ESCAPE.sub(_unescape, path[1:-1])


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match.group(1)
    if len(code) == 3:
        return bytes([int(code, 8)])
    return _CONTROLS.get(code, code)


def _section(lines: _Lines) -> _Section:
    if not lines.starts(b"diff --git "):
        raise DiffError(f"a file's patch is missing at {lines.peek()[:80]!r}")
    lines.take()
    binary = submodule = False
    hunks: list[Hunk] = []
    while lines.left() and not lines.starts(b"diff --git "):
        if lines.starts(b"@@ "):
            hunks.append(_hunk(lines))
            continue
        line = lines.take()
        binary = binary or line.startswith(b"Binary files ")
        submodule = submodule or _names_submodule(line)
    return _Section(tuple(hunks), binary, submodule)


def _names_submodule(line: bytes) -> bool:
    mode_lines = (b"index ", b"new file mode ", b"deleted file mode ", b"new mode ")
    return line.startswith(mode_lines) and line.endswith(b" 160000")


def _hunk(lines: _Lines) -> Hunk:
    header = lines.take()
    match = _HUNK.fullmatch(header)
    if match is None:
        raise DiffError(f"not a hunk's header: {header[:200]!r}")
    old_start, new_start = int(match[1]), int(match[3])
    old_count = 1 if match[2] is None else int(match[2])
    new_count = 1 if match[4] is None else int(match[4])
    body = tuple(_hunk_lines(lines, old_start, old_count, new_start, new_count))
    return Hunk(old_start, old_count, new_start, new_count, _text(match[5] or b""), body)


def _hunk_lines(
    lines: _Lines, old: int, old_count: int, new: int, new_count: int
) -> Iterator[DiffLine]:
    old_end, new_end = old + old_count, new + new_count
    while old < old_end or new < new_end:
        line = lines.take() if lines.left() else b""
        kind = _KINDS.get(line[:1])
        if kind is None:
            raise DiffError(f"a hunk ends early, at {line[:200]!r}")
        bare = lines.starts(b"\\ ") and bool(lines.take())
        in_old, in_new = kind != "+", kind != "-"
        numbers = (old if in_old else None, new if in_new else None)
        yield DiffLine(kind, *numbers, _text(line[1:]), bare)
        old += in_old
        new += in_new


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _with_sections(change: FileChange, sections: list[_Section]) -> FileChange:
    hunks = tuple(hunk for part in sections if not part.submodule for hunk in part.hunks)
    binary = change.kind == "text" and sections[-1].binary
    return replace(change, hunks=hunks, kind="binary" if binary else change.kind)


def _cut(change: FileChange, allowed: int, characters: int) -> FileChange:
    """The change with at most `allowed` changed lines, each of at most so many characters."""
    hunks: list[Hunk] = []
    for hunk in change.hunks:
        kept = _first_lines(hunk, max(allowed, 0))
        allowed -= sum(line.kind != " " for line in hunk.lines)
        if kept.lines:
            hunks.append(_shorten(kept, characters))
    whole = tuple(hunks) == change.hunks
    return change if whole else replace(change, hunks=tuple(hunks), truncated=True)


def _first_lines(hunk: Hunk, changed: int) -> Hunk:
    """The hunk up to its line number `changed` + 1 that is not context, with counts to match."""
    kept: list[DiffLine] = []
    for line in hunk.lines:
        changed -= line.kind != " "
        if changed < 0:
            break
        kept.append(line)
    else:
        return hunk
    lines = tuple(kept) if any(line.kind != " " for line in kept) else ()
    old_count = sum(line.kind != "+" for line in lines)
    new_count = sum(line.kind != "-" for line in lines)
    return replace(hunk, old_count=old_count, new_count=new_count, lines=lines)


def _shorten(hunk: Hunk, characters: int) -> Hunk:
    if all(len(line.text) <= characters for line in hunk.lines):
        return hunk
    lines = tuple(replace(line, text=line.text[:characters]) for line in hunk.lines)
    return replace(hunk, lines=lines)


def _notes(files: list[FileChange], caps: DiffCaps) -> tuple[str, ...]:
    cut = [change.path for change in files if change.truncated]
    if not cut:
        return ()
    names = ", ".join(repr(path) for path in cut[:5]) + (", ..." if len(cut) > 5 else "")
    return (
        f"{len(cut)} of {len(files)} changed files are not shown whole ({names}): at most"
        f" {caps.files} files, {caps.lines} changed lines, {caps.file_lines} a file and"
        f" {caps.line_characters} characters a line are read.",
    )
