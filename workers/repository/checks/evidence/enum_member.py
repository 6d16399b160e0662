"""An enum has a new member, and code that tells its other members apart does not know it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.diff import FileChange
from bot.domain.review import Fact, SourceLine
from workers.repository.checks.environment import is_code
from workers.repository.checks.inspection import Inspection
from workers.repository.snapshot import Hit
from workers.repository.test_paths import is_test_path

KIND = "enum_member"
NEAR = 25
"""Lines between two members that are told apart in one place."""
_PYTHON = re.compile(r"^class (\w+)\((?:\w+, *)?(?:enum\.)?(?:Int|Str)?(?:Enum|Flag)\):")
_BRACED = re.compile(r"\benum(?: class| struct)? (\w+)[^{;]*\{")
_PYTHON_MEMBER = re.compile(r"^    ([A-Za-z]\w*)\s*(?::[^=]+)?=")
_MEMBER = re.compile(r"^\s*(?:case\s+)?([A-Za-z]\w*)\s*(?:=[^,;]*|\([^)]*\))?\s*[,;]?\s*(?://.*)?$")


@dataclass(frozen=True, slots=True)
class _Enum:
    """One enum and its members as its lines show them."""

    name: str
    members: frozenset[str]


def unhandled_members(inspection: Inspection) -> Iterator[Fact]:
    """One fact for each enum that gained members, with the places that name two others or more."""
    grown = list(_grown(inspection))
    hits = inspection.mentions({enum.name for _, enum, _ in grown}, is_code)
    for file, enum, new in grown:
        places = tuple(
            place
            for path, lines in hits.get(enum.name, {}).items()
            if not is_test_path(path)
            for place in _told_apart(path, lines, enum, new)
        )
        if places:
            names = ", ".join(f"`{name}`" for name in sorted(new))
            text = f"`{enum.name}` gained {names}; these places tell its other members apart"
            yield Fact(KIND, text, file.path, places)


def _grown(inspection: Inspection) -> Iterator[tuple[FileChange, _Enum, frozenset[str]]]:
    for file in inspection.changed(""):
        if file.status == "deleted" or not is_code(file.path):
            continue
        old_path = file.old_path or file.path
        if "num" not in (inspection.after.text(file.path) or ""):
            continue
        before = _enums(inspection.before.lines(old_path))
        for name, members in _enums(inspection.after.lines(file.path)).items():
            new = members - before.get(name, members)
            if new:
                yield file, _Enum(name, before[name]), new


def _enums(lines: list[str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for at, text in enumerate(lines):
        python = _PYTHON.match(text)
        braced = _BRACED.search(text)
        if python:
            found[python[1]] = frozenset(_python_members(lines, at + 1))
        elif braced:
            found[braced[1]] = frozenset(_braced_members(lines, at, braced.end()))
    return found


def _python_members(lines: list[str], start: int) -> Iterator[str]:
    for text in lines[start:]:
        if text.strip() and not text.startswith((" ", "#")):
            return
        member = _PYTHON_MEMBER.match(text)
        if member and not member[1].startswith("_"):
            yield member[1]


def _braced_members(lines: list[str], start: int, column: int) -> Iterator[str]:
    """Up to the closing brace, or the `;` that ends a Java enum's list."""
    first = lines[start][column:]
    pieces = [*first.partition("}")[0].split(","), *lines[start + 1 :]]
    for piece in pieces if "}" not in first else pieces[: first.count(",") + 1]:
        if piece.strip().startswith("}"):
            return
        member = _MEMBER.match(piece)
        if member:
            yield member[1]
        if piece.rstrip().endswith(";") and "=" not in piece:
            return


def _told_apart(
    path: str, lines: list[Hit], enum: _Enum, new: frozenset[str]
) -> Iterator[SourceLine]:
    """The first line of each group of near lines that names two old members and no new one."""
    used = re.compile(rf"\b{re.escape(enum.name)}(?:\.|::|->)(\w+)")
    group: list[tuple[int, str]] = []
    for _, line, text in [*sorted(lines), ("", 10**9, f"{enum.name}.")]:
        names = [found[1] for found in used.finditer(text)]
        if group and line - group[-1][0] > NEAR:
            named = {name for _, name in group}
            if len(named & enum.members) >= 2 and not named & new:
                yield SourceLine(path, group[0][0])
            group = []
        group += [(line, name) for name in names]
