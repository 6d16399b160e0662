"""What people ask of the bot when they mention it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verb = Literal["review", "help", "ask"]


@dataclass(frozen=True, slots=True)
class Command:
    """One mention. For "ask", `text` is the question as written, less the handle."""

    verb: Verb
    text: str = ""
