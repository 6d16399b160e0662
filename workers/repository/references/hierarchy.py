"""The types of one snapshot: what each extends, who has a member, and what extends it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from workers.repository.outline import OutlinedDefinition
from workers.repository.references.meaning import Meaning
from workers.repository.references.question_files import QuestionFiles
from workers.repository.references.scopes import inside
from workers.repository.references.written_types import written_types
from workers.repository.resolution import visible

CHAIN_CAP = 40
"""Types of one base chain."""
DESCENDANTS_CAP = 100
PARTS_CAP = 20
"""Files in which the rest of one type is looked for."""
_FILES_BELOW = 40
"""Files in which types that extend one type are looked for."""
_REOPENED = frozenset({"ruby", "go", "rust", "csharp", "cpp"})
"""Languages in which the members of one type stand in several files."""


class Hierarchy:
    """Base chains by what the outlines say, each worked out once."""

    def __init__(
        self, files: QuestionFiles, at: Callable[[str, int, str], tuple[Meaning, ...]]
    ) -> None:
        """`at`: what an expression on a line of a file may stand for."""
        self._files = files
        self._at = at
        self._below: dict[Meaning, tuple[tuple[Meaning, OutlinedDefinition], ...]] = {}
        self._parts: dict[Meaning, tuple[Meaning, ...]] = {}
        self._chains: dict[Meaning, tuple[tuple[Meaning, ...], bool]] = {}

    def owner(self, meaning: Meaning, name: str) -> tuple[Meaning | None, bool]:
        """The type of the base chain that has the member; and whether the whole chain is known."""
        chain, closed = self.chain(meaning)
        for entry in chain:
            part = next((each for each in self.parts(entry) if self._has(each, name)), None)
            if part is not None:
                return part, closed
            other = self._reopened(entry, name)
            if other is not None:
                return other, closed
        return None, closed

    def chain(self, meaning: Meaning) -> tuple[tuple[Meaning, ...], bool]:
        """The type and all it inherits from, nearest first; and whether nothing is unknown."""
        start = replace(meaning, instance=False)
        if start not in self._chains:
            self._chains[start] = ((start,), False)  # a type that extends itself
            self._chains[start] = self._chain(start)
        return self._chains[start]

    def below(self, meaning: Meaning) -> tuple[tuple[Meaning, OutlinedDefinition], ...]:
        """Types that extend or implement it, directly or not, with their definitions."""
        start = replace(meaning, instance=False)
        if start not in self._below:
            self._below[start] = tuple(self._descendants(start))
        return self._below[start]

    def _descendants(self, start: Meaning) -> Iterator[tuple[Meaning, OutlinedDefinition]]:
        waiting, known = [start], {start}
        while waiting and len(known) <= DESCENDANTS_CAP:
            self._read_heirs({each.name.rpartition(".")[2] for each in waiting})
            level, waiting = waiting, []
            for child, found in (pair for each in level for pair in self._children(each)):
                if child not in known:
                    known.add(child)
                    waiting.append(child)
                    yield child, found

    def _read_heirs(self, words: set[str]) -> None:
        """Parse the files that one level of types asks for together."""
        self._files.look_up(words)
        paths = (path for word in words for path in self._files.heirs(word)[:_FILES_BELOW])
        self._files.tracer.snapshot.prefetch(sorted(set(paths)))

    def _chain(self, start: Meaning) -> tuple[tuple[Meaning, ...], bool]:
        chain, waiting, closed = [start], [start], True
        while waiting and len(chain) < CHAIN_CAP:
            bases, known = self.bases(waiting.pop(0))
            closed = closed and known
            for base in bases:
                if base not in chain:
                    chain.append(base)
                    waiting.append(base)
        return tuple(chain), closed and not waiting

    def bases(self, meaning: Meaning) -> tuple[tuple[Meaning, ...], bool]:
        """The types it names as its bases; and whether all of them are of this repository."""
        found = self._files.find(meaning.path, meaning.name)
        if found is None or found.kind == "type":
            return (), False
        reached: list[Meaning] = []
        closed = True
        for part in self.parts(meaning):
            held = self._files.find(part.path, part.name)
            for written in held.bases if held is not None else ():
                types = list(self._named(part, held, written)) if held is not None else []
                closed = closed and bool(types)
                reached += types
        return tuple(dict.fromkeys(reached)), closed

    def parts(self, meaning: Meaning) -> tuple[Meaning, ...]:
        """The type with its other parts: C#'s `partial`, Go's methods, C++'s header."""
        start = replace(meaning, instance=False)
        if start not in self._parts:
            self._parts[start] = (start, *self._other_parts(start))
        return self._parts[start]

    def _other_parts(self, meaning: Meaning) -> Iterator[Meaning]:
        outline = self._files.outline(meaning.path)
        found = outline.find(meaning.name)
        partial = (
            found is not None and outline.language == "csharp" and "partial" in found.signature
        )
        if not partial and outline.language not in ("go", "cpp"):
            return
        layout = self._files.tracer.layout
        for path in visible(layout, meaning.path, outline, meaning.name)[:PARTS_CAP]:
            names = (entry.name for entry in self._files.outline(path).definitions)
            if any(name == meaning.name or name.startswith(f"{meaning.name}.") for name in names):
                yield replace(meaning, path=path)

    def _named(self, meaning: Meaning, found: OutlinedDefinition, base: str) -> Iterator[Meaning]:
        for name in written_types(base):
            for each in self._at(meaning.path, found.line, name):
                plain = replace(each, instance=False)
                if plain != replace(meaning, instance=False):
                    yield plain

    def _has(self, entry: Meaning, name: str) -> bool:
        if self._files.defines(entry.path, f"{entry.name}.{name}"):
            return True
        found = self._files.find(entry.path, entry.name)
        fields = self._files.evidence(entry.path, f"self.{name}")
        return found is not None and bool(inside(fields, found))

    def _reopened(self, entry: Meaning, name: str) -> Meaning | None:
        """The same type in another file, where the member stands."""
        outline = self._files.outline(entry.path)
        folder = entry.path.rpartition("/")[0]
        wanted = f"{entry.name}.{name}"
        for path, sought in self._files.sought if outline.language in _REOPENED else ():
            near = outline.language != "go" or path.rpartition("/")[0] == folder
            if sought == wanted and path != entry.path and near:
                return replace(entry, path=path)
        layout = self._files.tracer.layout
        others = visible(layout, entry.path, outline, name) if outline.language == "ruby" else ()
        found = (path for path in others if self._files.defines(path, wanted))
        return next((replace(entry, path=path) for path in found), None)

    def _children(self, meaning: Meaning) -> Iterator[tuple[Meaning, OutlinedDefinition]]:
        simple = meaning.name.rpartition(".")[2]
        written = re.compile(rf"(?<![\w$]){re.escape(simple)}(?![\w$])")
        for path in self._files.heirs(simple)[:_FILES_BELOW]:
            for entry in self._files.outline(path).definitions:
                if any(written.search(base) for base in entry.bases):
                    child = replace(meaning, path=path, name=entry.name)
                    if meaning in self.bases(child)[0]:
                        yield child, entry
