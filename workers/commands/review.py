"""`@plumbline review [light|standard|deep]`: what it asks for, and what is answered at the end."""

from __future__ import annotations

from bot.domain.commands import Command
from bot.domain.policy import Effort
from bot.domain.pull_request import PullRef
from bot.domain.review import Review
from bot.github import words
from bot.github.permalinks import check_page, review_page

_EFFORTS: tuple[Effort, ...] = ("light", "standard", "deep")


def asked_effort(command: Command) -> Effort | None:
    """The effort that the person names, if they name one."""
    said = command.text.lower().split()
    return next((effort for effort in _EFFORTS if effort in said), None)


def outcome(ref: PullRef, review: Review, posted: int | None, web_url: str) -> str:
    """One line for who asked. `posted`: the review's id on GitHub; None, it had nothing to say."""
    page = check_page(ref, web_url) if posted is None else review_page(ref, posted, web_url)
    return words.review_done(review, page)
