"""What each fate means to a person at a terminal."""

from __future__ import annotations

from bot.domain.finding import Fate

FATE_WORDS: dict[Fate, str] = {
    Fate.POSTED: "posted",
    Fate.LISTED: "listed",
    Fate.OVER_CAP: "over the cap",
    Fate.BELOW_THRESHOLD: "below the threshold",
    Fate.DUPLICATE: "duplicate",
    Fate.UNPROVEN: "unproven",
    Fate.REFUTED: "refuted",
    Fate.UNSURE: "unsure",
    Fate.INTENDED: "intended",
    Fate.DISMISSED: "dismissed",
}
