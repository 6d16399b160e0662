"""Who may ask for what: by GitHub's API, and by the policy at the tip of the base branch."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.commands import FREE
from bot.domain.disputes import disputes
from bot.domain.jobs import Mention
from bot.domain.policy import Asker, Policy
from bot.domain.policy_file import parse_policy
from bot.domain.policy_resolution import resolve
from bot.domain.pull_request import PullRef
from bot.ports import Access, PullRequests, Records
from workers.commands.second_looks import is_settled
from workers.commands.thread_findings import finding_of_thread

_WIDENING: tuple[Asker, ...] = ("write", "author", "triage", "read")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is to a pull request. `author`: they opened it."""

    access: Access
    author: bool

    @property
    def guest(self) -> bool:
        """Neither may write here nor opened it: what they ask for is counted more strictly."""
        return self.access != "write" and not self.author

    def is_allowed(self, asker: Asker) -> bool:
        """Whether a setting that names `asker` lets this person."""
        mine = {self.access, "author"} if self.author else {self.access}
        return bool(mine & set(_WIDENING[: _WIDENING.index(asker) + 1]))


def standing_of(ref: PullRef, login: str, pulls: PullRequests) -> Standing:
    """By GitHub's API; logins know no letter case."""
    access = pulls.access(ref, login)
    author = access != "write" and pulls.author(ref).lower() == login.lower()
    return Standing(access, author)


def may_ask(
    ref: PullRef, mention: Mention, standing: Standing, pulls: PullRequests, records: Records
) -> bool:
    """Write access allows everything; whoever opened the pull request may look up and dispute.

    What else costs a model call or changes something needs write access, or the policy's word.
    """
    if standing.access == "write":
        return True
    verb = mention.command.verb
    if standing.author and verb in FREE:
        return True
    disputed = disputes(mention) and is_disputable(ref, mention, pulls, records)
    if disputed and standing.author:
        return True
    allow = policy_now(ref, pulls).allow
    asked = {verb, "dispute"} if disputed else {verb} - {"dispute"}
    return any(one in asked and standing.is_allowed(asker) for one, asker in allow.items())


def policy_now(ref: PullRef, pulls: PullRequests) -> Policy:
    """The policy at the tip of the base branch, read from GitHub: no clone is needed for it."""
    return resolve([parse_policy(text, source) for source, text in pulls.policy_files(ref)])


def is_disputable(ref: PullRef, mention: Mention, pulls: PullRequests, records: Records) -> bool:
    """Whether the mention stands in the thread of a finding that is still on the table."""
    found = finding_of_thread(ref, mention, pulls, records)
    return found is not None and not is_settled(ref, found, records)
