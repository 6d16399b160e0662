"""`@plumbline review [light|standard|deep]`: what it asks for, and what is answered at the end."""

from __future__ import annotations

from bot.domain.commands import Command
from bot.domain.policy import Effort
from bot.domain.pull_request import PullRef
from bot.domain.review import Review
from bot.github import words
from bot.github.permalinks import check_page

_EFFORTS: tuple[Effort, ...] = ("light", "standard", "deep")


def asked_effort(command: Command) -> Effort | None:
    """The effort that the person names, if they name one."""
    said = command.text.lower().split()
    return next((effort for effort in _EFFORTS if effort in said), None)


def outcome(ref: PullRef, review: Review, web_url: str) -> str:
    """One line for who asked, where there was nothing to post."""
    return words.review_done(review, check_page(ref, web_url))
