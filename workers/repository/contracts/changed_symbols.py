"""The definitions that a change touches, of every file that is text and not left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from bot.domain.diff import ChangeSet, FileChange
from workers.repository.contracts.sides import NOTHING, FileSide
from workers.repository.contracts.symbols import SymbolEdit, symbol_edits
from workers.repository.file_kinds import file_kind
from workers.repository.graph import ChangedSymbol, Definition, definition_of
from workers.repository.outlines import language_of
from workers.repository.snapshot import Snapshot
from workers.repository.test_paths import is_test_path

MOST_CONTRACTS = 200
"""Changed files whose contracts are read: a tenth of a second each on a busy machine. Of a larger
change, tests come last and are compared as texts."""
_AT_ONCE = 40
_MACROS = ("c", "cpp")
"""Languages whose macros are errors to a grammar: in a new file they tell of no mistake."""
_NOBODY_WROTE = ("generated", "vendored", "lock")
"""Minified names change with each build: a thousand renames that say nothing."""
OUTLINES = "outlines of changed files"
"""The step that may find no time left."""
HEADING = "heading"
"""The kind of what stands for a definition in a file without a grammar: a hunk's heading."""
_WITHOUT_GRAMMAR = {
    ".bash": "shell", ".clj": "Clojure", ".dart": "Dart", ".erl": "Erlang", ".ex": "Elixir",
    ".exs": "Elixir", ".fs": "F#", ".groovy": "Groovy", ".hs": "Haskell", ".jl": "Julia",
    ".lua": "Lua", ".m": "Objective-C", ".mm": "Objective-C", ".ml": "OCaml", ".nim": "Nim",
    ".pl": "Perl", ".pm": "Perl", ".ps1": "PowerShell", ".r": "R", ".R": "R", ".scala": "Scala",
    ".sh": "shell", ".sol": "Solidity", ".svelte": "Svelte", ".swift": "Swift",
    ".vb": "Visual Basic", ".vue": "Vue", ".zig": "Zig",
}  # fmt: skip
"""Programming languages by suffix."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change touches, in the order of the diff, and what could not be told of it.

    `unread` are files of which a side was not outlined, with why: nothing is said of what they
    define. `doubtful` are (path, name) of definitions that may be gone or not, `uncompared` the
    files whose texts alone were compared, `as_text` the language of each without a grammar.
    """

    symbols: tuple[ChangedSymbol, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)
    doubtful: tuple[tuple[str, str], ...] = ()
    uncompared: tuple[str, ...] = ()
    as_text: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def changed_symbols(
    change: ChangeSet,
    before: Snapshot,
    after: Snapshot,
    skip: Callable[[str], bool],
    late: Callable[[str], bool],
) -> Touched:
    """The changed definitions. `skip(path)` leaves a file out; `late(what)` says that time is up.

    A file of which a side was not outlined is left out: it would seem to lose all that it defines.
    """
    written = [
        file
        for file in change.files
        if file.kind == "text" and not skip(file.path) and file_kind(file) not in _NOBODY_WROTE
    ]
    outlined = [file for file in written if language_of(file.path) is not None]
    as_text = {file.path: told for file in written if (told := _without_grammar(file))}
    compared = _compared(change, list(_sides(outlined, before, after, late)))
    headings = (
        one for file in written if file.path in as_text for one in _by_heading(change, file)
    )
    return replace(compared, symbols=(*compared.symbols, *headings), as_text=as_text)


def _compared(change: ChangeSet, sides: Sequence[tuple[FileSide, FileSide]]) -> Touched:
    unread = {
        after.path or before.path: before.outline.note or after.outline.note
        for before, after in sides
        if before.outline.note or after.outline.note
    }
    read = [pair for pair in sides if not any(side.outline.note for side in pair)]
    found = symbol_edits(read)
    return Touched(
        symbols=tuple(_symbol(change, edit) for edit in found.edits),
        unread=unread,
        doubtful=found.doubtful,
        uncompared=tuple(one.path or old.path for old, one in read if old.unread or one.unread),
        notes=(*found.notes, *_in_error(read)),
    )


def _in_error(sides: Sequence[tuple[FileSide, FileSide]]) -> Iterator[str]:
    """Syntax errors that the change brought, in any language; also what a grammar lags behind."""
    for before, after in sides:
        macros = after.outline.language in _MACROS and not before.path
        if after.outline.lines_in_error > before.outline.lines_in_error and not macros:
            first, last = after.outline.errors[0]
            where = f"line {first}" if last == first else f"lines {first} to {last}"
            yield f"{after.path}: {where} could not be parsed, what it defines may be incomplete"


def _sides(
    files: Sequence[FileChange], before: Snapshot, after: Snapshot, late: Callable[[str], bool]
) -> Iterator[tuple[FileSide, FileSide]]:
    """Both sides of each file, read some files at a time; their contracts up to a number."""
    read = sorted(files, key=lambda file: is_test_path(file.path))[:MOST_CONTRACTS]
    told = {file.path for file in read}
    for group in _batches(files):
        if late(OUTLINES):
            return
        two_sided = [file for file in group if file.status not in ("added", "copied", "deleted")]
        for snapshot, paths in (
            (before, {file.path: file.old_path or file.path for file in group}),
            (after, {file.path: file.path for file in group}),
        ):
            snapshot.prefetch(paths.values())
            snapshot.read_contracts(paths[f.path] for f in two_sided if f.path in told)
        yield from (sides_of(file, before, after, file.path in told) for file in group)


def _batches(files: Sequence[FileChange]) -> Iterator[Sequence[FileChange]]:
    waiting = iter(files)
    while group := list(islice(waiting, _AT_ONCE)):
        yield group


def sides_of(
    file: FileChange, before: Snapshot, after: Snapshot, contracts: bool = True
) -> tuple[FileSide, FileSide]:
    """Both sides of a changed file; a copy has none before. Without contracts, texts compare."""
    old = file.old_path or file.path
    new = file.status in ("added", "copied")
    return (
        NOTHING if new else _side(before, old, contracts),
        NOTHING if file.status == "deleted" else _side(after, file.path, contracts),
    )


def _side(snapshot: Snapshot, path: str, contracts: bool) -> FileSide:
    read = partial(snapshot.contracts, path) if contracts else tuple
    return FileSide(path, snapshot.outline(path), snapshot.lines(path), read)


def _symbol(change: ChangeSet, edit: SymbolEdit) -> ChangedSymbol:
    shown = edit.after or edit.before
    if shown is None:
        raise ValueError(f"{edit.path}: an edit without a definition on either side")
    return ChangedSymbol(
        path=edit.path,
        name=shown.name,
        kind=shown.kind,
        change=edit.change,
        before=definition_of(edit.old_path, change.base, edit.before) if edit.before else None,
        after=definition_of(edit.path, change.head, edit.after) if edit.after else None,
        aspects=edit.aspects,
        language=edit.language,
        contracts=edit.contracts,
    )


def _without_grammar(file: FileChange) -> str:
    """The programming language of a file that has no grammar here, else ""."""
    if language_of(file.path) is not None or file_kind(file) not in ("source", "test"):
        return ""
    name = file.path.rpartition("/")[2]
    return _WITHOUT_GRAMMAR.get(name[name.rfind(".") :] if "." in name else "", "")


def _by_heading(change: ChangeSet, file: FileChange) -> Iterator[ChangedSymbol]:
    """One for each heading that git prints above a hunk: the line that begins its function."""
    seen: set[str] = set()
    for hunk in file.hunks:
        heading = " ".join(hunk.section.split())
        if heading and heading not in seen and file.status not in ("added", "deleted"):
            seen.add(heading)
            end = hunk.new_start + max(hunk.new_count - 1, 0)
            place = Definition(
                file.path, heading, HEADING, hunk.new_start, end, heading, change.head
            )
            yield ChangedSymbol(file.path, heading, HEADING, "body", None, place)
