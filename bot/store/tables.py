"""The tables of the records, typed. `migrations.py` creates them; a test holds the two together.

Keys are natural (a review's key, then a position), so SQLite and PostgreSQL share one set of
statements. Times are aware and in UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    MetaData,
    Named,
    Table,
    Text,
    TypedColumns,
    TypeDecorator,
)


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time, also on SQLite, which would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC; SQLite stores the naive text of it."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PlainText(TypeDecorator[str]):
    """Text of a repository. No NUL in PostgreSQL, no lone surrogate in UTF-8: both are replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """What cannot be stored becomes U+FFFD or a question mark."""
        if value is None:
            return None
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()


METADATA = MetaData()


class ReviewColumns(TypedColumns):
    """One review under its key. `document` is None until it was finished.

    `status` is "running" until then, afterwards the review's. `attempt` counts the starts.
    `installation_id` is 0 in terminal use. `inputs` is the whole pull request, by `record_codec`.
    """

    key: Named[str] = Column(PlainText, primary_key=True)
    installation_id: Named[int] = Column(BigInteger)
    repository_id: Named[int] = Column(BigInteger)
    repository: Named[str] = Column(PlainText)
    number: Named[int] = Column(BigInteger)
    head: Named[str] = Column(PlainText)
    base: Named[str] = Column(PlainText)
    attempt: Named[int] = Column(BigInteger)
    status: Named[str] = Column(PlainText)
    effort: Named[str] = Column(PlainText)
    started_at: Named[datetime] = Column(UtcTime)
    finished_at: Named[datetime | None] = Column(UtcTime)
    published_at: Named[datetime | None] = Column(UtcTime)
    github_review_id: Named[int | None] = Column(BigInteger)
    inputs: Named[dict[str, Any]] = Column(JSON)
    document: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))


REVIEWS = Table("reviews", METADATA, ReviewColumns)


class FindingColumns(TypedColumns):
    """One candidate finding with its scores and its fate: what a threshold back-test reads."""

    review_key: Named[str] = Column(
        PlainText, ForeignKey("reviews.key", ondelete="CASCADE"), primary_key=True
    )
    position: Named[int] = Column(BigInteger, primary_key=True)
    finding_id: Named[str] = Column(PlainText)
    fingerprint: Named[str] = Column(PlainText)
    path: Named[str] = Column(PlainText)
    line: Named[int | None] = Column(BigInteger)
    severity: Named[str] = Column(PlainText)
    category: Named[str] = Column(PlainText)
    origin: Named[str] = Column(PlainText)
    confidence: Named[float] = Column(Float)
    fate: Named[str] = Column(PlainText)
    reason: Named[str] = Column(PlainText)
    title: Named[str] = Column(PlainText)


FINDINGS = Table("findings", METADATA, FindingColumns)


class StepColumns(TypedColumns):
    """One model call, tool call or stage, kept as it happened; `seconds` is its duration."""

    review_key: Named[str] = Column(
        PlainText, ForeignKey("reviews.key", ondelete="CASCADE"), primary_key=True
    )
    attempt: Named[int] = Column(BigInteger, primary_key=True)
    number: Named[int] = Column(BigInteger, primary_key=True)
    kind: Named[str] = Column(PlainText)
    name: Named[str] = Column(PlainText)
    prompt_version: Named[str] = Column(PlainText)
    request: Named[dict[str, Any]] = Column(JSON)
    response: Named[dict[str, Any]] = Column(JSON)
    seconds: Named[float] = Column(Float)


STEPS = Table("steps", METADATA, StepColumns)


class SpendingColumns(TypedColumns):
    """What models cost on one day of UTC (`2026-01-31`).

    `place` is an installation ("5", in terminal use "0") or one of its repositories ("5/11").
    `tokens` are input and output, `seconds` were spent waiting, `usd` counts models of known price.
    """

    place: Named[str] = Column(PlainText, primary_key=True)
    day: Named[str] = Column(PlainText, primary_key=True)
    calls: Named[int] = Column(BigInteger)
    tokens: Named[int] = Column(BigInteger)
    seconds: Named[float] = Column(Float)
    usd: Named[float] = Column(Float)


SPENDING = Table("spending", METADATA, SpendingColumns)


class RulingColumns(TypedColumns):
    """What one comment decided about one finding of a pull request."""

    installation_id: Named[int] = Column(BigInteger, primary_key=True)
    repository_id: Named[int] = Column(BigInteger, primary_key=True)
    number: Named[int] = Column(BigInteger, primary_key=True)
    finding: Named[str] = Column(PlainText, primary_key=True)
    source: Named[str] = Column(PlainText, primary_key=True)
    kind: Named[str] = Column(PlainText)
    reason: Named[str] = Column(PlainText)
    person: Named[str] = Column(PlainText)
    ruled_at: Named[datetime] = Column(UtcTime)


RULINGS = Table("rulings", METADATA, RulingColumns)


class ReplyColumns(TypedColumns):
    """The answer to one mention. Its key begins with the pull request's (`PullRef.key`)."""

    key: Named[str] = Column(PlainText, primary_key=True)
    text: Named[str] = Column(PlainText)


REPLIES = Table("replies", METADATA, ReplyColumns)


class LearningColumns(TypedColumns):
    """What a repository was taught, under its number. A row stays, so that no number comes again.

    `forgotten_by` names what ended it, "" while it holds; its text is deleted then. `repository` is
    the name that it was taught under; `private`: it was so, or not known, when anybody taught it.
    """

    installation_id: Named[int] = Column(BigInteger, primary_key=True)
    repository_id: Named[int] = Column(BigInteger, primary_key=True)
    number: Named[int] = Column(BigInteger, primary_key=True)
    repository: Named[str] = Column(PlainText)
    private: Named[bool] = Column(Boolean)
    text: Named[str] = Column(PlainText)
    promoted: Named[bool] = Column(Boolean)
    forgotten_by: Named[str] = Column(PlainText)


LEARNINGS = Table("learnings", METADATA, LearningColumns)


class TeachingColumns(TypedColumns):
    """Who taught it, where and when; `teaching` is the whole value, by `record_codec`."""

    installation_id: Named[int] = Column(BigInteger, primary_key=True)
    repository_id: Named[int] = Column(BigInteger, primary_key=True)
    source: Named[str] = Column(PlainText, primary_key=True)
    number: Named[int] = Column(BigInteger)
    pull: Named[int] = Column(BigInteger)
    finding: Named[str] = Column(PlainText)
    taken_back: Named[bool] = Column(Boolean)
    taught_at: Named[datetime] = Column(UtcTime)
    teaching: Named[dict[str, Any]] = Column(JSON)


TEACHINGS = Table("teachings", METADATA, TeachingColumns)


class LearningUseColumns(TypedColumns):
    """That a review was given a learning, and whether it took a finding off the table there."""

    installation_id: Named[int] = Column(BigInteger, primary_key=True)
    repository_id: Named[int] = Column(BigInteger, primary_key=True)
    number: Named[int] = Column(BigInteger, primary_key=True)
    review_key: Named[str] = Column(PlainText, primary_key=True)
    silenced: Named[bool] = Column(Boolean)
    used_at: Named[datetime] = Column(UtcTime)


LEARNING_USES = Table("learning_uses", METADATA, LearningUseColumns)


class OutcomeColumns(TypedColumns):
    """What became of one posted finding; see `bot.domain.outcome`. `month` is of `posted_at`.

    Each `..._at` is when the signal was first seen, null while it is not there.
    """

    installation_id: Named[int] = Column(BigInteger, primary_key=True)
    repository_id: Named[int] = Column(BigInteger, primary_key=True)
    number: Named[int] = Column(BigInteger, primary_key=True)
    finding: Named[str] = Column(PlainText, primary_key=True)
    repository: Named[str] = Column(PlainText)
    title: Named[str] = Column(PlainText)
    path: Named[str] = Column(PlainText)
    kind: Named[str] = Column(PlainText)
    category: Named[str] = Column(PlainText)
    severity: Named[str] = Column(PlainText)
    origin: Named[str] = Column(PlainText)
    confidence: Named[float] = Column(Float)
    posted_at: Named[datetime] = Column(UtcTime)
    month: Named[str] = Column(PlainText)
    withdrawn_at: Named[datetime | None] = Column(UtcTime)
    dismissed_at: Named[datetime | None] = Column(UtcTime)
    disputed_at: Named[datetime | None] = Column(UtcTime)
    fixed_at: Named[datetime | None] = Column(UtcTime)
    changed_at: Named[datetime | None] = Column(UtcTime)
    resolved_at: Named[datetime | None] = Column(UtcTime)
    liked_at: Named[datetime | None] = Column(UtcTime)
    disliked_at: Named[datetime | None] = Column(UtcTime)
    merged_at: Named[datetime | None] = Column(UtcTime)
    closed_at: Named[datetime | None] = Column(UtcTime)
    ups: Named[int] = Column(BigInteger)
    downs: Named[int] = Column(BigInteger)
    became: Named[str] = Column(PlainText)


OUTCOMES = Table("outcomes", METADATA, OutcomeColumns)


class ProposalColumns(TypedColumns):
    """A class of defect of which a guideline was proposed, and the review that proposed it."""

    installation_id: Named[int] = Column(BigInteger, primary_key=True)
    repository_id: Named[int] = Column(BigInteger, primary_key=True)
    category: Named[str] = Column(PlainText, primary_key=True)
    kind: Named[str] = Column(PlainText, primary_key=True)
    review_key: Named[str] = Column(PlainText)
    proposed_at: Named[datetime] = Column(UtcTime)


PROPOSALS = Table("proposals", METADATA, ProposalColumns)
