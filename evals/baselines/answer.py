"""What a baseline is asked to answer, and its answer as a review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, Field

from bot.domain.diff import ChangeSet
from bot.domain.finding import Category, Fate, Finding, Origin, Severity
from bot.domain.review import Review
from workers.model.budget import Budget

REASON = "a baseline posts all that it says"


class BaselineComment(BaseModel):
    """One comment on the pull request."""

    path: str
    line: int = Field(description="of the new version of the file; 0 if none fits")
    title: str = Field(description="at most 80 characters")
    body: str = Field(description="what is wrong, when, and what follows")
    severity: Literal["P0", "P1", "P2", "P3"]


class BaselineAnswer(BaseModel):
    """The whole review; no comment is a good answer."""

    comments: list[BaselineComment]


def as_review(comments: Sequence[BaselineComment], change: ChangeSet, budget: Budget) -> Review:
    """A complete review that posts every comment as it stands, checked by nobody."""
    return Review(
        status="complete",
        base=change.base,
        head=change.head,
        effort="standard",
        findings=tuple(map(_finding, comments)),
        usage=budget.spent,
        models=budget.models,
    )


def failed(why: str, change: ChangeSet, budget: Budget) -> Review:
    """No answer came: what was spent stands in the record."""
    return Review(
        status="failed",
        base=change.base,
        head=change.head,
        effort="standard",
        usage=budget.spent,
        notes=(why,),
    )


def _finding(comment: BaselineComment) -> Finding:
    line = comment.line if comment.line > 0 else None
    return Finding(
        title=comment.title,
        body=comment.body,
        severity=Severity(comment.severity),
        category=Category.CORRECTNESS,
        origin=Origin.HUNT,
        path=comment.path,
        line=line,
        end_line=line,
        fate=Fate.POSTED,
        reason=REASON,
    )
