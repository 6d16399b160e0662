"""The definitions that a change touches, of every file that is text and not left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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
_NOBODY_WROTE = ("generated", "vendored", "lock")
"""Minified names change with each build: a thousand renames that say nothing."""
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


def changed_symbols(
    change: ChangeSet,
    before: Snapshot,
    after: Snapshot,
    skip: Callable[[str], bool],
    late: Callable[[str], bool],
) -> tuple[list[ChangedSymbol], list[str]]:
    """The changed definitions in the order of the diff, and notes on what was not read.

    `skip(path)` leaves a file out; `late(what)` says, and notes, that the time is used up.
    """
    notes: list[str] = []
    outlined: list[FileChange] = []
    headings: list[ChangedSymbol] = []
    unread: Counter[str] = Counter()
    for file in change.files:
        if file.kind != "text" or skip(file.path) or file_kind(file) in _NOBODY_WROTE:
            continue
        if language_of(file.path) is not None:
            outlined.append(file)
        elif language := _without_grammar(file):
            unread[language] += 1
            headings += _by_heading(change, file)
    sides = list(_sides(outlined, before, after, late))
    found = symbol_edits(sides)
    notes += [side.outline.note for pair in sides for side in pair if side.outline.note]
    notes += [*_unread(sides), *found.notes]
    notes += [_told(language, count) for language, count in unread.items()]
    return [*(_symbol(change, edit) for edit in found.edits), *headings], notes


def _sides(
    files: Sequence[FileChange], before: Snapshot, after: Snapshot, late: Callable[[str], bool]
) -> Iterator[tuple[FileSide, FileSide]]:
    """Both sides of each file, read some files at a time; their contracts up to a number."""
    read = sorted(files, key=lambda file: is_test_path(file.path))[:MOST_CONTRACTS]
    told = {file.path for file in read}
    for group in _batches(files):
        if late("outlines of changed files"):
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


def _unread(sides: Sequence[tuple[FileSide, FileSide]]) -> Iterator[str]:
    count = sum(any(side.unread for side in pair) for pair in sides)
    if count:
        files = "1 changed file" if count == 1 else f"{count} changed files"
        yield f"what exactly changed could not be read in {files}, only which definitions"


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
    if file_kind(file) not in ("source", "test"):
        return ""
    name = file.path.rpartition("/")[2]
    return _WITHOUT_GRAMMAR.get(name[name.rfind(".") :] if "." in name else "", "")


def _told(language: str, count: int) -> str:
    files = "1 file" if count == 1 else f"{count} files"
    return (
        f"{language}: no grammar for this language, so in {files} changed definitions are told "
        "by the heading above each hunk, and nobody's use of them was looked for"
    )


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
