"""`@plumbline config`: the settings that hold for this pull request, and where each comes from."""

from __future__ import annotations

from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.github.settings_table import settings_table
from workers.commands.world import Answering, Outcome
from workers.review.reading_policy import PolicyOverrides, read_policy


def config(ref: PullRef, mention: Mention, world: Answering) -> Outcome:  # noqa: ARG001
    """As a review now would read them: from the tip of the base branch."""
    pull = world.pulls.read(ref)
    with world.repositories.open(pull) as code:
        policy = read_policy(code, pull, PolicyOverrides())
    return Outcome(settings_table(policy, pull.base_branch))
