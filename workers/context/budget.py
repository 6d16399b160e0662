"""How much one prompt may hold. Tokens are estimated from bytes and corrected by nobody: a bound.

No tokenizer is used: the models are the operator's choice, and vocabularies are downloaded.
Code runs at about 3.5 bytes a token; a reserve of 15 % keeps the estimate on the safe side.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.policy import Effort

_BYTES_PER_TOKEN = 3.5
_RESERVE = 1.15


def estimated_tokens(text: str) -> int:
    """An upper estimate of the tokens of a text."""
    return int(len(text.encode("utf-8", "replace")) / _BYTES_PER_TOKEN * _RESERVE) + 1


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


LIMITS: dict[Effort, EffortLimits] = {
    "light": EffortLimits(12_000, 1, 1, 2, 8, 150_000, 300.0),
    "standard": EffortLimits(24_000, 2, 6, 6, 40, 1_200_000, 1_200.0),
    "deep": EffortLimits(48_000, 8, 10, 8, 150, 6_000_000, 3_600.0),
}
