"""A review as a page of plain lines, so that a story compares the whole of it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.finding import Finding
from bot.domain.review import Review


def told(review: Review) -> str:
    """All that a reader of the review learns, less the seconds it took."""
    rows = [f"{review.status}, {review.effort}"]
    if review.skipped:
        rows.append(f"skipped: {review.skipped}")
    rows += _intent(review)
    rows += (_finding(finding) for finding in review.findings)
    for file in review.coverage.files:
        rows.append(f"{file.state} {file.path}" + (f" ({file.reason})" if file.reason else ""))
    rows += (f"not done: {text}" for text in review.coverage.not_done)
    rows += (f"note: {text}" for text in review.notes)
    rows.append(f"{review.usage.model_calls} calls to {', '.join(review.models) or 'no model'}")
    return "\n".join(rows)


def _intent(review: Review) -> Iterator[str]:
    if not review.intent.judged:
        yield f"intent: {review.intent.note}"
    for promise in review.intent.promises:
        proof = ", ".join(f"{item.path}:{item.line}" for item in promise.evidence)
        said = f'"{promise.source.quote}" ({promise.source.where})'
        yield f"promise {said} {promise.verdict.value} [{proof}]: {promise.why}"
    for change in review.intent.unasked:
        yield f"unasked: {change.text}"


def _finding(finding: Finding) -> str:
    fate = finding.fate.value if finding.fate else "no fate"
    place = f"{finding.path}:{finding.line}"
    return f"{fate} {finding.severity.value} {place} {finding.title} - {finding.reason}"
