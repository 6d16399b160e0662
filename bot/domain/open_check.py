"""A check run on GitHub that has no conclusion yet."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.identifiers import Sha


@dataclass(frozen=True, slots=True)
class OpenCheck:
    """A check run that is queued or in progress; `key` names the review that it belongs to."""

    key: str
    head: Sha
    id: int
