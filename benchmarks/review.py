"""What one review costs, from the webhook to the submitted review, with an instant model."""

from __future__ import annotations

import statistics

from benchmarks.app import Served, running_app
from benchmarks.measure import Measure

_WARM = 7


def measures() -> list[Measure]:
    """A first review of a repository, then more of them; each is a pull request of its own."""
    with running_app() as app:
        cold = app.review()
        warm = [app.review() for _ in range(_WARM)]
    return [
        *_calls("cold", cold, 10),
        *_calls("warm", max(warm, key=lambda served: len(served.calls)), 8),
        Measure("webhook to review, cold", cold.seconds, "s", digits=2),
        Measure(
            f"webhook to review, warm, p50 of {_WARM}",
            statistics.median(served.seconds for served in warm),
            "s",
            "at most",
            2,
            digits=2,
        ),
        Measure("webhook to review, warm, slowest", max(s.seconds for s in warm), "s", digits=2),
        Measure(
            "webhook to the check in sight, warm, p50",
            statistics.median(served.to_first_write for served in warm),
            "s",
            "at most",
            2,
            digits=2,
        ),
    ]


def _calls(state: str, served: Served, most: int) -> list[Measure]:
    return [
        Measure(f"GitHub calls of a review, {state}", len(served.calls), "", "at most", most),
        Measure(f"git requests of a review, {state}", served.git_requests, ""),
    ]
