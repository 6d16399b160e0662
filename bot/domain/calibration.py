"""How far the verifier's confidence is to be believed here: corrected by what came of findings.

The formula, its bounds and its sources stand in `docs/outcomes.md`, "Confidence, calibrated"; a
test holds the numbers there to those here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.outcome import Became

ENOUGH = 30
"""Outcomes that speak, of the whole installation. Fewer of them change nothing at all."""

PRIOR_WEIGHT = 20.0
"""The stated confidence counts as so many outcomes."""

MOST_PULL = 0.2
"""No number of outcomes moves a confidence further than this."""

_STEPS = 10

SPEAKS: dict[Became, tuple[float, float]] = {
    Became.FIXED: (1.0, 1.0),
    Became.LIKED: (1.0, 1.0),
    Became.RESOLVED_WITH_CHANGE: (1.0, 0.5),
    Became.WITHDRAWN: (0.0, 1.0),
    Became.DISMISSED: (0.0, 1.0),
    Became.DISLIKED: (0.0, 1.0),
    Became.DISPUTED: (0.0, 0.5),
}
"""(was it right, weight) of what people or code said; half where it is likely, but not shown."""

SILENCE = 0.25
"""The weight of an ignored finding, as one that was wrong: it only holds back a rise."""


@dataclass(frozen=True, slots=True)
class Observed:
    """So many posted findings of a model, of one confidence, that became the same."""

    confidence: float
    became: Became
    count: int = 1


@dataclass(frozen=True, slots=True)
class Calibration:
    """What confidence is judged by. `values` stand at 0, 0.1 .. 1; none: every one as it is stated.

    `outcomes` is how many spoke.
    """

    values: tuple[float, ...] = ()
    outcomes: int = 0

    def of(self, confidence: float) -> float:
        """The confidence to judge by, 0..1, rounded to four digits; monotone."""
        if not self.values:
            return confidence
        at, part = _place(confidence)
        low, high = self.values[at], self.values[min(at + 1, _STEPS)]
        return round(low + (high - low) * part, 4)


def calibrate(own: Sequence[Observed], others: Sequence[Observed] = ()) -> Calibration:
    """From the outcomes of one repository, and of the installation's others.

    Identity while fewer than `ENOUGH` of them speak.
    """
    outcomes = sum(one.count for one in (*own, *others) if one.became in SPEAKS)
    if outcomes < ENOUGH:
        return Calibration()
    points = [at / _STEPS for at in range(_STEPS + 1)]
    here = _values(own, _values(others, points))
    bounded = [
        min(1.0, point + MOST_PULL, max(0.0, point - MOST_PULL, value))
        for point, value in zip(points, here, strict=True)
    ]
    return Calibration(tuple(round(value, 6) for value in pooled(bounded)), outcomes)


def pooled(values: Sequence[float]) -> list[float]:
    """The nearest sequence that never falls, by least squares: adjacent violators are pooled."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        mean, count = value, 1
        while blocks and blocks[-1][0] > mean:
            before, more = blocks.pop()
            mean = (before * more + mean * count) / (more + count)
            count += more
        blocks.append((mean, count))
    return [mean for mean, count in blocks for _ in range(count)]


def _values(observed: Iterable[Observed], prior: Sequence[float]) -> list[float]:
    """The value at each point."""
    weight, right, silent = ([0.0] * (_STEPS + 1) for _ in range(3))
    for one in observed:
        truth, heard = SPEAKS.get(one.became, (0.0, 0.0))
        for at, share in _shares(one.confidence):
            weight[at] += one.count * heard * share
            right[at] += one.count * heard * share * truth
            if one.became is Became.IGNORED:
                silent[at] += one.count * SILENCE * share
    return [_value(*point) for point in zip(weight, right, silent, prior, strict=True)]


def _value(weight: float, right: float, silent: float, prior: float) -> float:
    """Silence lowers neither what was said aloud nor the prior."""
    said = (right + PRIOR_WEIGHT * prior) / (weight + PRIOR_WEIGHT)
    held_back = (right + PRIOR_WEIGHT * prior) / (weight + silent + PRIOR_WEIGHT)
    return max(held_back, min(said, prior))


def _place(confidence: float) -> tuple[int, float]:
    """The point at or below, and how far towards the next one: 0..1."""
    scaled = min(1.0, max(0.0, confidence)) * _STEPS
    at = int(scaled)
    return at, scaled - at


def _shares(confidence: float) -> tuple[tuple[int, float], ...]:
    at, part = _place(confidence)
    return ((at, 1 - part), (min(at + 1, _STEPS), part))
