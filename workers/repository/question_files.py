"""What one question reads of a snapshot: outlines, within a cap; evidence; who holds a word."""

from __future__ import annotations

import re
from collections.abc import Collection

from workers.repository.outline import Outline, Typed
from workers.repository.scopes import evidence_by_name
from workers.repository.tracing import Tracer

OUTLINES_CAP = 400
"""Files outlined on the way to definitions, over all that one question asks."""


class QuestionFiles:
    """The files of one snapshot, as far as one question needs them.

    `sought` are the definitions that are asked about, (path, qualified name), in order: they count
    as standing there although the change may have removed them.
    """

    def __init__(self, tracer: Tracer, sought: Collection[tuple[str, str]] = ()) -> None:
        self.tracer = tracer
        self.sought = dict.fromkeys(sought)
        self._evidence: dict[str, dict[str, list[Typed]]] = {}
        self._outlined: set[str] = set()
        self._holders: dict[str, tuple[str, ...]] = {}

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

    def defines(self, path: str, name: str) -> bool:
        """Whether the file defines this qualified name, now or before the change."""
        return (path, name) in self.sought or self.outline(path).find(name) is not None

    def evidence(self, path: str, name: str) -> list[Typed]:
        """The evidence of types in a file about one name."""
        if path not in self._evidence:
            self._evidence[path] = evidence_by_name(self.outline(path))
        return self._evidence[path].get(name, [])

    def look_up(self, words: Collection[str]) -> None:
        """Find the files that hold these words, all in one search."""
        missing = {word for word in words if word not in self._holders}
        found: dict[str, set[str]] = {word: set() for word in missing}
        pattern = re.compile("|".join(rf"(?<![\w$]){re.escape(word)}(?![\w$])" for word in missing))
        for path, _, text in self.tracer.snapshot.grep(missing) if missing else ():
            for word in pattern.findall(text):
                found[word].add(path)
        self._holders.update({word: tuple(sorted(paths)) for word, paths in found.items()})

    def holders(self, word: str) -> tuple[str, ...]:
        """The paths that hold a word."""
        self.look_up({word})
        return self._holders[word]
