"""Every number of one run, as one JSON object: what `score` prints and what `compare` sets against.

Keys are only ever added.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from bot.domain.budget import Price
from bot.domain.conversation import TokenUsage
from bot.domain.finding import Severity
from evals.bootstrap import interval
from evals.tally import (
    LEVELS,
    Counts,
    Level,
    Scored,
    comments_of,
    counts,
    false_alarms,
    lost_to,
    recall_where,
)

RATIOS = ("precision", "recall", "f1")


def measures(cases: Sequence[Scored], price: Price | None = None) -> dict[str, Any]:
    """The numbers of one run under one judge. `price` counts where the record holds no cost."""
    return {
        "cases": len(cases),
        "truths": sum(len(case.truths) for case in cases),
        "levels": {level: _level(cases, level) for level in LEVELS},
        "lost": {fate.value: count for fate, count in sorted(lost_to(cases).items())},
        "cost": cost(cases, price),
        "per_case": [_case(case) for case in cases],
    }


def ratio(cases: Sequence[Scored], level: Level, name: str) -> float | None:
    """Precision, recall or F1 over these cases."""
    value: float | None = getattr(counts(cases, level), name)
    return value


def _level(cases: Sequence[Scored], level: Level) -> dict[str, Any]:
    total = counts(cases, level)
    alarmed, clean, on_clean = false_alarms(cases, level)
    return {
        **_ratios(cases, level, total),
        "found": total.found,
        "comments": total.comments,
        "repeats": total.repeats,
        "comments_per_pull_request": total.comments / len(cases) if cases else None,
        "severity": {one.value: _severity(cases, level, one) for one in Severity},
        "outside": _found(recall_where(cases, level, lambda truth: truth.outside)),
        "inside": _found(recall_where(cases, level, lambda truth: not truth.outside)),
        "clean": {"cases": clean, "with_comments": alarmed, "comments": on_clean},
    }


def _ratios(cases: Sequence[Scored], level: Level, total: Counts) -> dict[str, Any]:
    return {
        name: {
            "value": getattr(total, name),
            "interval": interval(cases, partial(ratio, level=level, name=name)),
        }
        for name in RATIOS
    }


def _severity(cases: Sequence[Scored], level: Level, severity: Severity) -> dict[str, Any]:
    """What of this severity was to be found, and how right comments of this severity are."""
    right, made = comments_of(cases, level, severity)
    found = recall_where(cases, level, lambda truth: truth.severity is severity)
    return {**_found(found), "comments": made, "right": right}


def _found(counted: tuple[int, int]) -> dict[str, int]:
    return {"found": counted[0], "truths": counted[1]}


def cost(cases: Sequence[Scored], price: Price | None = None) -> dict[str, Any]:
    """What the reviews used. `usd` is None as soon as one review's cost is unknown."""
    used = [case.usage for case in cases]
    tokens = [TokenUsage(u.input_tokens, u.cached_tokens, u.output_tokens) for u in used]
    paid = [
        one.cost_usd if one.cost_usd is not None or price is None else price.of(spent)
        for one, spent in zip(used, tokens, strict=True)
    ]
    known = [each for each in paid if each is not None]
    read = sum(spent.input_tokens for spent in tokens)
    return {
        "model_calls": sum(one.model_calls for one in used),
        "input_tokens": read,
        "cached_share": sum(spent.cached_tokens for spent in tokens) / read if read else None,
        "output_tokens": sum(spent.output_tokens for spent in tokens),
        "seconds": round(sum(case.result.seconds for case in cases), 3),
        "usd": sum(known) if len(known) == len(paid) else None,
    }


def _case(case: Scored) -> dict[str, Any]:
    return {
        "id": case.id,
        "kind": case.result.case.kind,
        "truths": len(case.truths),
        **{level: _of_case(case, level) for level in LEVELS},
    }


def _of_case(case: Scored, level: Level) -> dict[str, Any]:
    return {"found": sorted(case.hit(level)), "comments": len(case.comments(level))}
