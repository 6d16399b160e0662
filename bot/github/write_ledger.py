"""Remembers which writes were begun and what id they got, so that a retry looks before it posts."""

from __future__ import annotations

from typing import Literal, Protocol

Begun = int | Literal["new", "unknown"]


class WriteLedger(Protocol):
    """One entry for each thing that is written once: a check run, a reply.

    The ledger is a saving, not the truth: an entry that was lost costs a look-up on GitHub
    (for a check run by `external_id`, for a reply by its hidden mark) or, at worst, a second
    check run of the same name, of which GitHub shows the later.
    """

    def begin(self, key: str) -> Begun:
        """Say that the write begins now.

        Returns "new" when nobody began it before, "unknown" when its outcome is not known, else
        the id that it got.
        """

    def keep(self, key: str, id: int) -> None:
        """The write was done and got this id."""


class MemoryWriteLedger:
    """For terminal use and tests."""

    def __init__(self) -> None:
        self._ids: dict[str, int | None] = {}

    def begin(self, key: str) -> Begun:
        """See `WriteLedger.begin`."""
        if key not in self._ids:
            self._ids[key] = None
            return "new"
        return self._ids[key] or "unknown"

    def keep(self, key: str, id: int) -> None:
        """See `WriteLedger.keep`."""
        self._ids[key] = id
