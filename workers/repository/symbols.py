"""Which definitions a change adds, removes, renames or edits. Pure: two outlines and a diff in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.domain.diff import FileChange
from workers.repository.graph import SymbolChangeKind
from workers.repository.outline import Outline, OutlinedDefinition

RENAME_SIMILARITY = 0.6
_VALUES = ("variable", "constant", "field")


@dataclass(frozen=True, slots=True)
class FileSide:
    """One side of a changed file: its outline and its lines."""

    outline: Outline
    lines: tuple[str, ...]

    def body(self, entry: OutlinedDefinition) -> str:
        """A definition's text with its own name blanked, so that a rename compares equal."""
        text = "\n".join(self.lines[entry.line - 1 : entry.end_line])
        return re.sub(rf"\b{re.escape(entry.simple)}\b", "\0", text)


@dataclass(frozen=True, slots=True)
class SymbolEdit:
    """One definition's change within one file."""

    change: SymbolChangeKind
    before: OutlinedDefinition | None
    after: OutlinedDefinition | None


def symbol_edits(change: FileChange, before: FileSide, after: FileSide) -> list[SymbolEdit]:
    """Every definition the change touches, in the head's order, removed ones last.

    What is defined inside a function belongs to that function's body. A value's new right-hand
    side (constants, variables, fields) is a change of body, not of contract.
    """
    old, new = _by_name(before.outline), _by_name(after.outline)
    added = [entry for name, entries in new.items() if name not in old for entry in entries]
    removed = [entry for name, entries in old.items() if name not in new for entry in entries]
    edits = [edit for name in new if name in old for edit in _resigned(old[name], new[name])]
    renamed = list(_renames(before, after, removed, added))
    gone = {id(edit.before) for edit in renamed}
    come = {id(edit.after) for edit in renamed}
    edits += renamed
    edits += [SymbolEdit("added", None, entry) for entry in added if id(entry) not in come]
    edits += [SymbolEdit("removed", entry, None) for entry in removed if id(entry) not in gone]
    edits += _edited_bodies(change, old, new, edits)
    return sorted(edits, key=lambda edit: (edit.after is None, _place(edit)))


def _place(edit: SymbolEdit) -> int:
    entry = edit.after or edit.before
    return entry.line if entry is not None else 0


def _by_name(outline: Outline) -> dict[str, list[OutlinedDefinition]]:
    """Definitions that others can name: all but those inside a function."""
    kinds = {entry.name: entry.kind for entry in outline.definitions}
    named: dict[str, list[OutlinedDefinition]] = {}
    for entry in outline.definitions:
        if not any(kinds.get(outer) in ("function", "method") for outer in _outers(entry.name)):
            named.setdefault(entry.name, []).append(entry)
    return named


def _outers(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def contract_text(entry: OutlinedDefinition) -> str:
    """A signature with layout removed: reformatting is no change of contract."""
    if entry.kind in _VALUES:
        return ""
    return re.sub(r",(?=[)\]>}])", "", re.sub(r"\s+", "", entry.signature))


def _resigned(old: list[OutlinedDefinition], new: list[OutlinedDefinition]) -> Iterator[SymbolEdit]:
    """Definitions of one name (overloads, redefinitions) whose signatures differ, paired up."""
    left, right = _unmatched(old, new), _unmatched(new, old)
    for before, after in zip(left, right, strict=False):
        yield SymbolEdit("signature", before, after)
    yield from (SymbolEdit("added", None, entry) for entry in right[len(left) :])
    yield from (SymbolEdit("removed", entry, None) for entry in left[len(right) :])


def _unmatched(
    entries: list[OutlinedDefinition], others: list[OutlinedDefinition]
) -> list[OutlinedDefinition]:
    known = Counter(contract_text(other) for other in others)
    rest: list[OutlinedDefinition] = []
    for entry in entries:
        text = contract_text(entry)
        if known[text]:
            known[text] -= 1
        else:
            rest.append(entry)
    return rest


def _renames(
    before: FileSide,
    after: FileSide,
    removed: list[OutlinedDefinition],
    added: list[OutlinedDefinition],
) -> Iterator[SymbolEdit]:
    """Removed and added definitions of one kind and container whose text is mostly the same."""
    pairs = [
        (_similarity(before.body(old), after.body(new)), old, new)
        for old in removed
        for new in added
        if (old.kind, old.container) == (new.kind, new.container) and old.kind not in _VALUES
    ]
    taken: set[int] = set()
    for similarity, old, new in sorted(pairs, key=lambda pair: -pair[0]):
        if similarity >= RENAME_SIMILARITY and not taken & {id(old), id(new)}:
            taken |= {id(old), id(new)}
            yield SymbolEdit("renamed", old, new)


def _similarity(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    if matcher.real_quick_ratio() < RENAME_SIMILARITY or max(len(one), len(other)) > 40_000:
        return 0.0
    return matcher.ratio()


def _edited_bodies(
    change: FileChange,
    old: dict[str, list[OutlinedDefinition]],
    new: dict[str, list[OutlinedDefinition]],
    known: list[SymbolEdit],
) -> Iterator[SymbolEdit]:
    """Definitions around a changed line that nothing else has named yet."""
    left = _innermost(old, change.changed_lines("LEFT"))
    right = _innermost(new, change.changed_lines("RIGHT"))
    named = {entry.name for edit in known for entry in (edit.before, edit.after) if entry}
    for name in dict.fromkeys((*right, *left)):
        if name not in named and name in old and name in new:
            before = left.get(name, old[name][-1])
            yield SymbolEdit("body", before, right.get(name, new[name][-1]))


def _innermost(
    named: dict[str, list[OutlinedDefinition]], lines: Iterable[int]
) -> dict[str, OutlinedDefinition]:
    flat = Outline(definitions=tuple(entry for entries in named.values() for entry in entries))
    around = (flat.enclosing(line) for line in lines)
    return {entry.name: entry for entry in around if entry is not None}
