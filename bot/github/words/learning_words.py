"""What is said about what people taught: kept, listed, forgotten. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.learning import MOST_LEARNINGS, Learning, LearningOrigin, Taught
from bot.domain.plural import plural
from bot.domain.pull_request import RepositoryRef
from bot.github.markdown_safety import code_span, in_cell, safe_cell, safe_line

_MOST_SHOWN = 10
_MOST_LISTED = 40
_MOST_PATTERNS = 3
_LONGEST_SHOWN = 300
"""So much of each, so that the whole list stays below the 65,536 characters of a comment."""

_ORIGINS: dict[LearningOrigin, str] = {
    "remembered": "",
    "dismissed": ", dismissing a finding",
    "withdrawn": ", disputing a finding",
}


def remembered(taught: Taught, handle: str) -> str:
    """It is kept, under which number and for what."""
    number = taught.learning.number
    begin = f"Known already, as {number}" if taught.known else f"Remembered as {number}"
    room = ""
    if taught.left is not None:
        room = (
            f" At most {MOST_LEARNINGS} are kept, so {taught.left.number} was forgotten:"
            f" {safe_line(_short(taught.left.text))}"
        )
    return f"{begin}, for {_about(taught.learning)}. `@{handle} forget {number}` ends it.{room}"


def also_remembered(taught: Taught, handle: str) -> str:
    """The same in one line below a comment of ours."""
    return f"<sub>{remembered(taught, handle)}</sub>"


def nothing_to_remember(handle: str) -> str:
    """No words came with it."""
    return f"Write what to remember: `@{handle} remember Prices are cents for db/**`."


def not_remembered(problem: str) -> str:
    """What keeps it from being taught, as `teaching_problem` says it."""
    return safe_line(problem)


def name_a_number(handle: str) -> str:
    """It is not clear what is to be forgotten."""
    return f"Which one? `@{handle} forget 3` forgets 3; `@{handle} memory` lists them all."


def not_known(number: int, handle: str) -> str:
    """There is no such learning of this repository."""
    return f"Nothing is remembered as {number} here. `@{handle} memory` lists what is."


def nothing_known(handle: str) -> str:
    """The list, empty."""
    return f"Nothing is remembered here yet. {nothing_to_remember(handle)}"


def memory(learnings: Sequence[Learning], repository: RepositoryRef) -> str:
    """All that this repository is told, the newest first; most of a long list is folded."""
    newest = sorted(learnings, key=lambda one: (one.repository.id != repository.id, -one.number))
    shown, more = newest[:_MOST_SHOWN], newest[_MOST_SHOWN:_MOST_LISTED]
    text = _table(shown, repository)
    if more:
        folded = f"<details><summary>{len(more)} older</summary>\n\n{_table(more, repository)}"
        text = f"{text}\n\n{folded}\n\n</details>"
    left = len(learnings) - len(shown) - len(more)
    listed = f"\n\nAnd {left} more: `plumbline memory list` shows all." if left else ""
    return text + listed


def _table(learnings: Sequence[Learning], repository: RepositoryRef) -> str:
    head = "| N | what | about | taught by | used |\n|---|---|---|---|---|\n"
    return head + "\n".join(_row(learning, repository) for learning in learnings)


def _row(learning: Learning, repository: RepositoryRef) -> str:
    cells = (
        safe_cell(learning.label(repository.id)),
        safe_cell(_short(learning.text)),
        in_cell(_about(learning)),
        _taught_by(learning),
        _used(learning),
    )
    return f"| {' | '.join(cells)} |"


def _about(learning: Learning) -> str:
    """The paths and categories; "the whole repository" where neither is named."""
    paths, categories = learning.paths, learning.categories
    said = ", ".join(code_span(pattern) for pattern in paths[:_MOST_PATTERNS])
    more = len(paths) - _MOST_PATTERNS
    said += f" and {more} more" if more > 0 else ""
    named = ", ".join(category.value for category in categories)
    if not said:
        return f"all {named} findings" if named else "the whole repository"
    return f"{said} ({named})" if named else said


def _taught_by(learning: Learning) -> str:
    first = learning.first
    day = f"[{first.date}]({first.link})" if first.link else first.date
    others = len(learning.teachings) - 1
    more = f", and {others} more" if others else ""
    return f"{safe_cell(first.author)}, {day}{_ORIGINS[first.origin]}{more}"


def _used(learning: Learning) -> str:
    if not learning.offered:
        return "never"
    left_out = f", left a finding out of {learning.silenced}" if learning.silenced else ""
    return f"{plural(learning.offered, 'review')}{left_out}, last {learning.last_used}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3].rstrip()}..."
