"""Lines of code to show beside a finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.diff import Side
from bot.domain.finding import Evidence, Finding
from bot.domain.identifiers import Sha

Sources = Callable[[Sha, str], bytes | None]
"""A file's bytes at a commit, None where there is none: `ports.Code.read`."""

CONTEXT_LINES = 2
LONGEST_SNIPPET = 14


@dataclass(frozen=True, slots=True)
class SnippetLine:
    """One line of code; `marked` when it is meant, not only context."""

    number: int
    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """Consecutive lines of one file; `left_out` counts marked lines that were too many to show."""

    lines: tuple[SnippetLine, ...]
    left_out: int = 0


def finding_snippet(finding: Finding, base: Sha, head: Sha, sources: Sources) -> Snippet | None:
    """The commented lines with a little context, or None where no line carries the finding."""
    if finding.line is None:
        return None
    commit = commit_of(finding.side, base, head)
    last = finding.end_line or finding.line
    return cut(_lines(sources(commit, finding.path)), finding.line, last, CONTEXT_LINES)


def evidence_snippet(evidence: Evidence) -> Snippet:
    """The quote itself: it was checked against its commit, so nothing is read again."""
    quoted = evidence.quote.removesuffix("\n").split("\n")
    lines = [
        SnippetLine(number, text, True) for number, text in enumerate(quoted, start=evidence.line)
    ]
    return Snippet(tuple(lines[:LONGEST_SNIPPET]), max(0, len(lines) - LONGEST_SNIPPET))


def commit_of(side: Side, base: Sha, head: Sha) -> Sha:
    """LEFT lines are the merge base's, RIGHT lines the head's."""
    return head if side == "RIGHT" else base


def cut(lines: Sequence[str], first: int, last: int, context: int) -> Snippet | None:
    """Lines `first`..`last` (1-based) with context around; None where the file is too short."""
    if not 1 <= first <= len(lines):
        return None
    last = min(max(first, last), len(lines))
    shown = min(last, first + LONGEST_SNIPPET - 1)
    start = max(1, first - context)
    end = shown if shown < last else min(len(lines), last + context)
    while start < first and not lines[start - 1].strip():
        start += 1
    while end > last and not lines[end - 1].strip():
        end -= 1
    numbers = range(start, end + 1)
    return Snippet(
        tuple(SnippetLine(n, lines[n - 1], first <= n <= last) for n in numbers), last - shown
    )


def _lines(content: bytes | None) -> list[str]:
    if not content:
        return []
    return content.decode(errors="replace").removesuffix("\n").split("\n")
