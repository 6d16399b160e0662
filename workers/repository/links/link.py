"""A string that ties files together where no call or import does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.domain.diff import FileChange

LinkKind = Literal["setting", "route", "template", "table", "column", "name"]
LinkChange = Literal["added", "removed", "touched"]
Role = Literal["defines", "reads", "names", "tests", "documents"]

LONGEST_LINE = 400
"""Of a line only this much is looked at: longer ones are data, and nobody ties files by them."""
_STRING = re.compile(r"""(["'`])((?:\\.|(?!\1)[^\\\n]){1,200})\1""")
_PLAIN_STRING = re.compile(r"""(["'])((?:\\.|(?!\1)[^\\\n]){1,200})\1""")
_BACKTICKS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".go", ".vue", ".svelte")


@dataclass(frozen=True, slots=True)
class Key:
    """A string on a changed line that other files may hold.

    `word` is what is looked for, as a whole word. `specific`: so long and shaped that two files
    hardly hold it by chance. `line` is the base's for a removed key, else the head's.
    """

    kind: LinkKind
    word: str
    change: LinkChange
    path: str
    line: int
    specific: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A line elsewhere that holds the key, and what it seems to do with it."""

    path: str
    line: int
    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class Link:
    """A key and the places that hold it, the nearest first; `more` counts those that were cut.

    T2: the key is specific; T3: the match may be chance. `detail` says what does not fit, if
    plain code sees it.
    """

    key: Key
    tier: Literal["T2", "T3"]
    places: tuple[Place, ...]
    more: int = 0
    detail: str = ""

    @property
    def said(self) -> str:
        """The fact in one line, without the places."""
        key = self.key
        state = {"removed": "is removed here but still stands", "added": "is new here and stands"}
        sure = "" if self.tier == "T2" else ", perhaps by chance"
        more = f", and in {self.more} more places" if self.more else ""
        detail = f"; {self.detail}" if self.detail else ""
        return (
            f"{key.kind} `{key.word}` ({key.path}:{key.line}) "
            f"{state.get(key.change, 'is touched here and stands')} elsewhere{sure}{more}{detail}"
        )

    def __str__(self) -> str:
        """The fact with its places and what they do."""
        places = ", ".join(f"{place.path}:{place.line} {place.role}" for place in self.places)
        return f"{self.said}: {places}"


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """An added or removed line of a file."""

    path: str
    line: int
    text: str
    added: bool


def changed_lines(file: FileChange) -> Iterator[ChangedLine]:
    """The added and the removed lines, cut to a bounded length."""
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.kind == "+" and line.new is not None:
                yield ChangedLine(file.path, line.new, line.text[:LONGEST_LINE], True)
            elif line.kind == "-" and line.old is not None:
                path = file.old_path or file.path
                yield ChangedLine(path, line.old, line.text[:LONGEST_LINE], False)


def strings_in(path: str, text: str) -> Iterator[str]:
    """What stands between quotes on a line. Where backticks mark code in prose, they are none."""
    pattern = _STRING if path.endswith(_BACKTICKS) else _PLAIN_STRING
    for found in pattern.finditer(text[:LONGEST_LINE]):
        yield found[2]
