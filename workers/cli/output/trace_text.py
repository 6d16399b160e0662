"""Stored reviews as pages for a terminal: a list, and one record whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.conversation import Step
from bot.domain.finding import Finding
from bot.domain.plural import plural
from bot.domain.review import Review
from bot.store.record_search import Record
from bot.store.review_rows import ReviewRow
from workers.cli.output.fates import FATE_WORDS
from workers.cli.output.page import Page
from workers.cli.output.text import cost, place, promise_counts, verdict, worst_first


def render_list(records: Sequence[ReviewRow], width: int, colour: bool) -> str:
    """Two lines a record: when, what, how it ended; then the key to show it by."""
    page = Page(width, colour)
    if not records:
        page.line(("No review is on record here.", ""))
    for record in records:
        page.line(
            (f"{record.started_at:%Y-%m-%d %H:%M}  ", "faint"),
            (f"{_subject(record)}  ", "title"),
            (f"{_outcome(record)}  ", _STATUS_STYLES.get(record.status, "")),
            (record.title, ""),
            hang=18,
        )
        page.whole(record.key, "path", indent=18)
    return page.text()


def render_record(record: Record, steps: bool, width: int, colour: bool) -> str:
    """Inputs, plan, steps, findings with fates, cost; `steps`: their whole text too."""
    page = Page(width, colour)
    _identity(page, record.summary)
    _inputs(page, record.inputs)
    if record.review is not None:
        _plan(page, record.review)
    _steps(page, record.steps, steps)
    if record.review is not None:
        _findings(page, record.review)
    return page.text()


_STATUS_STYLES = {"complete": "kept", "partial": "partly", "failed": "broken"}


def _subject(record: ReviewRow) -> str:
    if record.number:
        return f"{record.repository}#{record.number}"
    return f"{record.repository} {record.head[:10]}"


def _outcome(record: ReviewRow) -> str:
    if record.finished_at is None:
        return "not finished"
    effort = f"{record.effort} " if record.effort else ""
    if not record.findings:
        return f"{effort}{record.status}, no findings"
    findings = plural(record.findings, "finding")
    told = "posted" if record.number else "shown"  # a local range is posted nowhere
    return f"{effort}{record.status}, {findings}, {record.posted} {told}"


def _identity(page: Page, record: ReviewRow) -> None:
    page.line((_subject(record), "title"), (f"  {_outcome(record)}", ""), hang=2)
    page.whole(record.key, "path", indent=0)
    times = [f"started {record.started_at:%Y-%m-%d %H:%M:%S} UTC"]
    if record.finished_at is not None:
        times.append(f"finished {record.finished_at:%H:%M:%S}")
    if record.published_at is not None:
        times.append(f"published {record.published_at:%Y-%m-%d %H:%M:%S}")
    if record.attempt > 1:
        times.append(f"attempt {record.attempt}")
    page.line((" · ".join(times), "faint"), hang=2)


def _inputs(page: Page, inputs: Mapping[str, Any]) -> None:
    page.heading("What the author wrote")
    page.line(("title: ", "faint"), (str(inputs.get("title", "")), ""), indent=2, hang=2)
    if inputs.get("body"):
        page.line(("body:", "faint"), indent=2)
        page.prose(str(inputs["body"]), indent=4)
    for commit in inputs.get("commits", ()):
        subject = str(commit["message"]).partition("\n")[0]
        page.line(("commit ", "faint"), (f"{commit['sha'][:10]} {subject}", ""), indent=2, hang=2)
    for issue in inputs.get("issues", ()):
        page.line(("issue ", "faint"), (f"#{issue['number']} {issue['title']}", ""), indent=2)


def _plan(page: Page, review: Review) -> None:
    page.heading("Outcome")
    page.line((verdict(review), "title"), indent=2, hang=2)
    page.line(("effort: ", "faint"), (review.effort_told, ""), indent=2, hang=2)
    promises = promise_counts(review.intent)
    if promises:
        page.line((promises, ""), indent=2, hang=2)
    for note in (*review.notes, *(f"not done: {thing}" for thing in review.coverage.not_done)):
        page.line(("! ", "P2"), (note, ""), indent=2, hang=2)
    page.line((cost(review), "faint"), indent=2, hang=2)


def _steps(page: Page, steps: Sequence[Step], whole: bool) -> None:
    page.heading(f"Steps ({len(steps)})")
    if not whole:
        page.columns([_step_row(number, step) for number, step in enumerate(steps, 1)], indent=2)
        return
    for number, step in enumerate(steps, start=1):
        page.blank()
        page.line(*((f"{words}  ", style) for words, style in _step_row(number, step)), indent=2)
        if step.prompt_version:
            page.line((f"prompt {step.prompt_version}", "faint"), indent=4)
        _values(page, "asked", step.request)
        _values(page, "answered", step.response)


def _step_row(number: int, step: Step) -> list[tuple[str, str]]:
    return [
        (f"{number}", "faint"),
        (step.kind, ""),
        (f"{step.seconds:.1f} s", "faint"),
        (_tokens(step.response), "faint"),
        (_step_name(step), "title"),
    ]


def _step_name(step: Step) -> str:
    """The name, with what tells two steps of one name apart."""
    detail = str(step.request.get("arguments", "")) if step.kind == "tool" else ""
    error = step.response.get("error")
    return f"{step.name} {detail}".strip() + (f"  failed: {error}" if error else "")


def _tokens(response: Mapping[str, Any]) -> str:
    usage = response.get("usage")
    if not isinstance(usage, Mapping):
        return ""
    return f"{usage.get('input_tokens', 0):,} in, {usage.get('output_tokens', 0):,} out"


def _values(page: Page, title: str, values: Mapping[str, Any]) -> None:
    page.line((title, "faint"), indent=4)
    for name, value in values.items():
        if name == "messages" and isinstance(value, list):
            _messages(page, value)
        elif isinstance(value, str):
            page.line((f"{name}:", "faint"), indent=6)
            page.prose(value, indent=8)
        else:
            page.line((f"{name}: ", "faint"), (json.dumps(value), ""), indent=6, hang=2)


def _messages(page: Page, messages: list[Any]) -> None:
    for message in messages:
        page.line((f"{message.get('role', '?')}:", "faint"), indent=6)
        page.prose(str(message.get("content", "")), indent=8)


def _findings(page: Page, review: Review) -> None:
    page.heading(f"All findings ({len(review.findings)})")
    for finding in worst_first(review.findings):
        _finding(page, finding)


def _finding(page: Page, finding: Finding) -> None:
    page.line(
        (f"{finding.severity.value} ", finding.severity.value),
        (finding.title, "title"),
        ("  ", ""),
        (place(finding), "path"),
        indent=2,
        hang=3,
    )
    fate = "no fate" if finding.fate is None else FATE_WORDS[finding.fate]
    page.line((fate, "title"), (f": {finding.reason}" if finding.reason else "", ""), indent=5)
    facts = f"{finding.category.value} · {finding.origin.value} · {finding.confidence:.2f}"
    page.line((f"{facts} · {finding.id}", "faint"), indent=5)
    if finding.verification:
        page.line(("verified: ", "faint"), (finding.verification, ""), indent=5, hang=2)
