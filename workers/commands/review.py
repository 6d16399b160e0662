"""`@plumbline review [light|standard|deep]`: what the words after it ask for."""

from __future__ import annotations

from bot.domain.commands import Command
from bot.domain.policy import Effort

_EFFORTS: tuple[Effort, ...] = ("light", "standard", "deep")


def asked_effort(command: Command) -> Effort | None:
    """The effort that the person names, if they name one."""
    words = command.text.lower().split()
    return next((effort for effort in _EFFORTS if effort in words), None)
