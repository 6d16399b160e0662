"""What a change from one text to another does to its definitions, in one line each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from workers.repository.contracts.sides import NOTHING, FileSide
from workers.repository.contracts.symbols import SymbolEdit, symbol_edits
from workers.repository.contracts.wording import said
from workers.repository.outlines.contracts.reading import read_contracts
from workers.repository.outlines.walker import parse


def side(path: str, text: str | None) -> FileSide:
    """One side of a changed file; None where it does not exist."""
    if text is None:
        return NOTHING
    source = text.encode()
    outline, read = parse(path, source).outline, partial(read_contracts, path, source)
    return FileSide(path, outline, text.split("\n"), read)


def edits(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[SymbolEdit, ...]:
    """The edits between two states of some files."""
    paths = dict.fromkeys((*before, *after))
    files = [(side(path, before.get(path)), side(path, after.get(path))) for path in paths]
    return symbol_edits(files).edits


def told(edit: SymbolEdit) -> str:
    """`signature f: became async`, `renamed a -> b`."""
    shown = edit.after or edit.before
    name = shown.name if shown else ""
    if edit.before and edit.after and edit.before.simple != edit.after.simple:
        name = f"{edit.before.name} -> {name}"
    aspects = "; ".join(said(edit.aspects, edit.language))
    return f"{edit.change} {name}" + (f": {aspects}" if aspects else "")


def lines(before: str, after: str, path: str = "a.py") -> list[str]:
    """The edits of one file, told."""
    return [told(edit) for edit in edits({path: before}, {path: after})]
