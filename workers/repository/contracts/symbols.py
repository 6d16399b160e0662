"""Which definitions a change adds, removes, renames, moves or edits, and in what. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.repository.contracts.aspects import (
    SAME_SCOPE,
    Aspect,
    aspects_of,
    beyond_documentation,
)
from workers.repository.contracts.contract import Contract
from workers.repository.contracts.pairing import Pairing, paired
from workers.repository.contracts.sides import FileSide, Node
from workers.repository.graph import SymbolChangeKind
from workers.repository.outline import OutlinedDefinition
from workers.repository.resolution.layout import folder_of

__all__ = ["FileSide", "SymbolEdit", "SymbolEdits", "symbol_edits"]

_BY_FOLDER = ("go", "java", "kotlin", "csharp", "php")
"""Users name a package or namespace, which as a rule is the folder."""
_ANYWHERE = ("ruby", "c", "cpp")
"""Users name no file of the definition: constants are global, declarations stand in headers."""
_WORD = re.compile(r"[\w$]+")
_HEADERS = (".h", ".hh", ".hpp", ".hxx")


@dataclass(frozen=True, slots=True)
class SymbolEdit:
    """One definition's change. `path` is the changed file's, as the diff names it.

    `old_path` is where it stood before, "" for an added one.
    """

    change: SymbolChangeKind
    old_path: str
    path: str
    before: OutlinedDefinition | None
    after: OutlinedDefinition | None
    aspects: tuple[Aspect, ...] = ()
    language: str = ""
    contracts: tuple[Contract, Contract] | None = None


@dataclass(frozen=True, slots=True)
class SymbolEdits:
    """All edits of a change, in the order of its files; `notes` say what was not compared.

    `doubtful` are (path, name) of definitions that may be gone or may still stand: their file no
    longer parses as it did.
    """

    edits: tuple[SymbolEdit, ...] = ()
    notes: tuple[str, ...] = ()
    doubtful: tuple[tuple[str, str], ...] = ()


def symbol_edits(files: Sequence[tuple[FileSide, FileSide]]) -> SymbolEdits:
    """Every definition that the two sides of the changed files do not have in common.

    What is defined inside a function belongs to that function's body; what stands inside a class
    that came or went, to that class. Layout and comments are no change; documentation is one of its
    own, where nothing else changed. A side that was not outlined looks empty: leave its file out.
    """
    pairing = paired(files)
    origin = {after: before for before, after in pairing.partner.items()}
    heads = {after.path: after for _, after in files}
    edits: list[SymbolEdit] = []
    for before, after in files:
        there = [edit for node in after.nodes for edit in _at_head(node, origin, pairing, heads)]
        shown = after.path or before.path
        gone = [edit for node in before.nodes for edit in _removed(node, shown, pairing, heads)]
        edits += _said_once([*there, *gone])
    return _told_apart(edits, files, tuple(pairing.notes))


def _told_apart(
    edits: Sequence[SymbolEdit],
    files: Sequence[tuple[FileSide, FileSide]],
    notes: tuple[str, ...],
) -> SymbolEdits:
    """The edits without those that say of a name that it is gone, while the text still holds it.

    That counts where more lines are in error than before: what a grammar always missed, as
    macros of C, hides no more than it did.
    """
    words = {
        before.path: frozenset(word for line in after.lines for word in _WORD.findall(line))
        for before, after in files
        if after.outline.lines_in_error > before.outline.lines_in_error
    }
    sure: list[SymbolEdit] = []
    doubtful: list[tuple[str, str]] = []
    for edit in edits:
        gone = edit.before if edit.change in ("removed", "renamed", "moved") else None
        if gone is not None and gone.simple in words.get(edit.old_path, ()):
            doubtful.append((edit.path, gone.name))
        else:
            sure.append(edit)
    return SymbolEdits(tuple(sure), notes, tuple(doubtful))


def _said_once(edits: list[SymbolEdit]) -> list[SymbolEdit]:
    """Without the new and changed members that the edit of their enum or struct tells of."""
    told = {
        f"{edit.after.name}.{aspect.name}"
        for edit in edits
        if edit.after is not None
        for aspect in edit.aspects
        if aspect.kind in ("member_added", "member_changed")
    }
    return [
        edit
        for edit in edits
        if edit.after is None or edit.after.name not in told or beyond_documentation(edit.aspects)
    ]


def _at_head(
    node: Node, origin: dict[Node, Node], pairing: Pairing, heads: dict[str, FileSide]
) -> Iterator[SymbolEdit]:
    before = origin.get(node)
    if before is None:
        if node.parent is None or node.parent in origin:
            yield SymbolEdit("added", "", node.side.path, None, node.entry, (), _language(node))
        return
    elsewhere = before.side.path != node.side.path
    left_home = elsewhere or before.entry.container != node.entry.container
    moved = (left_home and before in pairing.moved) or (elsewhere and node.parent is None)
    aspects = (*_place(before, node, moved, heads), *aspects_of(before, node))
    change = _kind_of_change(before, node, moved, aspects)
    if change is not None:
        paths = (before.side.path, node.side.path)
        both = (before.contract, node.contract)
        entries = (before.entry, node.entry)
        yield SymbolEdit(change, *paths, *entries, aspects, _language(node), both)


def _kind_of_change(
    before: Node, after: Node, moved: bool, aspects: tuple[Aspect, ...]
) -> SymbolChangeKind | None:
    if moved and any(aspect.kind == "place" for aspect in aspects):
        return "moved"
    if before.entry.simple != after.entry.simple:
        return "renamed"
    if any(aspect.in_header for aspect in aspects):
        return "signature"
    if not _same_code(before, after) or any(aspect.concerns_users for aspect in aspects):
        return "body"
    said = any(aspect.kind == "documentation" for aspect in aspects)
    return "documentation" if said else None


def _same_code(before: Node, after: Node) -> bool:
    """Layout and comments apart; the plain text where the words could not be read."""
    one, other = before.contract.code, after.contract.code
    return one == other if one and other else before.text == after.text


def _removed(
    node: Node, shown: str, pairing: Pairing, heads: dict[str, FileSide]
) -> Iterator[SymbolEdit]:
    if node in pairing.partner or (node.parent is not None and node.parent not in pairing.partner):
        return
    still = _exported_again(node, heads)
    aspects = (Aspect("exported_again"),) if still else ()
    yield SymbolEdit("removed", node.side.path, shown, node.entry, None, aspects, _language(node))


def _language(node: Node) -> str:
    return node.side.outline.language


def _place(before: Node, after: Node, moved: bool, heads: dict[str, FileSide]) -> Iterator[Aspect]:
    """Where it was and is, and whether that concerns those who name it."""
    if not moved:
        return
    was, now = before.side.path, after.side.path
    if was == now:
        yield Aspect("place", "", before.entry.name, after.entry.name)
        return
    inside = before.entry.container != after.entry.container
    same = _same_scope(_language(after), was, now) and not inside
    yield Aspect("place", SAME_SCOPE if same else "", was, now)
    if not same and _exported_again(before, heads, now):
        yield Aspect("exported_again")


def _same_scope(language: str, was: str, now: str) -> bool:
    if language in _BY_FOLDER:
        return folder_of(was) == folder_of(now)
    return language in _ANYWHERE and not was.endswith(_HEADERS)


def _exported_again(node: Node, heads: dict[str, FileSide], now: str = "") -> bool:
    """Whether the old file imports the name, as a rule from its place now, and hands it on."""
    head = heads.get(node.side.path)
    if head is None or node.parent is not None:
        return False
    handed_on = head.outline.language == "python"
    return any(
        entry.alias == node.entry.simple or (entry.name == "*" and _means(entry.module, now))
        for entry in head.outline.imports
        if entry.exported or handed_on
    )


def _means(module: str, path: str) -> bool:
    """Whether a written module may be this file, by its last part."""
    last = re.split(r"[./\\:]+", module.removesuffix(".js"))[-1]
    return path.rpartition("/")[2].partition(".")[0] == last != ""
