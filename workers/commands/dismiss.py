"""`@plumbline dismiss [reason]`, `resolve`, `reopen [reason]`: what people settle of a finding."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.finding import Finding
from bot.domain.jobs import Mention
from bot.domain.learning import Taught
from bot.domain.pull_request import PullRef
from bot.domain.ruling import Ruling
from bot.github.permalinks import permalink_base
from bot.github.words import explanations, learning_words, settlements
from bot.github.words.inline_comments import comment_body
from workers.commands.remember import learn_from, may_teach
from workers.commands.thread_findings import ThreadFinding, finding_of_thread
from workers.commands.world import DONE, Answering, Outcome, cannot
from workers.review.open_findings import open_findings


def dismiss(ref: PullRef, mention: Mention, world: Answering) -> Outcome:
    """Strike the finding out and resolve its thread; later reviews do not raise it again.

    The reason, where one is given, is remembered.
    """
    found = finding_of_thread(ref, mention, world.pulls, world.records)
    if found is None:
        return cannot(explanations.name_a_finding(world.handle, "dismiss"))
    reason = mention.command.text
    ruling = Ruling(found.finding.name, "dismissed", reason, mention.sender, mention.name)
    taught = learn_from(ref, mention, found.finding, ruling, world)
    return take_off(ref, found, ruling, taught, world)


def take_off(
    ref: PullRef, found: ThreadFinding, ruling: Ruling, taught: Taught | None, world: Answering
) -> Outcome:
    """Record that a finding is off the table, and show it in its thread, with what it taught."""
    world.records.rule(ref, ruling)
    base = permalink_base(ref, world.web_url)
    note = learning_words.also_remembered(taught, world.handle) if taught else ""
    text = settlements.struck(found.finding, ruling, base, note)
    world.publisher.rewrite(ref, found.comment.id, text)
    return _set_resolved(ref, (found.finding,), True, world)


def resolve(ref: PullRef, mention: Mention, world: Answering) -> Outcome:
    """Resolve the thread; outside of threads, those of all findings that are open."""
    found = finding_of_thread(ref, mention, world.pulls, world.records)
    if found is not None:
        return _set_resolved(ref, (found.finding,), True, world)
    opened = [one.finding for one in open_findings(world.records.posted_before(ref))]
    if not opened or mention.place == "review_comment":
        return cannot(settlements.nothing_to_resolve())
    return _set_resolved(ref, opened, True, world)


def reopen(ref: PullRef, mention: Mention, world: Answering) -> Outcome:
    """Take a dismissal or withdrawal back, and what it taught: the finding is open as it was."""
    found = finding_of_thread(ref, mention, world.pulls, world.records)
    if found is None:
        return cannot(explanations.name_a_finding(world.handle, "reopen"))
    reason = mention.command.text
    ruling = Ruling(found.finding.name, "reopened", reason, mention.sender, mention.name)
    world.records.rule(ref, ruling)
    if may_teach(ref, mention, world):
        world.learnings.take_back(ref.repository, ref.number, found.finding.name)
    base = permalink_base(ref, world.web_url)
    world.publisher.rewrite(ref, found.comment.id, comment_body(found.finding, base))
    return _set_resolved(ref, (found.finding,), False, world)


def _set_resolved(
    ref: PullRef, findings: Sequence[Finding], resolved: bool, world: Answering
) -> Outcome:
    """Resolving may need a right that the App does not ask for."""
    taken = world.publisher.resolve(ref, findings, resolved)
    return DONE if taken else Outcome(settlements.not_resolved(), "+1")
