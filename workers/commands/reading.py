"""What a question about a pull request is asked with: its change packed, tools, a budget."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.conversation import Message
from bot.domain.diff import ChangeSet
from bot.domain.finding import Evidence, Finding
from bot.domain.identifiers import Sha
from bot.domain.pull_request import PullRequest, ThreadComment
from bot.github.permalinks import permalink_base
from bot.ports import Code, Model, Trace
from workers.commands.thread_findings import ThreadFinding
from workers.commands.world import Answering
from workers.context.budget import LIMITS, fitted
from workers.context.guidelines import Rules
from workers.context.learnings import matching, offered
from workers.context.pack import pack_change
from workers.context.sources import Sources
from workers.model.conversation import Session
from workers.model.prompts import load_prompt
from workers.model.redaction import redact
from workers.model.rendering import visible
from workers.model.tools import Toolbox
from workers.model.window import Window
from workers.repository.knowledge import understand
from workers.review.answers import Quote, evidence_of
from workers.review.evidence import standing
from workers.review.plain_facts import fit_to_show
from workers.review.reading_policy import PolicyOverrides, path_rule, read_policy
from workers.review.room import prefix
from workers.review.triage import select

_MOST_COMMENTS = 30
_MOST_COMMENT = 2_000
_MOST_QUESTION = 8_000
_MOST_HUNK_LINES = 12


class _Unwatched:
    """Nobody supersedes a question, and its stages are not shown."""

    def begin(self, pull: PullRequest, key: str) -> None:
        """Nothing to show."""

    def stage(self, name: str) -> None:
        """Nothing to show."""

    def check(self) -> None:
        """Always wanted."""


UNWATCHED = _Unwatched()


@dataclass(frozen=True, slots=True)
class Reading:
    """`shared`: the messages with the change that come before the question.

    `base` is where links to code lie, as `permalink_base` makes it.
    """

    session: Session
    shared: tuple[Message, ...]
    change: ChangeSet
    sources: Sources
    base: str

    def stands(self, quotes: list[Quote]) -> tuple[Evidence, ...]:
        """The quotes that plain code finds where they are said to be."""
        return standing(evidence_of(quotes, self.change), self.sources.lines)


def read_for_questions(
    pull: PullRequest, code: Code, model: Model, world: Answering, progress: Trace
) -> Reading:
    """Read the change as a standard review would, within its budget; `progress` hears each step."""
    policy = read_policy(code, pull, PolicyOverrides())
    hidden, ignored = path_rule(policy.never_send), path_rule(policy.ignore)
    change, window = code.changes(), Window(world.budgets.limits.window)
    limits = fitted(LIMITS["standard"], window)
    sources = Sources(code, hidden)
    knowledge = fit_to_show(understand(code, change, pull.base_tip, ignored))
    read = select(change, ignored, hidden).read
    repository = pull.ref.repository
    known = matching(world.learnings.known(repository), change)
    learned = offered(known, repository.id)
    packing = pack_change(change, read, knowledge, sources, Rules(learned=learned), limits)
    budget = world.budgets.of(pull.ref, policy, "standard")
    toolbox = Toolbox(code, change.base, change.head, hidden)
    session = Session(model, toolbox, budget, progress, UNWATCHED, window)
    system = Message("system", load_prompt("system").template)
    shared = prefix(packing.packs[0]) if packing.packs else (system,)
    return Reading(session, tuple(shared), change, sources, permalink_base(pull.ref, world.web_url))


def as_data(text: str) -> str:
    """A person's words as a model may read them: no credentials, nothing invisible, bounded."""
    return visible(redact(text)[0])[:_MOST_QUESTION]


def thread_words(pull: PullRequest, comment_id: int, whole: bool = False) -> str:
    """The thread that a comment begins, oldest first; "" where it is not among those read.

    Not `whole`: less that comment, which is our finding.
    """
    for thread in pull.threads:
        if thread.comments and thread.comments[0].id == comment_id:
            said = thread.comments[0 if whole else 1 :][-_MOST_COMMENTS:]
            return "\n".join(
                f"{'Plumbline' if one.ours else as_data(one.author)}: "
                f"{as_data(one.body[:_MOST_COMMENT])}"
                for one in said
            )
    return ""


def line_words(first: ThreadComment, sources: Sources) -> str:
    """Where a thread stands: the file, and the diff up to its line; "" of what no model may read.

    Also of a line that is outdated: that is what the writer saw.
    """
    if not first.path or sources.hides(first.path):
        return ""
    return as_data("\n".join([first.path, *first.hunk.split("\n")[-_MOST_HUNK_LINES:]]))


def may_be_shown(finding: Finding, sources: Sources) -> bool:
    """Plain code's findings may quote files that the policy sends to no model.

    Paths tell: after a push, the commit that a finding quotes is not at hand any more.
    """
    return not any(sources.hides(proof.path) for proof in finding.evidence)


def finding_words(found: ThreadFinding, head: Sha) -> str:
    """The finding as it was put to people, with its quotes, and what the head was and is."""
    finding, then = found.finding, found.review.head
    rows = [f"{finding.severity.value}, {finding.category.value}: {finding.title}", finding.body]
    if then != head:
        rows.append(f"Found at {then[:7]}; it was pushed since, and the head is {head[:7]} now.")
    rows += [f"Happens when: {finding.trigger}"] if finding.trigger else []
    rows += [
        f"{proof.path}:{proof.line} at {proof.commit[:7]}: {proof.quote}"
        for proof in finding.evidence
    ]
    rows += [f"Verified: {finding.verification}"] if finding.verification else []
    return as_data("\n".join(rows))
