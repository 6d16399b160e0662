"""Calibration: nothing without outcomes, little from few, never much, and never out of order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calibration import ENOUGH, MOST_PULL, Calibration, Observed, calibrate, pooled
from bot.domain.outcome import Became

confidences = st.floats(0, 1, allow_nan=False).map(lambda number: round(number, 4))
observed = st.lists(
    st.builds(Observed, confidences, st.sampled_from(list(Became)), st.integers(1, 200)),
    max_size=30,
)
ROUNDED = 1e-4


@given(observed, observed, confidences, confidences)
def test_it_never_turns_an_order_round(
    own: list[Observed], others: list[Observed], one: float, two: float
) -> None:
    calibration = calibrate(own, others)
    low, high = sorted((one, two))
    assert calibration.of(low) <= calibration.of(high)


@given(observed, observed, confidences)
def test_it_pulls_no_further_than_it_may(
    own: list[Observed], others: list[Observed], one: float
) -> None:
    judged = calibrate(own, others).of(one)
    assert 0 <= judged <= 1
    assert abs(judged - one) <= MOST_PULL + ROUNDED


@given(confidences)
def test_without_outcomes_nothing_changes(one: float) -> None:
    assert calibrate([]) == Calibration()
    assert Calibration().of(one) == one


@given(observed, confidences)
def test_what_says_nothing_changes_nothing(own: list[Observed], one: float) -> None:
    """Open, closed, resolved or changed unseen: nobody knows whether it was right."""
    speechless = (Became.OPEN, Became.CLOSED, Became.RESOLVED, Became.CHANGED)
    more = [Observed(one, word, 500) for word in speechless]
    assert calibrate([*own, *more]) == calibrate(own)


@given(observed, confidences, confidences)
def test_more_that_were_right_never_lower_it_nor_wrong_ones_raise_it(
    own: list[Observed], one: float, two: float
) -> None:
    base = [*own, Observed(0.5, Became.FIXED, ENOUGH)]
    before = calibrate(base).of(two)
    right, wrong = Observed(one, Became.LIKED, 10), Observed(one, Became.DISMISSED, 10)
    assert calibrate([*base, right]).of(two) >= before - ROUNDED
    assert calibrate([*base, wrong]).of(two) <= before + ROUNDED


def test_fewer_than_enough_change_nothing() -> None:
    wrong = [Observed(0.8, Became.DISMISSED, ENOUGH - 1)]
    assert calibrate(wrong) == Calibration()
    assert calibrate([*wrong, Observed(0.8, Became.IGNORED, 900)]) == Calibration()
    assert calibrate([*wrong, Observed(0.2, Became.DISMISSED)]).outcomes == ENOUGH


def test_what_is_as_right_as_it_said_stays() -> None:
    right = [Observed(0.8, Became.FIXED, 80), Observed(0.8, Became.DISMISSED, 20)]
    assert calibrate(right).of(0.8) == pytest.approx(0.8)


def test_the_formula_by_hand() -> None:
    """22 of 30 right at 0.8: (22 + 20 * 0.8) / (30 + 20); between the points linearly."""
    some = calibrate([Observed(0.8, Became.FIXED, 22), Observed(0.8, Became.DISMISSED, 8)])
    assert some.of(0.8) == pytest.approx(0.76)
    assert some.of(0.7) == pytest.approx(0.7)
    assert some.of(0.75) == pytest.approx(0.73)


def test_the_formula_by_hand_where_points_are_pooled() -> None:
    """10 of 40 right at 0.8: (10 + 20 * 0.8) / (40 + 20) = 0.43, held at 0.6. That is below the
    value at 0.7, of which nothing is known, so both become the mean.
    """
    many = calibrate([Observed(0.8, Became.FIXED, 10), Observed(0.8, Became.DISMISSED, 30)])
    assert many.of(0.7) == many.of(0.8) == pytest.approx(0.65)


def test_a_confidence_between_two_points_counts_at_both() -> None:
    """28 of 40 right at 0.85, half of each at 0.8 and at 0.9: (14 + 20 * p) / (20 + 20)."""
    some = calibrate([Observed(0.85, Became.FIXED, 28), Observed(0.85, Became.DISMISSED, 12)])
    assert some.of(0.85) == pytest.approx((0.75 + 0.8) / 2)


def test_a_repository_without_outcomes_follows_the_others_and_its_own_count_for_more() -> None:
    others = [Observed(0.8, Became.FIXED, 22), Observed(0.8, Became.DISMISSED, 8)]
    assert calibrate([], others).of(0.8) == pytest.approx(0.76)
    own = [Observed(0.8, Became.LIKED, 5)]  # (5 + 20 * 0.76) / (5 + 20)
    assert calibrate(own, others).of(0.8) == pytest.approx(0.808)


def test_silence_alone_teaches_nothing() -> None:
    """However much is merged over, while nobody says a word at that confidence."""
    said_elsewhere = [Observed(0.1, Became.FIXED, ENOUGH)]
    silent = [*said_elsewhere, Observed(0.9, Became.IGNORED, 10_000)]
    assert calibrate(silent).of(0.9) == calibrate(said_elsewhere).of(0.9) == pytest.approx(0.9)


def test_silence_holds_back_a_rise_and_lowers_nothing() -> None:
    """30 mended: (30 + 16) / 50; 16 ignored beside them: (30 + 16) / 54; and ever more: 0.8."""
    said = Observed(0.8, Became.FIXED, ENOUGH)
    assert calibrate([said]).values[8] == pytest.approx(0.91)  # 0.92, pooled with 0.9 above it
    assert calibrate([said, Observed(0.8, Became.IGNORED, 16)]).of(0.8) == 0.8519
    assert calibrate([said, Observed(0.8, Became.IGNORED, 10_000)]).of(0.8) == pytest.approx(0.8)


def test_silence_does_not_make_a_bad_word_worse() -> None:
    said = [Observed(0.8, Became.FIXED, 22), Observed(0.8, Became.DISMISSED, 8)]
    silent = Observed(0.8, Became.IGNORED, 10_000)
    assert calibrate([*said, silent]) == calibrate(said)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_pooling_keeps_what_is_in_order_and_the_mean(values: list[float]) -> None:
    found = pooled(values)
    assert found == sorted(found)
    assert pooled(sorted(values)) == sorted(values)
    assert sum(found) == pytest.approx(sum(values))
