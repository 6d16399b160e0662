"""Which files changed together, in the commits before a change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PastChanges:
    """The paths of each commit, newest first, ending at the merge base; merges are left out.

    `cut`: older commits exist that were not fetched or not read.
    """

    commits: tuple[frozenset[str], ...] = ()
    cut: bool = False
