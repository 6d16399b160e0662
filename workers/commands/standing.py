"""Who may ask for what: by GitHub's API, and within the limits of an hour."""

from __future__ import annotations

from bot.domain.commands import FREE
from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.ports import PullRequests


def may_ask(ref: PullRef, mention: Mention, pulls: PullRequests) -> bool:
    """Write access allows everything; whoever opened the pull request may look things up.

    What costs a model call or changes something needs write access.
    """
    if pulls.may_command(ref, mention.sender):
        return True
    return mention.command.verb in FREE and is_author(ref, mention.sender, pulls)


def is_author(ref: PullRef, login: str, pulls: PullRequests) -> bool:
    """Whether this person opened the pull request. Logins are the same in any letter case."""
    return pulls.author(ref).lower() == login.lower()
