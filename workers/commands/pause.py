"""`@plumbline pause`, `resume` and `stop`: when this pull request is reviewed."""

from __future__ import annotations

from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.github.words import notices
from workers.commands.world import Answering, Outcome, cannot


def pause(ref: PullRef, mention: Mention, world: Answering) -> Outcome:
    """No automatic reviews until somebody resumes."""
    world.wanted.pause(ref, mention.sender)
    return Outcome(notices.paused(world.handle))


def resume(ref: PullRef, world: Answering) -> Outcome | None:
    """Automatic reviews go on. None: a review of what came meanwhile is the answer."""
    if not world.wanted.current(ref).paused_by:
        return cannot(notices.not_paused())
    world.wanted.pause(ref, "")
    return None


def stop(ref: PullRef, mention: Mention, world: Answering) -> Outcome:
    """Cancel the review that is being made or waits, whoever asked for it."""
    if world.wanted.stop(ref, mention.sender):
        return Outcome(notices.stopped())
    return cannot(notices.nothing_runs())
