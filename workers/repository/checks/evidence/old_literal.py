"""A text in quotes was changed, and the old one is still written elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.diff import FileChange, Hunk
from bot.domain.review import Fact, SourceLine
from workers.repository.checks.environment import is_code
from workers.repository.checks.inspection import Inspection
from workers.repository.file_kinds import file_kind

KIND = "old_literal"
LITERALS = 30
MOST_PLACES = 8
_LITERAL = re.compile(r"""(["'`])((?:(?!\1)[^\\\n]){8,120})\1""")
_WORD = re.compile(r"\w{3,}")


def old_literals(inspection: Inspection) -> Iterator[Fact]:
    """One fact for each literal that left its file and stands, whole and in quotes, in others."""
    gone = list(_gone(inspection))[:LITERALS]
    words = {literal: max(_WORD.findall(literal), key=len) for _, literal in gone}
    hits = inspection.mentions(words.values(), is_code)
    for file, literal in gone:
        places = [
            SourceLine(path, line)
            for path, lines in hits.get(words[literal], {}).items()
            for _, line, text in lines
            if any(found[2] == literal for found in _LITERAL.finditer(text))
        ]
        if 0 < len(places) <= MOST_PLACES:
            text = f'the text "{literal}" was changed in {file.path}, and is still written here'
            yield Fact(KIND, text, file.path, tuple(places))


def _gone(inspection: Inspection) -> Iterator[tuple[FileChange, str]]:
    for file in inspection.changed(""):
        if file.status == "deleted" or not is_code(file.path) or file_kind(file) != "source":
            continue
        seen: set[str] = set()
        for hunk in file.hunks:
            for literal in _replaced(hunk):
                if literal not in seen and literal not in (inspection.after.text(file.path) or ""):
                    seen.add(literal)
                    yield file, literal


def _replaced(hunk: Hunk) -> Iterator[str]:
    """The literals of removed lines in a hunk that adds other ones."""
    texts = {kind: [line.text for line in hunk.lines if line.kind == kind] for kind in "+-"}
    added = {found[2] for text in texts["+"] for found in _LITERAL.finditer(text)}
    for text in texts["-"] if added else ():
        for found in _LITERAL.finditer(text):
            if found[2] not in added and _WORD.search(found[2]) and " " in found[2].strip():
                yield found[2]
