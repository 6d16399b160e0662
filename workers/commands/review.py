"""`@plumbline review ...`: what it asks for, and what is answered at the end."""

from __future__ import annotations

from bot.domain.commands import Command
from bot.domain.policy import Effort
from bot.domain.pull_request import PullRef
from bot.domain.review import Review
from bot.github import words
from bot.github.permalinks import check_page
from workers.review.scope import Scope

_EFFORTS: tuple[Effort, ...] = ("light", "standard", "deep")
_MOST_PATHS = 20


def asked_effort(command: Command) -> Effort | None:
    """The effort that the person names, if they name one."""
    said = _words(command)
    return next((effort for effort in _EFFORTS if effort in said), None)


def asked_scope(command: Command) -> Scope:
    """What is new; all of it again with `full`, an effort, `security` or paths."""
    said = _words(command)
    paths = tuple(_path(part) for part in command.text.split() if _is_path(part))
    effort = asked_effort(command) is not None
    security = "security" in said
    again = "full" in said or effort or security or bool(paths)
    return Scope(again, security, paths[:_MOST_PATHS])


def _words(command: Command) -> list[str]:
    return [word.strip(",.;:!?`*").lower() for word in command.text.split()]


def _is_path(part: str) -> bool:
    """A pattern or a path: it holds a slash, or a star that is no emphasis."""
    bare = _path(part)
    return bool(bare.strip("*/")) and ("/" in bare or "*" in bare)


def _path(part: str) -> str:
    return part.strip("`,;:!?'\"").removesuffix(".")


def outcome(ref: PullRef, review: Review, web_url: str) -> str:
    """One line for who asked, where there was nothing to post."""
    return words.review_done(review, check_page(ref, web_url))
