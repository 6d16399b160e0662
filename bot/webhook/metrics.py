"""Counts since the receiver started, the queues' depths, and what became of findings.

In Prometheus' text format.

https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.finding import Category, Severity
from bot.domain.outcome import Became
from bot.domain.outcome_rates import AddressedRate

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(slots=True)
class Metrics:
    """Counters of one receiver process. Outcomes are a closed list: no label comes from outside."""

    deliveries: Counter[str] = field(default_factory=Counter)
    durations: list[int] = field(default_factory=lambda: [0] * len(BUCKETS_SECONDS))
    seconds: float = 0.0

    def count(self, outcome: str, seconds: float) -> None:
        """One delivery was answered, after so many seconds."""
        self.deliveries[outcome] += 1
        self.seconds += seconds
        for at, bound in enumerate(BUCKETS_SECONDS):
            if seconds <= bound:
                self.durations[at] += 1
                return

    def text(
        self,
        depths: Mapping[tuple[str, str], int],
        outcomes: Mapping[tuple[Category, Severity, Became], int] | None = None,
    ) -> str:
        """The whole page. `depths`: (queue, state) -> jobs; empty while Redis does not answer.

        `outcomes`: how many posted findings became what, of all repositories together.
        """
        lines = [
            *_head("plumbline_deliveries_total", "counter", "Webhook deliveries by outcome."),
            *_rows("plumbline_deliveries_total", ("outcome",), sorted(self._rows())),
            *self._duration_lines(),
            *_head("plumbline_jobs", "gauge", "Jobs by queue and state."),
            *_rows("plumbline_jobs", ("queue", "state"), depths.items()),
            *_outcome_lines(outcomes or {}),
            *_head("plumbline_store_up", "gauge", "Whether Redis answers."),
            f"plumbline_store_up {int(bool(depths))}",
        ]
        return "\n".join(lines) + "\n"

    def _rows(self) -> Iterable[tuple[tuple[str, ...], int]]:
        return (((outcome,), count) for outcome, count in self.deliveries.items())

    def _duration_lines(self) -> list[str]:
        name, total, lines = "plumbline_delivery_seconds", self.deliveries.total(), []
        below = 0
        for bound, count in zip(BUCKETS_SECONDS, self.durations, strict=True):
            below += count
            lines.append(f'{name}_bucket{{le="{bound}"}} {below}')
        return [
            *_head(name, "histogram", "Seconds until a delivery was answered."),
            *lines,
            f'{name}_bucket{{le="+Inf"}} {total}',
            f"{name}_sum {self.seconds:.6f}",
            f"{name}_count {total}",
        ]


def _outcome_lines(outcomes: Mapping[tuple[Category, Severity, Became], int]) -> list[str]:
    """No more rows than there are categories, severities and outcomes: a repository is no label."""
    findings, rate = "plumbline_findings", "plumbline_addressed_rate"
    rates: dict[tuple[str, ...], AddressedRate] = {}
    for (category, severity, became), count in outcomes.items():
        so_far = rates.get((category, severity), AddressedRate())
        rates[category, severity] = so_far.plus(became, count)
    settled = [(sort, f"{one.rate:.4f}") for sort, one in rates.items() if one.rate is not None]
    return [
        *_head(findings, "gauge", "Posted findings by what became of them."),
        *_rows(findings, ("category", "severity", "became"), outcomes.items()),
        *_head(rate, "gauge", "Share of the settled findings that were addressed."),
        *_rows(rate, ("category", "severity"), settled),
    ]


def _head(name: str, kind: str, text: str) -> tuple[str, str]:
    return f"# HELP {name} {text}", f"# TYPE {name} {kind}"


def _rows(
    name: str, labels: tuple[str, ...], rows: Iterable[tuple[tuple[str, ...], int | str]]
) -> list[str]:
    return [f"{name}{{{_labels(labels, values)}}} {count}" for values, count in rows]


def _labels(names: tuple[str, ...], values: tuple[str, ...]) -> str:
    return ",".join(f'{name}="{value}"' for name, value in zip(names, values, strict=True))
