"""Counting, pure: what was said of a case held against what is true of it, and sums over cases.

A comment that reports a truth which another comment of the same review reports too is a repeat: it
finds nothing more and costs the reader the same, so it counts against precision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain.finding import Fate, Severity
from bot.domain.review import ReviewUsage
from evals.case import Truth
from evals.judging import Judgement
from evals.result import Comment, Result

Level = Literal["posted", "shown", "raised"]
"""`posted` inline; `shown`: also listed and over the cap; `raised`: every finding, of any fate."""

LEVELS: tuple[Level, ...] = ("posted", "shown", "raised")


@dataclass(frozen=True, slots=True)
class Scored:
    """One case judged: each comment with the truth that it reports, if any."""

    result: Result
    matched: tuple[tuple[Comment, int | None], ...]

    @classmethod
    def of(cls, result: Result, judgement: Judgement) -> Scored:
        """A result with a judge's word on it."""
        return cls(result, tuple(zip(result.comments, judgement.matches, strict=True)))

    @property
    def id(self) -> str:
        """The case's."""
        return self.result.case.id

    @property
    def truths(self) -> tuple[Truth, ...]:
        """What is known to be wrong."""
        return self.result.case.truth

    @property
    def clean(self) -> bool:
        """Whether nothing is known to be wrong."""
        return not self.truths

    def comments(self, level: Level) -> list[tuple[Comment, int | None]]:
        """The comments that count at this level."""
        return [(comment, hit) for comment, hit in self.matched if _counts(comment, level)]

    def hit(self, level: Level) -> frozenset[int]:
        """Which truths were found."""
        return frozenset(hit for _, hit in self.comments(level) if hit is not None)

    @property
    def usage(self) -> ReviewUsage:
        """What the review cost, as it is recorded."""
        return ReviewUsage(**(self.result.review or {})["usage"])


def _counts(comment: Comment, level: Level) -> bool:
    if level == "raised":
        return True
    return comment.shown if level == "shown" else comment.fate is Fate.POSTED


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums over cases at one level."""

    truths: int
    found: int
    comments: int
    repeats: int

    @property
    def precision(self) -> float | None:
        """Truths found for each comment made; None without a comment."""
        return self.found / self.comments if self.comments else None

    @property
    def recall(self) -> float | None:
        """Truths found of all; None where nothing is to be found."""
        return self.found / self.truths if self.truths else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both, from the counts, so that no comment at all gives 0."""
        both = self.truths + self.comments
        return 2 * self.found / both if both else None


def counts(cases: Iterable[Scored], level: Level) -> Counts:
    """Sums over cases, clean ones included: a false alarm there costs precision like any other."""
    truths = found = comments = repeats = 0
    for case in cases:
        made, hit = case.comments(level), case.hit(level)
        truths += len(case.truths)
        found += len(hit)
        comments += len(made)
        repeats += sum(each is not None for _, each in made) - len(hit)
    return Counts(truths, found, comments, repeats)


def recall_where(
    cases: Iterable[Scored], level: Level, wanted: Callable[[Truth], bool]
) -> tuple[int, int]:
    """(found, all) of the truths for which `wanted` holds."""
    found = every = 0
    for case in cases:
        hit = case.hit(level)
        for index, truth in enumerate(case.truths):
            if wanted(truth):
                every += 1
                found += index in hit
    return found, every


def comments_of(cases: Iterable[Scored], level: Level, severity: Severity) -> tuple[int, int]:
    """(that report a truth, all) of the comments that the reviewer gave this severity."""
    made = [
        hit
        for case in cases
        for comment, hit in case.comments(level)
        if comment.severity is severity
    ]
    return sum(hit is not None for hit in made), len(made)


def false_alarms(cases: Iterable[Scored], level: Level) -> tuple[int, int, int]:
    """(clean cases with a comment, clean cases, comments on them)."""
    made = [len(case.comments(level)) for case in cases if case.clean]
    return sum(count > 0 for count in made), len(made), sum(made)


def lost_to(cases: Iterable[Scored]) -> Counter[Fate]:
    """For each truth that was raised and is not shown: the fate that its findings met.

    Of several findings the one that came first speaks.
    """
    fates: Counter[Fate] = Counter()
    for case in cases:
        for index in case.hit("raised") - case.hit("shown"):
            fates[next(comment.fate for comment, hit in case.matched if hit == index)] += 1
    return fates


def disagreements(one: Sequence[Scored], other: Sequence[Scored]) -> list[tuple[str, int]]:
    """(case, comment's number) of each comment on which two judges say different things."""
    return [
        (first.id, comment.number)
        for first, second in zip(one, other, strict=True)
        for (comment, a), (_, b) in zip(first.matched, second.matched, strict=True)
        if a != b
    ]
