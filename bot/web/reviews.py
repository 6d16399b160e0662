"""Reviews: those of a repository, one with all that came of it, and the texts of one step."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from bot.domain.finding import Fate, Finding
from bot.domain.identifiers import RepositoryId
from bot.domain.jobs import short_key
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.domain.review import Review
from bot.store.record_browser import MOST_STEPS, StepTexts
from bot.store.review_rows import ReviewRow
from bot.web.paging import SIZE, number_of, offset_of, screen
from bot.web.visits import Admitted, NoSuchPage

router = APIRouter()

MOST_FINDINGS = 200
"""Of one fate, on one page; the record holds all."""

FATE_WORDS: Mapping[Fate, str] = {
    Fate.POSTED: "said in a comment",
    Fate.LISTED: "shown folded, not in a comment",
    Fate.OVER_CAP: "shown folded: a cap left no room for a comment",
    Fate.BELOW_THRESHOLD: "less severe or less sure than the policy asks for",
    Fate.UNSURE: "a second look could neither confirm nor refute it",
    Fate.DISMISSED: "people, or what they taught, took it off the table",
    Fate.INTENDED: "the author's words announce it",
    Fate.DUPLICATE: "another finding says it",
    Fate.REFUTED: "a second look found it wrong",
    Fate.UNPROVEN: "a quote did not stand where it was said to",
}


@dataclass(frozen=True, slots=True)
class FateGroup:
    """The findings that met one fate, the worst first; `count` counts also those left out."""

    fate: str
    words: str
    count: int
    findings: Sequence[Finding]


@router.get("/repositories/{installation:int}/{number:int}")
def show_reviews(installation: int, number: int, visit: Admitted) -> Response:
    """The reviews of one repository, newest first."""
    repository = visit.repository(installation, number)
    page = number_of(visit.query)
    rows = visit.stores.records.reviews(installation, number, offset_of(page), SIZE + 1)
    return visit.draw("reviews.html", repository=repository, tab="", screen=screen(page, rows))


@router.get("/reviews/{key:path}")
def show_review(key: str, visit: Admitted) -> Response:
    """One review: findings with fate and reason, evidence, promises, steps."""
    found = visit.stores.records.review(key)
    if found is None:
        raise NoSuchPage
    row, review = found
    return visit.draw(
        "review.html",
        row=row,
        name=short_key(row.key),
        review=review,
        repository=visit.repository(row.installation, row.repository_id),
        pull=_pull(row),
        groups=fate_groups(review) if review else (),
        steps=visit.stores.records.steps(key, row.attempt),
        most_steps=MOST_STEPS,
    )


@router.get("/steps/{attempt:int}/{number:int}/{key:path}")
def show_step(attempt: int, number: int, key: str, visit: Admitted) -> Response:
    """What one step asked, and what it was answered."""
    if max(attempt, number) >= 2**31:
        raise NoSuchPage
    texts = visit.stores.records.step(key, attempt, number)
    if texts is None:
        raise NoSuchPage
    asked, answered = _texts(texts)
    return visit.draw(
        "step.html", key=key, name=short_key(key), step=texts.step, asked=asked, answered=answered
    )


def fate_groups(review: Review) -> Sequence[FateGroup]:
    """All findings by fate, those that people saw first; what nobody judged comes last."""
    groups = [
        _group(fate.value.replace("_", " "), words, review.with_fate(fate))
        for fate, words in FATE_WORDS.items()
    ]
    unjudged = tuple(finding for finding in review.findings if finding.fate is None)
    groups.append(_group("no fate", "nobody judged it", unjudged))
    return [group for group in groups if group.count]


def _group(fate: str, words: str, findings: Sequence[Finding]) -> FateGroup:
    worst_first = sorted(findings, key=lambda one: (one.severity, -one.confidence, one.path))
    return FateGroup(fate, words, len(findings), worst_first[:MOST_FINDINGS])


def _pull(row: ReviewRow) -> PullRef:
    repository = RepositoryRef(RepositoryId(row.repository_id), row.repository)
    return PullRef(repository, row.number)


def _texts(texts: StepTexts) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Name and text of each part of a question and of its answer; messages by role."""
    asked = [pair for name, value in texts.request.items() for pair in _pairs(name, value)]
    return asked, [(name, _text(value)) for name, value in texts.response.items()]


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - JSON of a record
    if name == "messages" and isinstance(value, list):
        said = [message for message in value if isinstance(message, dict)]
        return [(str(one.get("role", "?")), _text(one.get("content", ""))) for one in said]
    return [(name, _text(value))]


def _text(value: Any) -> str:  # noqa: ANN401 - JSON of a record
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
