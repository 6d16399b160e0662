"""What became of findings, in Prometheus' format: counts, and the addressed rate."""

from __future__ import annotations

from bot.domain.finding import Category, Severity
from bot.domain.outcome import Became
from bot.webhook.metrics import Metrics

HEADS = [
    "# HELP plumbline_findings Posted findings by what became of them.",
    "# TYPE plumbline_findings gauge",
]
RATE = [
    "# HELP plumbline_addressed_rate Share of the settled findings that were addressed.",
    "# TYPE plumbline_addressed_rate gauge",
]


def lines(outcomes: dict[tuple[Category, Severity, Became], int]) -> list[str]:
    page = Metrics().text({}, outcomes).splitlines()
    return [row for row in page if "plumbline_findings" in row or "addressed" in row]


def test_no_finding_no_rows() -> None:
    assert lines({}) == HEADS + RATE


def test_counts_and_rates_of_what_is_settled() -> None:
    outcomes = {
        (Category.CORRECTNESS, Severity.P1, Became.FIXED): 2,
        (Category.CORRECTNESS, Severity.P1, Became.IGNORED): 1,
        (Category.CORRECTNESS, Severity.P1, Became.CLOSED): 7,
        (Category.TESTS, Severity.P2, Became.OPEN): 5,
    }
    assert lines(outcomes) == [
        *HEADS,
        'plumbline_findings{category="correctness",severity="P1",became="fixed"} 2',
        'plumbline_findings{category="correctness",severity="P1",became="ignored"} 1',
        'plumbline_findings{category="correctness",severity="P1",became="closed"} 7',
        'plumbline_findings{category="tests",severity="P2",became="open"} 5',
        *RATE,
        'plumbline_addressed_rate{category="correctness",severity="P1"} 0.6667',
    ]
