"""Counting: repeats, fates, clean cases; and how far the numbers may be off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.finding import Fate, Severity
from evals.bootstrap import interval
from evals.case import Case, Truth
from evals.chart import Bars, bar_chart
from evals.comparing import compare
from evals.judging import Judgement
from evals.result import Result
from evals.table import Table
from evals.tally import LEVELS, Counts, Scored, counts, false_alarms, lost_to

USAGE = {
    "model_calls": 2,
    "input_tokens": 100,
    "cached_tokens": 40,
    "output_tokens": 10,
    "seconds": 1.0,
    "cost_usd": None,
}

Said = Sequence[tuple[Fate, int | None]]
"""Each finding's fate, and the truth that it reports."""


def scored(name: str, truths: int, said: Said) -> Scored:
    """A case with so many truths, and what was said of it."""
    findings = [
        {
            "path": "a.py",
            "line": at,
            "title": f"t{at}",
            "body": "b",
            "severity": "P1",
            "fate": fate.value,
        }
        for at, (fate, _) in enumerate(said, start=1)
    ]
    known = tuple(
        Truth(file="a.py", what=f"defect {at}", severity=Severity.P1) for at in range(truths)
    )
    result = Result(
        reviewer="plumbline",
        model="m",
        case=Case(id=name, repo="r", base="a", head="b", title=name, truth=known),
        review={"status": "complete", "findings": findings, "usage": USAGE, "notes": []},
        seconds=1.0,
    )
    matches = tuple(hit for _, hit in said)
    return Scored.of(result, Judgement(asked="", prompt="judge@1", matches=matches, why=()))


def test_the_same_truth_told_twice_is_found_once_and_costs_precision() -> None:
    case = scored("one", 2, [(Fate.POSTED, 0), (Fate.POSTED, 0), (Fate.POSTED, None)])
    found = counts([case], "posted")
    assert found == Counts(truths=2, found=1, comments=3, repeats=1)
    assert (found.precision, found.recall, found.f1) == (1 / 3, 1 / 2, 2 / 5)


def test_each_level_counts_its_own_fates() -> None:
    said = [(Fate.POSTED, 0), (Fate.LISTED, 1), (Fate.OVER_CAP, None), (Fate.REFUTED, 2)]
    case = scored("one", 3, said)
    assert {level: (len(case.comments(level)), sorted(case.hit(level))) for level in LEVELS} == {
        "posted": (1, [0]),
        "shown": (3, [0, 1]),
        "raised": (4, [0, 1, 2]),
    }
    assert lost_to([case]) == Counter({Fate.REFUTED: 1})


def test_false_alarms_are_counted_on_clean_cases_only() -> None:
    cases = [
        scored("quiet", 0, []),
        scored("loud", 0, [(Fate.POSTED, None), (Fate.POSTED, None)]),
        scored("held", 0, [(Fate.UNSURE, None)]),
        scored("wrong", 1, [(Fate.POSTED, None)]),
    ]
    assert false_alarms(cases, "posted") == (1, 3, 2)


def test_nothing_said_has_no_precision_and_an_f1_of_nought() -> None:
    silent = counts([scored("one", 1, [])], "posted")
    assert (silent.precision, silent.recall, silent.f1) == (None, 0.0, 0.0)


CASES = st.lists(
    st.integers(0, 4).flatmap(
        lambda truths: st.tuples(
            st.just(truths),
            st.lists(
                st.tuples(
                    st.sampled_from(Fate),
                    st.none() | (st.integers(0, truths - 1) if truths else st.none()),
                ),
                max_size=6,
            ),
        )
    ),
    max_size=6,
)


@given(CASES)
def test_every_sum_stays_within_its_bounds(drawn: list[tuple[int, Said]]) -> None:
    cases = [scored(f"c{at}", truths, said) for at, (truths, said) in enumerate(drawn)]
    by_level = [counts(cases, level) for level in LEVELS]
    for one in by_level:
        assert one.found <= min(one.truths, one.comments)
        assert one.found + one.repeats <= one.comments
    assert [one.found for one in by_level] == sorted(one.found for one in by_level)


def test_an_interval_holds_the_number_and_is_the_same_each_time() -> None:
    values = [0.0, 1.0, 1.0, 0.0, 1.0, 1.0]

    def mean(drawn: Sequence[float]) -> float:
        return sum(drawn) / len(drawn)

    span = interval(values, mean)
    assert span is not None
    assert span[0] < mean(values) < span[1]
    assert interval(values, mean) == span
    assert interval(values[:4], mean) is None


def test_more_truths_win_a_case_then_less_noise() -> None:
    a = [
        scored("both", 1, [(Fate.POSTED, 0)]),
        scored("finds", 2, [(Fate.POSTED, 0), (Fate.POSTED, 1), (Fate.POSTED, None)]),
        scored("noisy", 0, [(Fate.POSTED, None)]),
        scored("mine", 0, []),
    ]
    b = [
        scored("both", 1, [(Fate.POSTED, 0)]),
        scored("finds", 2, [(Fate.POSTED, 0)]),
        scored("noisy", 0, []),
        scored("theirs", 0, []),
    ]
    found = compare(("one", "two"), a, b, "posted")
    assert [(duel.case, duel.winner, duel.why) for duel in found.duels] == [
        ("both", "", "both found the same"),
        ("finds", "A", "only A found 'defect 1'; comments that find nothing: A 1, B 0"),
        ("noisy", "B", "comments that find nothing: A 1, B 0"),
    ]
    assert (found.wins, found.alone) == ((1, 1, 1), ("mine", "theirs"))


def test_a_difference_that_every_case_shows_is_apart_from_nought() -> None:
    a = [scored(f"c{at}", 1, [(Fate.POSTED, None)]) for at in range(8)]
    b = [scored(f"c{at}", 1, [(Fate.POSTED, 0)]) for at in range(8)]
    deltas = {one.name: one for one in compare(("a", "b"), a, b, "posted").deltas}
    assert (deltas["recall"].interval, deltas["recall"].sure) == ((1.0, 1.0), True)
    assert (deltas["comments"].interval, deltas["comments"].sure) == ((0.0, 0.0), False)


@pytest.mark.parametrize("words", ["a|b", "<b>", "x\ny", "\x1b[2J", "\\"])
def test_hostile_names_stay_within_their_cell(words: str) -> None:
    table = Table(words, ("name", "n"), ((words, "1"),))
    assert len(table.text().split("\n")) == 3
    assert len(table.markdown().split("\n")) == 5
    assert "\x1b" not in table.text() + table.markdown()
    assert "<b>" not in table.markdown() + bar_chart(Bars(words, (words,), ((words, (0.5,)),)))
