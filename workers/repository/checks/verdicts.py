"""The ledger's raw material: what a check decided about each use of each changed contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain.review import CallSite

Owner = tuple[str, str]
"""(path, qualified name) of a contract; the name is "" for a whole file."""
Sites = dict[tuple[str, int], CallSite]
"""(path, line) of a use -> the verdict on it."""


@dataclass(slots=True)
class Judged:
    """The verdicts of all checks, by contract, with the check's own word for its change."""

    _sites: dict[Owner, Sites] = field(default_factory=dict)
    _changes: dict[Owner, str] = field(default_factory=dict)

    def of(self, path: str, name: str) -> Sites:
        """What is decided of a contract's uses; empty where no check looked at it."""
        return self._sites.get((path, name), {})

    def to_judge(self, path: str, name: str, change: str) -> Sites:
        """The same, for a check to add to. `change`: what became of it; the first word stands."""
        self._changes.setdefault((path, name), change)
        return self._sites.setdefault((path, name), {})

    def contracts(self) -> Iterator[tuple[Owner, str, Sites]]:
        """(contract, what became of it, the verdicts) of those with any, by path and name."""
        for owner, sites in sorted(self._sites.items()):
            if sites:
                yield owner, self._changes[owner], sites
