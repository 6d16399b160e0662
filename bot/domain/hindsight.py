"""What the outcomes of earlier findings say to the next review of a repository."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.calibration import Calibration
from bot.domain.repeated_class import Proposal


@dataclass(frozen=True, slots=True)
class Hindsight:
    """How far confidence is to be believed, and what is worth a guideline, if anything is."""

    calibration: Calibration = field(default_factory=Calibration)
    proposal: Proposal | None = None


NO_HINDSIGHT = Hindsight()
"""Nothing is known yet."""
