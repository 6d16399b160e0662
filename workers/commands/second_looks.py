"""Whether a disputed finding is looked at again; where it is not, its thread is told so once."""

from __future__ import annotations

from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.domain.ruling import MOST_ROUNDS, closed_by, rounds
from bot.ports import PullRequests, Records
from workers.commands.thread_findings import ThreadFinding, finding_of_thread
from workers.commands.world import Outcome


def is_settled(ref: PullRef, found: ThreadFinding, records: Records) -> bool:
    """Whether the finding is off the table: there is nothing left to dispute."""
    return closed_by(records.rulings(ref), found.finding.name) is not None


def looks_are_left(ref: PullRef, found: ThreadFinding, records: Records) -> bool:
    """Whether it was looked at again less often than makes people judge."""
    return rounds(records.rulings(ref), found.finding.name) < MOST_ROUNDS


def is_heard(
    ref: PullRef, mention: Mention, pulls: PullRequests, records: Records, with_model: bool
) -> bool:
    """Whether an answer without a mention is said to us: people talk to each other in threads.

    Where no model is there to look, the first one is, to be told so.
    """
    found = finding_of_thread(ref, mention, pulls, records)
    if found is None or is_settled(ref, found, records):
        return False
    if with_model:
        return looks_are_left(ref, found, records)
    return _told_by(ref, found, records) in (None, mention.name)


def tell_once(
    ref: PullRef, mention: Mention, found: ThreadFinding, why: str, records: Records
) -> Outcome:
    """That people judge; without words where the thread was told already."""
    if _told_by(ref, found, records) not in (None, mention.name):
        return Outcome(reaction="confused")
    records.keep_reply(_key(ref, found), mention.name)
    return Outcome(why, "confused")


def _told_by(ref: PullRef, found: ThreadFinding, records: Records) -> str | None:
    """The comment that was answered so; a job that runs again answers it again."""
    return records.reply(_key(ref, found))


def _key(ref: PullRef, found: ThreadFinding) -> str:
    """Beside the replies of this pull request, with which it goes."""
    return f"{ref.key}/people-judge/{found.finding.name}"
