"""Each comparison of two releases as a step of the review's record: it was asked of the network."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.conversation import Step
from bot.domain.record_codec import decode, encode
from bot.domain.release import Comparison, Release
from bot.ports import Releases, Trace

_NAME = "compare releases"
_NOT_COMPARED = "the recorded review did not compare them"


@dataclass(frozen=True, slots=True)
class NotedReleases:
    """`ports.Releases` that keeps each answer of another."""

    releases: Releases
    trace: Trace

    def compare(self, before: Release, after: Release) -> Comparison:
        """The other's answer, kept."""
        began = time.monotonic()
        compared = self.releases.compare(before, after)
        asked = {"before": encode(before), "after": encode(after)}
        seconds = time.monotonic() - began
        self.trace.add(Step("stage", _NAME, asked, encode(compared), seconds))
        return compared


class RecordedReleases:
    """`ports.Releases` that knows what the steps of a record hold, and asks nobody."""

    def __init__(self, steps: Iterable[Step]) -> None:
        """Raises ValueError: a step is not as `NotedReleases` writes it."""
        self._known = {
            (
                decode(Release, step.request.get("before")),
                decode(Release, step.request.get("after")),
            ): decode(Comparison, step.response)
            for step in steps
            if step.name == _NAME
        }

    def compare(self, before: Release, after: Release) -> Comparison:
        """The recorded answer; a note where there is none."""
        return self._known.get((before, after), Comparison(note=_NOT_COMPARED))
