"""The tables of the records, typed. `migrations.py` creates them; a test holds the two together.

Keys are natural (a review's key, then a position), so SQLite and PostgreSQL share one set of
statements. Times are aware and in UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Float, ForeignKey, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


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


class Base(DeclarativeBase):
    """Which column type each annotation stands for."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: PlainText(),
        int: BigInteger(),
        float: Float(),
        datetime: UtcTime(),
        dict[str, Any]: JSON(),
    }


class ReviewRow(Base):
    """One review under its key. `document` is None until it was finished.

    `status` is "running" until then, afterwards the review's. `attempt` counts the starts.
    `installation_id` is 0 in terminal use. `inputs` holds title, body, commits and issues.
    """

    __tablename__ = "reviews"

    key: Mapped[str] = mapped_column(primary_key=True)
    installation_id: Mapped[int]
    repository_id: Mapped[int]
    repository: Mapped[str]
    number: Mapped[int]
    head: Mapped[str]
    base: Mapped[str]
    attempt: Mapped[int]
    status: Mapped[str]
    effort: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    github_review_id: Mapped[int | None]
    inputs: Mapped[dict[str, Any]]
    document: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class FindingRow(Base):
    """One candidate finding with its scores and its fate: what a threshold back-test reads."""

    __tablename__ = "findings"

    review_key: Mapped[str] = mapped_column(
        ForeignKey("reviews.key", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[str]
    fingerprint: Mapped[str]
    path: Mapped[str]
    line: Mapped[int | None]
    severity: Mapped[str]
    category: Mapped[str]
    origin: Mapped[str]
    confidence: Mapped[float]
    fate: Mapped[str]
    reason: Mapped[str]
    title: Mapped[str]


class StepRow(Base):
    """One model call, tool call or stage, kept as it happened; `seconds` is its duration."""

    __tablename__ = "steps"

    review_key: Mapped[str] = mapped_column(
        ForeignKey("reviews.key", ondelete="CASCADE"), primary_key=True
    )
    attempt: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    prompt_version: Mapped[str]
    request: Mapped[dict[str, Any]]
    response: Mapped[dict[str, Any]]
    seconds: Mapped[float]


class ReplyRow(Base):
    """The answer to one mention. Its key begins with the pull request's (`PullRef.key`)."""

    __tablename__ = "replies"

    key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
