"""Who may ask for what: by GitHub's API."""

from __future__ import annotations

from bot.domain.commands import FREE
from bot.domain.disputes import disputes
from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.ports import PullRequests, Records
from workers.commands.dispute import open_to_dispute
from workers.commands.thread_findings import finding_of_thread


def may_ask(ref: PullRef, mention: Mention, pulls: PullRequests, records: Records) -> bool:
    """Write access allows everything; whoever opened the pull request may look up and dispute.

    What else costs a model call or changes something needs write access.
    """
    if pulls.may_command(ref, mention.sender):
        return True
    if mention.command.verb not in FREE and not disputes(mention):
        return False
    if pulls.author(ref).lower() != mention.sender.lower():  # logins know no letter case
        return False
    return mention.command.verb in FREE or is_disputable(ref, mention, pulls, records)


def is_disputable(ref: PullRef, mention: Mention, pulls: PullRequests, records: Records) -> bool:
    """Whether the mention stands in the thread of a finding about which there is more to say."""
    found = finding_of_thread(ref, mention, pulls, records)
    return found is not None and open_to_dispute(ref, found, records)
