"""`@plumbline forget N`: what is remembered as N is known no longer."""

from __future__ import annotations

from bot.domain.commands import number_in
from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.github.words import learning_words
from workers.commands.world import DONE, Answering, Outcome, cannot


def forget(ref: PullRef, mention: Mention, world: Answering) -> Outcome:
    """Only what was taught here: what is promoted is forgotten in its own repository."""
    number = number_in(mention.command.text)
    if number is None:
        return cannot(learning_words.name_a_number(world.handle))
    source = f"{ref.number}/{mention.name}"
    if world.learnings.forget(ref.repository, number, source):
        return DONE
    return cannot(learning_words.not_known(number, world.handle))
