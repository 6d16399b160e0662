"""What one review is about: settled before a model is asked anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.learning import Learning
from bot.domain.policy import Effort, Policy
from bot.domain.pull_request import PullRequest
from bot.ports import Code, Trace
from workers.repository.dependencies.broken_names import with_broken_names
from workers.repository.knowledge import Knowledge, understand, with_companions
from workers.review.budgets import why_stopped
from workers.review.history import History
from workers.review.plain_facts import fit_to_show
from workers.review.reading_policy import path_rule
from workers.review.request import Opened
from workers.review.run_steps import used_up
from workers.review.scope import Scope, only_asked
from workers.review.since import Since
from workers.review.triage import EffortChoice, Selection, choose_effort, select
from workers.review.world import Deps


@dataclass(frozen=True, slots=True)
class Assignment:
    """The pull request, its code, what is known of it, and how much effort it gets.

    `stopped`: why the day's budget lets no model be asked, "" when it does.
    """

    pull: PullRequest
    policy: Policy
    code: Code
    change: ChangeSet
    selection: Selection
    knowledge: Knowledge
    choice: EffortChoice
    since: Since
    scope: Scope
    learnings: tuple[Learning, ...]
    stopped: str

    @property
    def unread(self) -> tuple[FileChange, ...]:
        """Files that a model may read and of which something is new; all of them at first."""
        return tuple(file for file in self.selection.read if self.since.brings(file))

    @property
    def effort(self) -> Effort:
        """How much the review may spend."""
        return self.choice.effort

    @property
    def asks_nobody(self) -> bool:
        """No model is asked, even if there is one: nothing is new, or the day's budget is spent."""
        return self.since.nothing or bool(self.stopped)


def assign(opened: Opened, history: History, trace: Trace, deps: Deps) -> Assignment:
    """Choose what is read, understand what hangs on it, and decide how hard to look."""
    request, policy, change, since = opened.request, opened.policy, opened.change, history.since
    ignored, hidden = path_rule(policy.ignore), path_rule(policy.never_send)
    selection = only_asked(select(change, ignored, hidden), request.scope)
    knowledge = _known(opened, deps, ignored)
    work = Assignment(
        pull=opened.pull,
        policy=policy,
        code=opened.code,
        change=change,
        selection=selection,
        knowledge=knowledge,
        choice=choose_effort(
            selection, knowledge, request.effort, policy, since, deps.budgets.limits.window
        ),
        since=since,
        scope=request.scope,
        learnings=history.learnings,
        stopped=_stopped(opened, since, selection, trace, deps),
    )
    if deps.model is None or work.asks_nobody or work.effort == "light":
        return work
    return replace(work, knowledge=with_companions(knowledge, work.code, change, ignored))


def _known(opened: Opened, deps: Deps, ignored: Callable[[str], bool]) -> Knowledge:
    """What hangs on the change, fit to be shown; without an index nothing is asked of releases."""
    code, change = opened.code, opened.change
    knowledge = understand(code, change, opened.pull.base_tip, ignored)
    moved = with_broken_names(knowledge.dependencies, deps.releases, code, change.head, ignored)
    return fit_to_show(replace(knowledge, dependencies=moved))


def _stopped(opened: Opened, since: Since, selection: Selection, trace: Trace, deps: Deps) -> str:
    """Looked up only where a model would be asked."""
    if deps.model is None or since.nothing or not selection.read:
        return ""
    caps = deps.budgets.used_up(opened.pull.ref, opened.policy)
    if caps:
        trace.add(used_up(caps))
    return why_stopped(caps)
