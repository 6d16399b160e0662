"""Which changed files are worth reading, and how much effort the change deserves. No model.

The rules are by path, content and size; the chosen effort is shown with its reason.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.jobs import Trigger
from bot.domain.plural import plural
from bot.domain.policy import Effort, Policy
from bot.domain.policy_resolution import matches
from bot.domain.pull_request import PullRequest
from bot.domain.review import FileCoverage
from workers.context.budget import LIMITS, fitted
from workers.model.window import Window
from workers.repository.file_kinds import file_kind
from workers.repository.gaps import concerns_others
from workers.repository.knowledge import Knowledge
from workers.review.since import Since

_SENSITIVE = re.compile(
    r"(auth|login|session|token|password|crypt|secret|permission|payment|billing|migrat|schema"
    r"|lock|transaction)",
    re.IGNORECASE,
)

_LIGHT_LINES = 40
_LIGHT_FILES = 3
_LIGHT_LINES_OF_ALL = 300
"""As many as the one prompt of a light review holds for certain; of a small model, less."""
_LIGHT_REACH = 2
"""Other files of code that rely on what changed: with more, a look without tools is too short."""
_DEEP_LINES = 600
_DEEP_FILES = 20
_DEEP_CALLERS = 25


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files a model reads (`read`), and the receipt's line for every other changed file."""

    read: tuple[FileChange, ...]
    apart: tuple[FileCoverage, ...]


@dataclass(frozen=True, slots=True)
class EffortChoice:
    """The effort, and why, in words that are shown."""

    effort: Effort
    reason: str


def paused(by: str) -> str:
    """Why a pause lets nothing start by itself; "" where nobody paused."""
    return f"paused by {by} with the command pause, until resume is written" if by else ""


def unwanted_event(trigger: Trigger, policy: Policy) -> str:
    """Why the policy lets nothing start at this event; "" where it does, or a person asked."""
    on = policy.when.on
    if trigger.event is not None and trigger.event not in on:
        return f"review.on does not name {trigger.event!r}"
    if trigger.kind in ("retargeted", "edited") and not on:
        return "review.on names no event"
    return ""


def skip_reason(pull: PullRequest, policy: Policy) -> str:
    """Why the policy asks for no automatic review of this pull request; "" when it asks for one.

    Patterns are shell-style (`dependabot*`), letter case apart. For paths see `skipped_paths`.
    """
    skip = policy.when.skip
    if pull.state != "open":
        return f"the pull request is {pull.state}"
    if pull.draft and not policy.when.drafts:
        return "the pull request is a draft"
    for name, patterns, values in (
        ("author", skip.authors, (pull.author,)),
        ("label", skip.labels, pull.labels),
        ("title", skip.titles, (pull.title,)),
        ("base branch", skip.base_branches, (pull.base_branch,)),
    ):
        for value in values:
            pattern = next((one for one in patterns if _matches(one, value)), None)
            if pattern is not None:
                return f"review.skip leaves out the {name} {value!r} (pattern {pattern!r})"
    return ""


def _matches(pattern: str, value: str) -> bool:
    return fnmatch.fnmatchcase(value.lower(), pattern.lower())


def skipped_paths(change: ChangeSet, policy: Policy) -> str:
    """Why the changed paths ask for no automatic review; "" when they do.

    Only when every changed file, and each file's former name, matches `review.skip.paths`.
    """
    patterns = policy.when.skip.paths
    names = {name for file in change.files for name in (file.path, file.old_path) if name}
    if not patterns or not names or not all(matches(patterns, name) for name in names):
        return ""
    return f"review.skip leaves out the paths of every changed file ({', '.join(patterns)})"


def select(
    change: ChangeSet, ignored: Callable[[str], bool], hidden: Callable[[str], bool]
) -> Selection:
    """Set apart what no model needs to read. `ignored` and `hidden` are the policy's path rules."""
    read: list[FileChange] = []
    apart: list[FileCoverage] = []
    for file in change.files:
        reason = _apart(file, ignored, _either_name(file, hidden))
        if reason:
            apart.append(FileCoverage(file.path, "skipped", reason))
        elif not file.hunks:
            apart.append(FileCoverage(file.path, "listed", _without_lines(file)))
        else:
            read.append(file)
    return Selection(tuple(read), tuple(apart))


def _either_name(file: FileChange, hidden: Callable[[str], bool]) -> bool:
    """A file moved out of a hidden folder still shows what it held there."""
    return hidden(file.path) or (file.old_path is not None and hidden(file.old_path))


def _apart(file: FileChange, ignored: Callable[[str], bool], hidden: bool) -> str:
    if ignored(file.path):
        return "ignored by the policy"
    if hidden:
        return "never sent to a model, by the policy"
    kind = file_kind(file)
    return "" if kind in ("source", "test", "documentation") else f"{kind} file"


def _without_lines(file: FileChange) -> str:
    if file.status in ("renamed", "copied"):
        return f"{file.status} from {file.old_path}, unchanged"
    return "no changed lines"


def choose_effort(
    selection: Selection,
    knowledge: Knowledge,
    asked: Effort | None,
    policy: Policy,
    since: Since,
    window: int | None = None,
) -> EffortChoice:
    """Person's word, then policy, then rule; the rule weighs what no earlier review has read.

    `window`: tokens that the model holds at once, if that is known.
    """
    if asked is not None:
        return EffortChoice(asked, "asked for")
    if policy.when.effort != "auto":
        return EffortChoice(policy.when.effort, "set by the policy")
    if since.only_words:
        return EffortChoice("light", "only the title or the description is new")
    unread = [file for file in selection.read if since.brings(file)]
    if unread and only_documents(unread):
        return EffortChoice("light", _told_of_prose(unread, since))
    return _by_rule(unread, knowledge, since, window)


def _by_rule(
    unread: Sequence[FileChange], knowledge: Knowledge, since: Since, window: int | None
) -> EffortChoice:
    code = [file for file in unread if file_kind(file) == "source"]
    lines = sum(since.lines(file) for file in code)
    callers, told = _callers(knowledge, {file.path for file in unread})
    size = f"{plural(lines, 'changed line')} of code in {plural(len(code), 'file')}, {told}"
    if since.partial:
        size = f"new since the last review: {size}"
    if lines > _DEEP_LINES or len(code) > _DEEP_FILES or callers > _DEEP_CALLERS:
        return EffortChoice("deep", size)
    sensitive = next((file.path for file in code if _SENSITIVE.search(file.path)), None)
    everything = sum(since.lines(file) for file in unread)
    if everything > _LIGHT_LINES_OF_ALL * _share_held(window):
        return EffortChoice("standard", f"{size}, {everything} changed lines with tests and prose")
    reach = _reach(knowledge, {file.path for file in unread})
    if reach > _LIGHT_REACH:
        return EffortChoice("standard", f"{size}; {reach} other files rely on what changed")
    if lines > _LIGHT_LINES or len(code) > _LIGHT_FILES or callers:
        return EffortChoice("standard", size)
    doubt = "what hangs on it is known in part" if knowledge.not_done else ""
    doubt = f"{sensitive} is a sensitive place" if sensitive is not None else doubt
    return EffortChoice("standard", f"{size}; {doubt}") if doubt else EffortChoice("light", size)


def _callers(knowledge: Knowledge, paths: Collection[str]) -> tuple[int, str]:
    """How many rely on changed contracts of these files, or may, and that in words.

    A file that holds the name and was not followed may call it; of a contract that nobody
    followed there may be many callers.
    """
    mine = [symbol for symbol in knowledge.changed if symbol.path in paths]
    callers = sum(len(s.sites) for s in mine if s.change in ("removed", "renamed", "signature"))
    unfollowed = [symbol.unfollowed for symbol in mine if concerns_others(symbol)]
    files, unasked = sum(one.all for one in unfollowed), sum(one.unasked for one in unfollowed)
    told = f"{plural(callers, 'caller')} of changed contracts"
    told += f", {plural(files, 'more file')} with their names not followed" if files else ""
    told += f", those of {unasked} not looked for" if unasked else ""
    return callers + files + (unasked and _DEEP_CALLERS + 1), told


def _told_of_prose(unread: Sequence[FileChange], since: Since) -> str:
    lines = sum(since.lines(file) for file in unread)
    told = f"documentation alone, {plural(lines, 'changed line')} in {plural(len(unread), 'file')}"
    return f"new since the last review: {told}" if since.partial else told


def _share_held(window: int | None) -> float:
    """How much of a light review's prompt the model holds, 0 to 1."""
    usual = LIMITS["light"]
    return fitted(usual, Window(window)).context_tokens / usual.context_tokens


def _reach(knowledge: Knowledge, paths: Collection[str]) -> int:
    """Files of code, outside the change, that rely directly on something that it touches."""
    return len(
        {
            site.path
            for symbol in knowledge.changed
            if symbol.path in paths and symbol.change != "added"
            for site in symbol.sites
            if site.depth == 1 and not site.is_test and site.path not in paths
        }
    )


def only_documents(files: Sequence[FileChange]) -> bool:
    """Nothing but prose is left to read: no defect hunt is made for it."""
    return all(file_kind(file) == "documentation" for file in files)
