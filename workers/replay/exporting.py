"""From the records and the clone to an export."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from bot.domain.conversation import Step
from bot.domain.pull_request import PullRequest
from bot.domain.record_codec import decode
from bot.domain.review import Review
from bot.domain.review_json import review_digest
from bot.errors import PermanentError, UserError
from bot.ports import Records
from bot.store.record_search import Record
from workers.replay.export import Export
from workers.repository.clones.git import Git
from workers.repository.clones.packing import write_pack
from workers.review.run_steps import EARLIER


def pull_of(record: Record) -> PullRequest:
    """The pull request as the recorded review read it.

    Raises:
        UserError: the review is not finished, or an earlier version recorded it.
    """
    key = record.summary.key
    if record.review is None or record.summary.finished_at is None:
        raise UserError(f"the review {key!r} is not finished: there is nothing to replay yet.")
    try:
        return decode(PullRequest, record.inputs)
    except ValueError as error:
        raise UserError(
            f"the record {key!r} does not hold its pull request whole: an earlier version wrote it."
        ) from error


def export_of(
    record: Record,
    records: Records,
    code: AbstractContextManager[Git],
    folder: Path,
    program: str,
) -> Export:
    """Gather one review; its pack is written into `folder`.

    Raises:
        UserError: see `pull_of`.
        PermanentError: the code, or an earlier review, is not kept any more.
        FetchFailed: no clone is kept.
    """
    pull, review = pull_of(record), record.review
    if review is None:
        raise UserError(f"the review {record.summary.key!r} is not finished.")
    with code as git:
        packed = write_pack(git, pull, folder)
    summary = record.summary
    about = {
        "key": summary.key,
        "attempt": summary.attempt,
        "started_at": summary.started_at.isoformat(),
        "finished_at": summary.finished_at and summary.finished_at.isoformat(),
        "program": program,
    }
    earlier = _earlier(record.steps, records.posted_before(pull.ref))
    return Export(about, pull, earlier, record.steps, review, packed)


def _earlier(steps: Sequence[Step], published: Sequence[Review]) -> tuple[Review, ...]:
    """Of all that were published by now, those that this one was held against."""
    known = {review_digest(review): review for review in published}
    asked = [
        str(digest)
        for step in steps
        if step.kind == "stage" and step.name == EARLIER
        for digest in step.response.get("digests", ())
    ]
    if any(digest not in known for digest in asked):
        raise PermanentError(
            "an earlier review, which this one was held against, was made again since: "
            "what it said then is not kept"
        )
    return tuple(known[digest] for digest in asked)
