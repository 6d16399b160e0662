"""`@plumbline explain` and `why`: from the record alone; no model is asked."""

from __future__ import annotations

from bot.domain.commands import place_in
from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.github.permalinks import permalink_base
from bot.github.words import explanations
from workers.commands.thread_findings import ThreadFinding, Told, finding_of_thread, near
from workers.commands.world import Answering, Outcome, cannot


def explain(ref: PullRef, mention: Mention, world: Answering) -> Outcome:
    """How the finding was verified, with its evidence; whole, but in its own thread, where it is
    read already.
    """
    told = _told(ref, mention, world)
    if isinstance(told, Outcome):
        return told
    base = permalink_base(ref, world.web_url)
    return Outcome("\n\n".join(_explained(one, base) for one in told))


def _explained(told: Told, base: str) -> str:
    if isinstance(told, ThreadFinding):
        return explanations.explained_below(told.finding, base)
    return explanations.explained(told.finding, base)


def why(ref: PullRef, mention: Mention, world: Answering) -> Outcome:
    """Why a finding was posted; of a place, every candidate with its fate and the reason."""
    told = _told(ref, mention, world)
    if isinstance(told, Outcome):
        return told
    if place_in(mention.command.text) is None:
        return Outcome(explanations.why_posted(told[0].finding, told[0].review))
    return Outcome(explanations.fates([(one.finding, one.review) for one in told]))


def _told(ref: PullRef, mention: Mention, world: Answering) -> tuple[Told, ...] | Outcome:
    """What is meant: by its place, or by the thread; or a sentence that asks for one of them."""
    reviews = world.records.posted_before(ref)
    place = place_in(mention.command.text)
    if place is not None:
        found = near(reviews, place)
        return found or Outcome(explanations.nothing_near(place.path, place.line, len(reviews)))
    thread = finding_of_thread(ref, mention, world.pulls, world.records)
    if thread is not None:
        return (thread,)
    return cannot(explanations.name_a_finding(world.handle, mention.command.verb))
