"""How much one prompt may hold, effort by effort, and fitted to what a model holds at once."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from bot.domain.policy import Effort
from workers.model.tokens import estimated_tokens
from workers.model.window import Window

_CONTEXT_SHARE = 0.7
"""Of what a small window leaves to be read; the rest is for tools, findings, the author's words."""
_LEAST_CONTEXT = 1_000


def within(text: str, tokens: int) -> str:
    """The text's first lines that fit; a last line says how many were left out."""
    if estimated_tokens(text) <= tokens:
        return text
    rows = text.split("\n")
    kept: list[str] = []
    left = tokens - estimated_tokens(_left_out(len(rows)))
    for row in rows:
        left -= estimated_tokens(row + "\n")
        if left < 0:
            break
        kept.append(row)
    return "\n".join((*kept, _left_out(len(rows) - len(kept))))


def _left_out(lines: int) -> str:
    return f"[{lines} more lines, left out for want of room]"


@dataclass(frozen=True, slots=True)
class EffortLimits:
    """What one review of an effort may spend. Tokens count input and output; seconds are wall time.

    `context_tokens`: one prompt's shared part; `packs`: prompts that a large change is split into;
    `rounds`: model calls of one question, tool rounds included; `calls`, `tokens`, `seconds`: of
    the whole review.
    """

    context_tokens: int
    packs: int
    rounds: int
    verify_rounds: int
    calls: int
    tokens: int
    seconds: float


MOST_SECONDS = 3_000.0
"""Of a review's questions: its job is given an hour, with fetching and all that is no question."""

LIMITS: dict[Effort, EffortLimits] = {
    "light": EffortLimits(12_000, 1, 1, 2, 8, 150_000, 300.0),
    "standard": EffortLimits(24_000, 2, 6, 6, 40, 1_200_000, 1_200.0),
    "deep": EffortLimits(48_000, 8, 10, 8, 150, 6_000_000, MOST_SECONDS),
}


def limits_of(effort: Effort, only_prose: bool) -> EffortLimits:
    """What an effort may spend. Where only prose is to be read, one question holds more of it."""
    limits = LIMITS[effort]
    return in_one_large_prompt(limits) if only_prose else limits


def in_one_large_prompt(limits: EffortLimits) -> EffortLimits:
    """The same with a single prompt, at least as large as one of a standard review."""
    most = max(limits.context_tokens, LIMITS["standard"].context_tokens)
    return replace(limits, context_tokens=most, packs=1)


def fitted(limits: EffortLimits, window: Window) -> EffortLimits:
    """The same for a model that holds less: smaller prompts, and as many more of them.

    One prompt stays one: a light review then reads less, and names what it did not read.
    """
    room = max(window.reading * _CONTEXT_SHARE, _LEAST_CONTEXT)
    if room >= limits.context_tokens:
        return limits
    packs = math.ceil(limits.packs * limits.context_tokens / room)
    most = 1 if limits.packs == 1 else max(limits.packs, limits.calls // 2)
    return replace(limits, context_tokens=int(room), packs=min(packs, most))
