"""ports.Learnings in a list; tests/store/test_learnings.py holds it to what the database does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.learning import (
    MOST_LEARNINGS,
    Learning,
    Taught,
    Teaching,
    one_line,
    sameness,
    visible_in,
)
from bot.domain.pull_request import RepositoryRef

DAY = "2026-01-01"
"""On which everything happens here."""


@dataclass
class MemoryLearnings:
    """What is forgotten stays in `learnings`, under what ended it in `ended`."""

    most: int = MOST_LEARNINGS
    learnings: list[Learning] = field(default_factory=list)
    ended: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: dict[str, list[Learning]] = field(default_factory=dict)

    def teach(self, repository: RepositoryRef, words: str, teaching: Teaching) -> Taught:
        """Keep it once a source; equal words join."""
        said, teaching = one_line(words), replace(teaching, date=DAY)
        mine = [one for one in self.learnings if one.repository.id == repository.id]
        for one in mine:
            if any(each.source == teaching.source for each in one.teachings):
                return Taught(one)
        held = [one for one in mine if self._holds(one)]
        for one in held:
            if sameness(one.text) == sameness(said):
                joined = replace(one, teachings=(*one.teachings, teaching))
                self.learnings[self.learnings.index(one)] = joined
                return Taught(joined, known=True)
        left = None
        if len(held) >= self.most:
            left = min(held, key=lambda one: (one.offered > 0, one.last_used, one.number))
            self.forget(repository, left.number, "to make room")
        learning = Learning(len(mine) + 1, said, repository, (teaching,))
        self.learnings.append(learning)
        return Taught(learning, left=left)

    def known(self, repository: RepositoryRef) -> Sequence[Learning]:
        """Own ones first."""
        told = [one for one in self.learnings if self._holds(one) and visible_in(one, repository)]
        return sorted(told, key=lambda one: (one.repository.id != repository.id, one.number))

    def forget(self, repository: RepositoryRef, number: int, source: str) -> bool:
        """End it, if it holds."""
        if not any(one.key == (repository.id, number) for one in self.learnings):
            return False
        return self.ended.setdefault((repository.id, number), source) == source

    def take_back(self, repository: RepositoryRef, pull: int, finding: str) -> Sequence[int]:
        """Less these teachings; a learning without any goes."""
        gone: list[int] = []
        for at, one in enumerate(self.learnings):
            left = tuple(e for e in one.teachings if (e.pull, e.finding) != (pull, finding))
            if one.repository.id != repository.id or left == one.teachings:
                continue
            if left:
                self.learnings[at] = replace(one, teachings=left)
            elif self.forget(repository, one.number, f"reopened {pull}/{finding}"):
                gone.append(one.number)
        return gone

    def promote(self, repository: RepositoryRef, number: int, promoted: bool) -> bool:
        """Mark it."""
        for at, one in enumerate(self.learnings):
            if one.key == (repository.id, number) and self._holds(one):
                self.learnings[at] = replace(one, promoted=promoted)
                return True
        return False

    def used(
        self, review_key: str, offered: Sequence[Learning], silenced: Collection[Learning]
    ) -> None:
        """Count each review once."""
        if review_key in self.notes:
            return
        self.notes[review_key] = list(offered)
        quieted = {one.key for one in silenced}
        given = {one.key for one in offered}
        for at, one in enumerate(self.learnings):
            if one.key in given:
                more = int(one.key in quieted)
                self.learnings[at] = replace(
                    one, offered=one.offered + 1, silenced=one.silenced + more, last_used=DAY
                )

    def _holds(self, learning: Learning) -> bool:
        return learning.key not in self.ended
