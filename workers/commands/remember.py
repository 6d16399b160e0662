"""`@plumbline remember TEXT [for paths]`: what a person teaches, for later reviews."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.commands import lesson_in
from bot.domain.finding import Finding
from bot.domain.jobs import Mention
from bot.domain.learning import (
    LONGEST_LEARNING,
    LearningOrigin,
    Taught,
    Teaching,
    from_finding,
    one_line,
    teaching_problem,
)
from bot.domain.pull_request import PullRef
from bot.domain.ruling import Ruling
from bot.github.permalinks import comment_page
from bot.github.words import learning_words
from workers.commands.world import Answering, Outcome, cannot
from workers.model.redaction import redact


def remember(ref: PullRef, mention: Mention, world: Answering) -> Outcome:
    """Keep it under a number, and say which."""
    lesson = lesson_in(mention.command.text)
    words = redact(one_line(lesson.words))[0]
    if not words:
        return cannot(learning_words.nothing_to_remember(world.handle))
    if problem := teaching_problem(words, lesson.paths):
        return cannot(learning_words.not_remembered(problem))
    teaching = replace(_teaching(ref, mention, world), paths=lesson.paths)
    taught = world.learnings.teach(ref.repository, words, teaching)
    return Outcome(learning_words.remembered(taught, world.handle))


def may_teach(ref: PullRef, mention: Mention, world: Answering) -> bool:
    """Whether they have write access; a policy lets others dismiss and reopen, but not teach."""
    return world.pulls.access(ref, mention.sender) == "write"


def learn_from(
    ref: PullRef, mention: Mention, finding: Finding, ruling: Ruling, world: Answering
) -> Taught | None:
    """Keep the reason for which a finding went.

    None where there is none, no place for it, or where whoever gave it may not teach.
    """
    words = redact(one_line(ruling.reason))[0]
    if not words or not may_teach(ref, mention, world):
        return None
    if len(words) > LONGEST_LEARNING:
        words = words[: LONGEST_LEARNING - 3].rstrip() + "..."
    origin: LearningOrigin = "dismissed" if ruling.kind == "dismissed" else "withdrawn"
    teaching = from_finding(finding, replace(_teaching(ref, mention, world), origin=origin))
    return None if teaching is None else world.learnings.teach(ref.repository, words, teaching)


def _teaching(ref: PullRef, mention: Mention, world: Answering) -> Teaching:
    return Teaching(
        source=f"{ref.number}/{mention.name}",
        author=mention.sender,
        link=comment_page(ref, mention, world.web_url),
        pull=ref.number,
    )
