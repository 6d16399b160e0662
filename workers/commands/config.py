"""`@plumbline config`: the settings that hold for this pull request, and where each comes from."""

from __future__ import annotations

from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.github.words.settings_table import settings_table
from workers.commands.standing import policy_now
from workers.commands.world import Answering, Outcome


def config(ref: PullRef, mention: Mention, world: Answering) -> Outcome:  # noqa: ARG001
    """As a review now would read them: from the tip of the base branch."""
    pull = world.pulls.read(ref)
    return Outcome(settings_table(policy_now(ref, world.pulls), pull.base_branch))
