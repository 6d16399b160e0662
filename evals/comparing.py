"""Two runs over the same cases, side by side: who won which case and why, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from evals.bootstrap import Interval, interval
from evals.measures import RATIOS, ratio
from evals.table import Table, share
from evals.tally import Level, Scored, counts, false_alarms

Winner = Literal["A", "B", ""]
Pair = tuple[Scored, Scored]
Measure = Callable[[Sequence[Scored]], float | None]

_MOST_WHAT = 70


@dataclass(frozen=True, slots=True)
class Duel:
    """One case: the winner ("" for none) and why, in words."""

    case: str
    winner: Winner
    why: str
    found: tuple[int, int]
    truths: int
    comments: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Delta:
    """One measure of both runs, and the middle 95 % of B minus A over paired draws of cases."""

    name: str
    a: float | None
    b: float | None
    interval: Interval | None

    @property
    def sure(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.interval is not None and (self.interval[0] > 0 or self.interval[1] < 0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`names`: what A and B are called. `alone`: cases that only one of them has done."""

    names: tuple[str, str]
    level: Level
    duels: tuple[Duel, ...]
    deltas: tuple[Delta, ...]
    alone: tuple[str, ...] = ()

    @property
    def wins(self) -> tuple[int, int, int]:
        """Cases that A won, that B won, and that nobody won."""
        winners = [duel.winner for duel in self.duels]
        return winners.count("A"), winners.count("B"), winners.count("")

    def as_json(self) -> dict[str, Any]:
        """Everything, for other programs."""
        return {
            "schema": 1,
            "a": self.names[0],
            "b": self.names[1],
            "level": self.level,
            "wins": dict(zip(("a", "b", "none"), self.wins, strict=True)),
            "cases": [
                {
                    "id": duel.case,
                    "winner": duel.winner.lower() or None,
                    "why": duel.why,
                    "truths": duel.truths,
                    "found": list(duel.found),
                    "comments": list(duel.comments),
                }
                for duel in self.duels
            ],
            "deltas": [
                {"name": d.name, "a": d.a, "b": d.b, "interval": d.interval} for d in self.deltas
            ],
            "only_in_one": list(self.alone),
        }

    def tables(self) -> list[Table]:
        """The deltas, then the cases."""
        return [self._deltas(), self._duels()]

    def notes(self) -> list[str]:
        """The tally, and what was left out."""
        a, b, even = self.wins
        said = [f"A ({self.names[0]}) wins {a}, B ({self.names[1]}) wins {b}, neither {even}."]
        return said + [f"Done by one of them only, and left out: {case}" for case in self.alone]

    def _deltas(self) -> Table:
        rows = tuple(
            (one.name, _number(one.a), _number(one.b), _span(one.interval), "*" if one.sure else "")
            for one in self.deltas
        )
        columns = ("", "A", "B", "B - A, 95 % of draws", "apart from 0")
        return Table(f"{self.names[0]} (A) and {self.names[1]} (B): {self.level}", columns, rows)

    def _duels(self) -> Table:
        rows = tuple(
            (
                duel.case,
                *(f"{duel.found[at]}/{duel.truths}, {duel.comments[at]}" for at in (0, 1)),
                duel.winner or "-",
                duel.why,
            )
            for duel in self.duels
        )
        columns = ("case", "A: found, comments", "B: found, comments", "won by", "why")
        return Table("Case by case", columns, rows, words=frozenset({0, 3, 4}))


def compare(
    names: tuple[str, str], a: Sequence[Scored], b: Sequence[Scored], level: Level
) -> Comparison:
    """Both runs over the cases that both have done with the same truths."""
    others = {case.id: case for case in b}
    pairs = [
        (case, others[case.id])
        for case in a
        if case.id in others and others[case.id].truths == case.truths
    ]
    both = {case.id for case, _ in pairs}
    alone = sorted({case.id for case in (*a, *b)} - both)
    deltas = tuple(_delta(name, measure, pairs) for name, measure in _measures(level).items())
    duels = tuple(_duel(one, other, level) for one, other in pairs)
    return Comparison(names, level, duels, deltas, tuple(alone))


def _measures(level: Level) -> dict[str, Measure]:
    """What is set side by side: signal first, then cost, each a pull request."""
    ratios: dict[str, Measure] = {name: partial(ratio, level=level, name=name) for name in RATIOS}
    return {
        **ratios,
        "false alarms on clean cases": lambda cases: _alarms(cases, level),
        "comments": lambda cases: _mean(cases, lambda one: len(one.comments(level))),
        "model calls": lambda cases: _mean(cases, lambda one: one.usage.model_calls),
        "input tokens": lambda cases: _mean(cases, lambda one: one.usage.input_tokens),
        "uncached input tokens": lambda cases: _mean(cases, _uncached),
        "seconds": lambda cases: _mean(cases, lambda one: one.result.seconds),
    }


def _uncached(case: Scored) -> float:
    return case.usage.input_tokens - case.usage.cached_tokens


def _alarms(cases: Sequence[Scored], level: Level) -> float | None:
    alarmed, clean, _ = false_alarms(cases, level)
    return alarmed / clean if clean else None


def _mean(cases: Sequence[Scored], value: Callable[[Scored], float]) -> float | None:
    return sum(map(value, cases)) / len(cases) if cases else None


def _delta(name: str, measure: Measure, pairs: Sequence[Pair]) -> Delta:
    def difference(drawn: Sequence[Pair]) -> float | None:
        a, b = measure([one for one, _ in drawn]), measure([other for _, other in drawn])
        return None if a is None or b is None else b - a

    a, b = [one for one, _ in pairs], [other for _, other in pairs]
    return Delta(name, measure(a), measure(b), interval(pairs, difference))


def _duel(a: Scored, b: Scored, level: Level) -> Duel:
    """More truths win; then fewer comments that find nothing."""
    totals = counts([a], level), counts([b], level)
    noise = tuple(total.comments - total.found for total in totals)
    ahead = (totals[0].found - totals[1].found) or (noise[1] - noise[0])
    winner: Winner = "A" if ahead > 0 else "B" if ahead < 0 else ""
    return Duel(
        a.id,
        winner,
        _why(a, b, level),
        (totals[0].found, totals[1].found),
        len(a.truths),
        (totals[0].comments, totals[1].comments),
    )


def _why(a: Scored, b: Scored, level: Level) -> str:
    said: list[str] = []
    for name, mine, theirs in (("A", a, b), ("B", b, a)):
        for index in sorted(mine.hit(level) - theirs.hit(level)):
            said.append(f"only {name} found {mine.truths[index].what[:_MOST_WHAT]!r}")
    noise = [len(case.comments(level)) - counts([case], level).found for case in (a, b)]
    if noise[0] != noise[1]:
        said.append(f"comments that find nothing: A {noise[0]}, B {noise[1]}")
    return "; ".join(said) or ("both found the same" if a.hit(level) else "both found nothing")


def _number(value: float | None) -> str:
    return f"{value:,.0f}" if value is not None and value >= 100 else share(value)


def _span(span: Interval | None) -> str:
    if span is None:
        return "-"
    low, high = (f"{each:+,.0f}" if abs(each) >= 100 else f"{each:+.2f}" for each in span)
    return f"{low} to {high}"
