"""The numbers of one run as tables, one column a judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.measures import RATIOS
from evals.table import Table, of, share, within

_LEVELS = (("posted", "posted inline"), ("shown", "shown (posted, listed, over cap)"))
Measures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """One run scored. `judges`: the measures under each judge, by its name, the first one leading.

    `judged` comments were judged by two; on `disagreed` of them they differ (case, number).
    `not_done`: a line for each case without a review.
    """

    run: str
    judges: Mapping[str, Measures]
    judged: int = 0
    disagreed: tuple[tuple[str, int], ...] = ()
    not_done: tuple[str, ...] = ()

    @property
    def first(self) -> Measures:
        """Under the first judge."""
        return next(iter(self.judges.values()))

    def as_json(self) -> dict[str, Any]:
        """Everything, for other programs."""
        return {
            "schema": 1,
            "run": self.run,
            "judges": dict(self.judges),
            "disagreements": {"comments": self.judged, "differ": [list(d) for d in self.disagreed]},
            "not_done": list(self.not_done),
        }


def score_tables(score: Score) -> list[Table]:
    """What a person reads, the most telling table first."""
    return [
        *(_signal(score, level, words) for level, words in _LEVELS),
        _severities(score.first),
        _cost(score.first),
        _cases(score.first),
    ]


def notes(score: Score) -> list[str]:
    """What no table holds: what was raised and held back, where judges differ, cases undone."""
    said = [
        f"{count} found, then held back as {fate.replace('_', ' ')}"
        for fate, count in score.first["lost"].items()
    ]
    if len(score.judges) > 1:
        said.append(
            f"The judges agree on {of(score.judged - len(score.disagreed), score.judged)} comments."
        )
        said += [f"The judges differ: {case}, finding {number}" for case, number in score.disagreed]
    said += [f"Not reviewed and not counted: {line}" for line in score.not_done]
    return said


def _signal(score: Score, level: str, words: str) -> Table:
    per_judge = [judged["levels"][level] for judged in score.judges.values()]
    rows: list[tuple[str, ...]] = []
    for name in RATIOS:
        rows.append((name, *(share(one[name]["value"]) for one in per_judge)))
        rows.append(("  95 % of draws", *(within(one[name]["interval"]) for one in per_judge)))
    rows += [
        _row("found", per_judge, lambda one: of(one["found"], score.first["truths"])),
        _row("  outside the diff", per_judge, lambda one: _part(one["outside"])),
        _row("  within the diff", per_judge, lambda one: _part(one["inside"])),
        _row("clean cases with a comment", per_judge, _alarms),
        _row("comments", per_judge, lambda one: str(one["comments"])),
        _row("  the same again", per_judge, lambda one: str(one["repeats"])),
        _row("  a pull request", per_judge, lambda one: share(one["comments_per_pull_request"])),
    ]
    columns = ("", *(f"judged by {name}" for name in score.judges))
    return Table(f"{score.run}: {words}", columns, tuple(rows))


def _row(
    name: str, per_judge: Sequence[Measures], cell: Callable[[Measures], str]
) -> tuple[str, ...]:
    return (name, *(cell(one) for one in per_judge))


def _part(found: Mapping[str, int]) -> str:
    return of(found["found"], found["truths"])


def _alarms(level: Measures) -> str:
    return of(level["clean"]["with_comments"], level["clean"]["cases"])


def _severities(measures: Measures) -> Table:
    levels = measures["levels"]
    rows = tuple(
        (
            name,
            *(_part(levels[level]["severity"][name]) for level, _ in _LEVELS),
            of(one["right"], one["comments"]),
        )
        for name, one in levels["posted"]["severity"].items()
    )
    columns = ("severity", "found: posted", "found: shown", "posted with it and right")
    return Table("By severity", columns, rows)


def _cost(measures: Measures) -> Table:
    cost, cases = measures["cost"], max(1, measures["cases"])
    rows = [
        (name.replace("_", " "), f"{cost[name]:,.0f}", f"{cost[name] / cases:,.1f}")
        for name in ("model_calls", "input_tokens", "output_tokens", "seconds")
    ]
    rows.insert(2, ("cached share of input", share(cost["cached_share"]), ""))
    known = cost["usd"] is not None
    dollars = (f"{cost['usd']:.2f}", f"{cost['usd'] / cases:.3f}") if known else ("-", "-")
    return Table("Cost", ("", "all", "a pull request"), (*rows, ("US dollars", *dollars)))


def _cases(measures: Measures) -> Table:
    rows = tuple(
        (
            case["id"],
            case["kind"] or "-",
            of(len(case["posted"]["found"]), case["truths"]),
            of(len(case["shown"]["found"]), case["truths"]),
            str(case["posted"]["comments"]),
            str(case["shown"]["comments"]),
        )
        for case in measures["per_case"]
    )
    columns = ("case", "kind", "found: posted", "found: shown", "posted", "shown")
    return Table("Case by case", columns, rows, words=frozenset({0, 1}))
