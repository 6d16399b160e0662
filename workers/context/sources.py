"""Files of the two commits as lines that may be shown to a model: decoded, redacted, visible.

Everything that a model reads of the repository passes here or through the tools, so a credential
or an invisible character is dealt with once. Line structure is kept: line 12 stays line 12.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.identifiers import Sha
from bot.ports import Code
from workers.model.redaction import redact
from workers.model.rendering import numbered, visible

_EXCERPT_CHARACTERS = 8_000


def decoded(raw: bytes) -> str | None:
    """The text of a file, or None when it is binary (holds a NUL byte in its first 8 kB)."""
    if b"\0" in raw[:8000]:
        return None
    return raw.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class SourceHit:
    """One line that holds a name, as it may be shown."""

    path: str
    line: int
    text: str


class Sources:
    """Reads files once each. `hidden` paths (the policy's `never_send`) are as if absent."""

    def __init__(self, code: Code, hidden: Callable[[str], bool]) -> None:
        self._code = code
        self._hidden = hidden
        self._lines: dict[tuple[Sha, str], tuple[str, ...] | None] = {}

    def lines(self, commit: Sha, path: str) -> tuple[str, ...] | None:
        """The file's lines without line ends; None if absent, hidden, binary or too large."""
        key = (commit, path)
        if key not in self._lines:
            self._lines[key] = self._read(commit, path)
        return self._lines[key]

    def hides(self, path: str) -> bool:
        """Whether the policy keeps this path from every model."""
        return self._hidden(path)

    def excerpt(self, commit: Sha, path: str, start: int, end: int) -> str:
        """Lines `start`..`end` (1-based, inclusive), each with its number; "" if there are none."""
        lines = self.lines(commit, path) or ()
        first = max(start, 1)
        return numbered(lines[first - 1 : end], first, _EXCERPT_CHARACTERS)

    def lines_with(self, commit: Sha, name: str) -> list[SourceHit]:
        """Lines of files that may be shown and hold the name as a whole word; capped."""
        found = self._code.grep(commit, [name])
        return [
            SourceHit(path, line, visible(redact(text)[0].rstrip("\r")))
            for path, line, text in found
            if not self._hidden(path)
        ]

    def _read(self, commit: Sha, path: str) -> tuple[str, ...] | None:
        if self._hidden(path):
            return None
        raw = self._code.read(commit, path)
        text = None if raw is None else decoded(raw)
        if text is None:
            return None
        rows = redact(text)[0].removesuffix("\n").split("\n")
        return tuple(visible(row.rstrip("\r")) for row in rows)
