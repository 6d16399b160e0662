"""Which finding a thread is about: its first comment is ours and carries the finding's mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.commands import Place
from bot.domain.finding import Fate, Finding
from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef, ThreadComment
from bot.domain.question_forms import asked_of_the_record
from bot.domain.review import Review
from bot.github.markers import marker_of_finding, markers_in
from bot.ports import PullRequests, Records

NEAR = 3
"""Lines on either side that people mean when they name one."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as a review recorded it."""

    finding: Finding
    review: Review


@dataclass(frozen=True, slots=True)
class ThreadFinding(Told):
    """A finding that was posted on a line, and our comment that tells of it."""

    comment: ThreadComment


def finding_of_thread(
    ref: PullRef, mention: Mention, pulls: PullRequests, records: Records
) -> ThreadFinding | None:
    """The finding of the thread in which the mention stands; None elsewhere."""
    if mention.place != "review_comment" or mention.in_reply_to is None:
        return None
    first = pulls.comment(ref, mention.in_reply_to)
    if first is None or not first.ours:
        return None
    marks = frozenset(markers_in(first.body))
    told = list(_with_marks(records.posted_before(ref), marks))
    posted = [one for one in told if one.finding.fate is Fate.POSTED] or told
    return ThreadFinding(posted[0].finding, posted[0].review, first) if posted else None


def as_meant(ref: PullRef, mention: Mention, pulls: PullRequests, records: Records) -> Mention:
    """The mention; in a finding's thread `explain this` is the command, as "this" is the finding.

    Elsewhere it is a question about the code.
    """
    command = asked_of_the_record(mention.command.text) if mention.command.verb == "ask" else None
    if command is None or finding_of_thread(ref, mention, pulls, records) is None:
        return mention
    return replace(mention, command=command)


def _with_marks(reviews: Sequence[Review], marks: frozenset[str]) -> Iterator[Told]:
    for review in reviews:
        for finding in review.findings:
            if marker_of_finding(finding) in marks:
                yield Told(finding, review)


def near(reviews: Sequence[Review], place: Place) -> tuple[Told, ...]:
    """Every candidate at most `NEAR` lines away, the newest review first, each finding once."""
    found: dict[str, Told] = {}
    for review in reversed(reviews):
        for finding in review.findings:
            if _is_near(finding, place):
                found.setdefault(finding.name, Told(finding, review))
    return tuple(found.values())


def _is_near(finding: Finding, place: Place) -> bool:
    if finding.path != place.path:
        return False
    spans = [(proof.line, proof.end_line) for proof in finding.evidence if proof.path == place.path]
    if finding.line is not None:
        spans.append((finding.line, finding.end_line or finding.line))
    return any(first - NEAR <= place.line <= last + NEAR for first, last in spans)
