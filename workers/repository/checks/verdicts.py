"""The ledger's raw material: what a check decided about each use of each changed contract."""

from __future__ import annotations

from bot.domain.review import CallSite

Judged = dict[tuple[str, str], dict[tuple[str, int], CallSite]]
"""(path, qualified name) of a contract -> (path, line) of a site -> the verdict on it."""
