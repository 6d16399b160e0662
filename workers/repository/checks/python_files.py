"""The Python side of a change: both states of the code, and the files that mention a word."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from bot.domain.diff import ChangeSet, FileChange
from workers.repository.python.classes import PythonClasses
from workers.repository.python.lookup import Place, PythonLookup
from workers.repository.python.module import Function, spans
from workers.repository.python.use import ModuleUses
from workers.repository.python.uses import module_uses
from workers.repository.references.finding import COMMON_NAME_FILES
from workers.repository.snapshot import Snapshot

FILES = 300
EditedPair = tuple[FileChange, str, str, Function, Function]


@dataclass(slots=True)
class PythonFiles:
    """Everything that a check reads. `notes` collects what could not be checked, in words."""

    change: ChangeSet
    before: PythonLookup
    after: PythonLookup
    classes_before: PythonClasses
    classes_after: PythonClasses
    skip: Callable[[str], bool]
    deadline: float
    notes: list[str] = field(default_factory=list)
    _edited: list[EditedPair] | None = None
    _uses: dict[tuple[str, frozenset[str]], ModuleUses | None] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        before: Snapshot,
        after: Snapshot,
        change: ChangeSet,
        skip: Callable[[str], bool],
        deadline: float,
        notes: list[str],
    ) -> PythonFiles:
        """The Python files of a change."""
        old = PythonLookup(before)
        new = PythonLookup(after, old)
        classes = PythonClasses(old), PythonClasses(new)
        return cls(change, old, new, *classes, skip, deadline, notes)

    def changed(self) -> Iterator[FileChange]:
        """The changed Python files that stood at the base, as far as policy lets them be read."""
        for file in self.change.files:
            old = file.old_path or ""
            stood = file.status in ("modified", "renamed", "deleted") and old.endswith(".py")
            if stood and file.kind == "text" and not self.skip(file.path):
                yield file

    def edited(self) -> list[EditedPair]:
        """(file, old path, qualified name, before, after) of each function with changed lines."""
        if self._edited is None:
            self._edited = [pair for file in self.changed() for pair in self._edited_in(file)]
        return self._edited

    def _edited_in(self, file: FileChange) -> Iterator[EditedPair]:
        path = file.old_path or file.path
        before, after = self.before.modules.at(path), self.after.modules.at(file.path)
        if file.status == "deleted" or before is None or after is None:
            return
        left, right = list(file.changed_lines("LEFT")), list(file.changed_lines("RIGHT"))
        known = before.callables()
        for name, new in after.callables().items():
            old = known.get(name)
            if old is not None and (spans(old, left) or spans(new, right)):
                yield file, path, name, old, new

    def unparsed(self) -> Iterator[str]:
        """The changed Python files that do not parse after the change, new ones too."""
        for file in self.change.files:
            there = file.kind == "text" and file.status != "deleted" and file.path.endswith(".py")
            if not there or self.skip(file.path) or time.monotonic() > self.deadline:
                continue
            if self.after.modules.is_broken(file.path):
                yield file.path

    def place_before(self, place: Place) -> Place:
        """The same name before the change, where its file was renamed under its old path."""
        for file in self.change.files:
            if file.path == place.path and file.old_path:
                return Place(file.old_path, place.name)
        return place

    def uses(self, path: str, words: Iterable[str]) -> ModuleUses | None:
        """A file's uses of these words, under other names too, after the change.

        None (noted) where this Python cannot parse the file.
        """
        key = (path, frozenset(words))
        if key not in self._uses:
            module = self.after.modules.at(path)
            if module is None:
                self.notes.append(f"{path}: not checked, this Python cannot parse it")
            self._uses[key] = module_uses(module, key[1]) if module is not None else None
        return self._uses[key]

    def mentions(self, words: Iterable[str]) -> dict[str, set[str]]:
        """Path to the words in it, over all Python files; common words are dropped and noted."""
        wanted = sorted(set(words))
        if not wanted:
            return {}
        pattern = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in wanted))
        holders: dict[str, set[str]] = defaultdict(set)
        for path, _, text in self.after.snapshot.grep(wanted):
            if path.endswith(".py") and not self.skip(path):
                for word in pattern.findall(text):
                    holders[word].add(path)
        found: dict[str, set[str]] = defaultdict(set)
        for word, paths in sorted(holders.items()):
            if len(paths) > COMMON_NAME_FILES:
                self.notes.append(f"{word!r}: not checked, {len(paths)} files hold the name")
                continue
            for path in paths:
                found[path].add(word)
        return dict(self._within(found))

    def _within(self, found: dict[str, set[str]]) -> Iterator[tuple[str, set[str]]]:
        """The files in order until the time or the number allowed is used up."""
        for count, path in enumerate(sorted(found)):
            if count >= FILES or time.monotonic() > self.deadline:
                left = len(found) - count
                self.notes.append(f"contract checks: {left} of {len(found)} files not checked")
                return
            yield path, found[path]
