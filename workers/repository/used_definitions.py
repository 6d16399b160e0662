"""The definitions that changed lines name: of their own file, and through its imports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from bot.domain.diff import ChangeSet, FileChange
from workers.repository.graph import Definition, definition_of
from workers.repository.outlines import language_of
from workers.repository.references.finding import CONSTRUCTORS
from workers.repository.references.tracing import Tracer
from workers.repository.test_paths import is_test_path

MOST_USED = 40
_WORD = re.compile(r"[^\W\d]\w{2,}")
"""A name of three letters or more: shorter ones are loop variables."""
_MEMBER = re.compile(r"(?:\.|->|::)\s*([^\W\d]\w{2,})")


@dataclass(frozen=True, slots=True)
class UsedDefinitions:
    """What added lines of code name, and what only those of tests do. `note`: what was cut."""

    by_code: tuple[Definition, ...]
    by_tests: tuple[Definition, ...]
    note: str = ""


def used_definitions(
    change: ChangeSet, tracer: Tracer, skip: Callable[[str], bool], late: Callable[[str], bool]
) -> UsedDefinitions:
    """At most `MOST_USED`, those of code first. `late(what)`: no time is left for more."""
    found = list(islice(_used(change, tracer, skip, late), MOST_USED + 1))
    note = f"definitions used: only the first {MOST_USED} are given"
    return UsedDefinitions(
        by_code=tuple(one for one, test in found[:MOST_USED] if not test),
        by_tests=tuple(one for one, test in found[:MOST_USED] if test),
        note=note if len(found) > MOST_USED else "",
    )


def _used(
    change: ChangeSet, tracer: Tracer, skip: Callable[[str], bool], late: Callable[[str], bool]
) -> Iterator[tuple[Definition, bool]]:
    """Each once, and whether a test names it; files of code come first."""
    after = tracer.snapshot
    seen: set[tuple[str, str]] = set()
    for file in sorted(change.files, key=lambda one: is_test_path(one.path)):
        if not _has_names(file) or skip(file.path) or late("definitions used"):
            continue
        for path, name in chain(_named_here(tracer, file), _named_by(tracer, file)):
            entry = after.outline(path).find(name)
            if entry is not None and (path, name) not in seen and not skip(path):
                seen.add((path, name))
                yield definition_of(path, after.commit_of(path), entry), is_test_path(file.path)


def _has_names(file: FileChange) -> bool:
    readable = file.kind == "text" and file.status != "deleted"
    return readable and language_of(file.path) is not None


def _named_here(tracer: Tracer, file: FileChange) -> Iterator[tuple[str, str]]:
    """Definitions of this file that its added lines name, and the constructor of their class.

    A member of another type counts only where it is named as one (`x.name`): its bare word stands
    for something else, in a comment or as a variable.
    """
    lines = set(file.changed_lines("RIGHT"))
    outline = tracer.snapshot.outline(file.path)
    texts = tracer.snapshot.lines(file.path)
    words = {word for line in lines for word in _WORD.findall(texts[line - 1])}
    members = {word for line in lines for word in _MEMBER.findall(texts[line - 1])}
    around = [entry for line in lines if (entry := outline.enclosing(line)) is not None]
    owners = {entry.container for entry in around if entry.container}
    for entry in outline.definitions:
        own = not entry.container or entry.container in owners
        named = entry.simple in (words if own else members) or (
            entry.container in owners and entry.simple in CONSTRUCTORS
        )
        if named and not any(entry.line <= line <= entry.end_line for line in lines):
            yield file.path, entry.name


def _named_by(tracer: Tracer, file: FileChange) -> Iterator[tuple[str, str]]:
    """(path, name) of each imported definition that the file's added lines use."""
    lines = set(file.changed_lines("RIGHT"))
    outline = tracer.snapshot.outline(file.path)
    for entry in outline.imports:
        if not entry.alias:
            continue
        origin = tracer.origin(file.path, entry)
        if origin is None or file.path in origin.paths:
            continue
        for name in _names_used(tracer, file.path, entry.alias, origin.name, lines):
            yield from ((path, name) for path in origin.paths)


def _names_used(tracer: Tracer, path: str, alias: str, name: str, lines: set[int]) -> Iterator[str]:
    parsed = tracer.snapshot.parsed(path)
    texts = tracer.snapshot.lines(path)
    near = [line for line in lines if alias in texts[line - 1]]
    if name:
        if parsed.uses({alias.rpartition(".")[2]}, near):
            yield name
        return
    words = {word for line in near for word in _words_after(texts[line - 1], alias)}
    for use in parsed.uses(words, near):
        if use.receiver == alias:
            yield use.name


def _words_after(text: str, alias: str) -> Iterator[str]:
    for piece in text.split(f"{alias}.")[1:]:
        word = ""
        for character in piece:
            if not (character.isalnum() or character == "_"):
                break
            word += character
        if word:
            yield word
