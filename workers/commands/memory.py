"""`@plumbline memory`: what is remembered here."""

from __future__ import annotations

from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.github.words import learning_words
from workers.commands.world import Answering, Outcome


def memory(ref: PullRef, mention: Mention, world: Answering) -> Outcome:  # noqa: ARG001
    """All that a review here could be given; whether the repository is private is read again."""
    repository = world.pulls.read(ref).ref.repository
    learnings = world.learnings.known(repository)
    if not learnings:
        return Outcome(learning_words.nothing_known(world.handle))
    return Outcome(learning_words.memory(learnings, repository))
