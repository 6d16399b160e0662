"""What one question reads of a snapshot: outlines, within a cap; evidence; who holds a word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from workers.repository.outline import Outline, OutlinedDefinition, Typed
from workers.repository.references.scopes import evidence_by_name
from workers.repository.references.tracing import Tracer
from workers.repository.snapshot import Hit

OUTLINES_CAP = 400
"""Files outlined on the way to definitions, over all that one question asks."""

_SEARCHES = 4
"""One for the rest after each of the commonest words."""
_WORDS = re.compile(r"[\w$]+")
_HEADING = re.compile(
    r"\b(class|interface|struct|enum|trait|impl|object|record|module|extends|implements|include"
    r"|extend|prepend|use|type)\b|^\s*[:,*]|^\s*[\w.\\<>\[\]]+\s*[,:{)]*\s*$"
)
"""A line that may be part of a type's heading: its keyword, or a base on a line of its own."""


class QuestionFiles:
    """The files of one snapshot, as far as one question needs them.

    `sought` are the definitions that are asked about, (path, qualified name), in order: they count
    as standing there although the change may have removed them.
    """

    def __init__(self, tracer: Tracer, sought: Collection[tuple[str, str]] = ()) -> None:
        self.tracer = tracer
        self.sought = dict.fromkeys(sought)
        self._evidence: dict[str, dict[str, list[Typed]]] = {}
        self._named: dict[str, dict[str, OutlinedDefinition]] = {}
        self._outlined: set[str] = set()
        self._holders: dict[str, tuple[str, ...]] = {}
        self._heirs: dict[str, tuple[str, ...]] = {}
        self.crowded: set[str] = set()
        """Words on more lines than a search returns: their holders are only the first."""

    def outline(self, path: str) -> Outline:
        """A file's outline; an empty one past the cap."""
        if path not in self._outlined and self.is_exhausted:
            return Outline(note=f"{path}: not read, {OUTLINES_CAP} other files were")
        self._outlined.add(path)
        return self.tracer.snapshot.outline(path)

    @property
    def is_exhausted(self) -> bool:
        """Whether files are left unread, so that some uses are not resolved."""
        return len(self._outlined) >= OUTLINES_CAP

    def find(self, path: str, name: str) -> OutlinedDefinition | None:
        """The definition of this qualified name in a file, if it still stands."""
        if path not in self._named:
            outline = self.outline(path)
            self._named[path] = {entry.name: entry for entry in outline.definitions}
        return self._named[path].get(name)

    def defines(self, path: str, name: str) -> bool:
        """Whether the file defines this qualified name, now or before the change."""
        return (path, name) in self.sought or self.find(path, name) is not None

    def evidence(self, path: str, name: str) -> list[Typed]:
        """The evidence of types in a file about one name."""
        if path not in self._evidence:
            self._evidence[path] = evidence_by_name(self.outline(path))
        return self._evidence[path].get(name, [])

    def look_up(self, words: Collection[str]) -> None:
        """Find the files that hold these words, all in one search."""
        missing = {word for word in words if word not in self._holders}
        if not missing:
            return
        holders: dict[str, set[str]] = {word: set() for word in missing}
        heirs: dict[str, set[str]] = {word: set() for word in missing}
        pattern = re.compile("|".join(rf"(?<![\w$]){re.escape(word)}(?![\w$])" for word in missing))
        for path, _, text in self._hits(missing):
            extends = _HEADING.search(text) is not None
            for word in pattern.findall(text):
                holders[word].add(path)
                if extends:
                    heirs[word].add(path)
        self._holders.update({word: tuple(sorted(paths)) for word, paths in holders.items()})
        self._heirs.update({word: tuple(sorted(paths)) for word, paths in heirs.items()})

    def _hits(self, words: Collection[str]) -> list[Hit]:
        """The lines that hold them. A word that fills the search is looked for alone.

        Else it would hide, in the files that come last, all the others.
        """
        found: list[Hit] = []
        left = set(words)
        for _ in range(_SEARCHES):
            hits, cut = self.tracer.snapshot.grep_told(left)
            if not cut:
                return found + hits
            often = Counter(
                word for _, _, text in hits for word in set(_WORDS.findall(text)) & left
            )
            commonest = max(sorted(left), key=lambda word: often[word])
            self.crowded.add(commonest)
            left.discard(commonest)
            found += [hit for hit in hits if commonest in _WORDS.findall(hit[2])]
        self.crowded |= left
        return found + hits

    def holders(self, word: str) -> tuple[str, ...]:
        """The paths that hold a word."""
        self.look_up({word})
        return self._holders[word]

    def heirs(self, word: str) -> tuple[str, ...]:
        """The paths in which the word stands on a line that may say what a type extends."""
        self.look_up({word})
        return self._heirs[word]
