"""The strings of a change that are worth looking up elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.domain.diff import ChangeSet, FileChange
from workers.repository.file_kinds import file_kind
from workers.repository.graph import ChangedSymbol
from workers.repository.links import routes, settings, tables, templates
from workers.repository.links.link import (
    LONGEST_LINE,
    ChangedLine,
    Key,
    LinkChange,
    LinkKind,
    changed_lines,
)
from workers.repository.links.names import dotted_names
from workers.repository.snapshot import Snapshot

_CONTRACTS = ("removed", "renamed", "moved", "signature")


def keys_of(
    change: ChangeSet,
    changed: Sequence[ChangedSymbol],
    after: Snapshot,
    skip: Callable[[str], bool],
) -> list[Key]:
    """Each key once, the removed and the specific first: a cap cuts the others."""
    files = [file for file in change.files if _is_read(file) and not skip(file.path)]
    where: dict[tuple[LinkKind, str], list[ChangedLine]] = defaultdict(list)
    for kind, word, line in _words(files, changed, after):
        where[kind, word].append(line)
    keys = [_key(kind, word, lines) for (kind, word), lines in where.items()]
    keys += [key for symbol in changed for key in _names(symbol) if not skip(symbol.path)]
    keys += _templates(files)
    return sorted(keys, key=lambda key: (key.change != "removed", not key.specific))


def _key(kind: LinkKind, word: str, lines: Sequence[ChangedLine]) -> Key:
    added = next((line for line in lines if line.added), None)
    removed = next((line for line in lines if not line.added), None)
    change: LinkChange = "touched" if added and removed else "added" if added else "removed"
    line = added or lines[0]
    return Key(kind, word, change, line.path, line.line, _specific(kind, word))


def _is_read(file: FileChange) -> bool:
    return file.kind == "text" and file_kind(file) == "source"


def _words(
    files: Iterable[FileChange], changed: Sequence[ChangedSymbol], after: Snapshot
) -> Iterator[tuple[LinkKind, str, ChangedLine]]:
    for file in files:
        lines = list(changed_lines(file))
        for line in lines:
            for word in settings.settings_on(line):
                yield "setting", word, line
            for kind, word in tables.tables_on(line):
                yield kind, word, line
        for line, word in routes.routes_on(lines):
            yield "route", word, line
    for line, word in routes.routes_on(_registrations(changed, after)):
        yield "route", word, line


def _registrations(changed: Sequence[ChangedSymbol], after: Snapshot) -> Iterator[ChangedLine]:
    """Lines that register a changed handler: its decorators, and calls that are given it."""
    for symbol in changed:
        if symbol.after is None or symbol.kind not in ("function", "method"):
            continue
        texts = after.lines(symbol.path)
        rows = symbol.after.signature.count("\n") + 1
        for number in range(symbol.after.line, symbol.after.line + rows):
            if number <= len(texts) and routes.registers(texts[number - 1][:LONGEST_LINE]):
                text = texts[number - 1][:LONGEST_LINE]
                yield from _both_sides(symbol.path, number, text)
        for site in symbol.sites:
            if site.depth == 1 and not site.is_test and routes.registers(site.text[:LONGEST_LINE]):
                yield from _both_sides(site.path, site.line, site.text[:LONGEST_LINE])


def _both_sides(path: str, line: int, text: str) -> Iterator[ChangedLine]:
    """A line that stands before and after: what it registers is touched."""
    yield ChangedLine(path, line, text, False)
    yield ChangedLine(path, line, text, True)


def _specific(kind: LinkKind, word: str) -> bool:
    match kind:
        case "setting":
            return settings.is_specific(word)
        case "route":
            return routes.is_specific(word)
        case "table" | "column":
            return tables.is_specific(word)
        case "template" | "name":
            return True


def _names(symbol: ChangedSymbol) -> Iterator[Key]:
    """The dotted names by which strings may hold a changed contract."""
    if symbol.change not in _CONTRACTS:
        return
    gone = symbol.change != "signature"
    definition = (symbol.before if gone else symbol.after) or symbol.before
    for word in dict.fromkeys(dotted_names(symbol)):
        if definition is not None and word.endswith(definition.name):
            state: LinkChange = "removed" if gone else "touched"
            yield Key("name", word, state, symbol.path, definition.line, True)


def _templates(files: Iterable[FileChange]) -> Iterator[Key]:
    for file in files:
        if templates.is_template(file.path):
            state: LinkChange = "removed" if file.status == "deleted" else "touched"
            path = file.old_path or file.path
            for name in templates.names_of(path):
                yield Key("template", name, state, path, 1, "/" in name or name.count(".") > 1)
