"""Everything that one review was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.conversation import Step
from bot.domain.pull_request import PullRequest
from bot.domain.review import Review
from workers.repository.clones.packing import Packed


@dataclass(frozen=True, slots=True)
class Export:
    """One finished review with its inputs, its steps, and the code.

    `about` says where it came from: key, attempt, times and the program's version. `earlier` are
    the published reviews that it was held against, oldest first.
    """

    about: Mapping[str, Any]
    pull: PullRequest
    earlier: tuple[Review, ...]
    steps: tuple[Step, ...]
    review: Review
    code: Packed
