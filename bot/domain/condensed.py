"""Long lists in few lines: call sites counted, files of one fate in one line.

The whole lists are in the record and in the formats that programs read.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.plural import plural
from bot.domain.review import CallSite, FileCoverage, FileState, LedgerEntry

_MOST_ALONE = 5


@dataclass(frozen=True, slots=True)
class FileGroup:
    """Files of one state and reason."""

    paths: tuple[str, ...]
    state: FileState
    reason: str

    @property
    def name(self) -> str:
        """The path of a single file; of several their number and the folder that holds them."""
        if len(self.paths) == 1:
            return self.paths[0]
        folder = posixpath.commonpath(posixpath.dirname(path) for path in self.paths)
        return f"{len(self.paths):,} files" + (f" under {folder}/" if folder else "")


def file_groups(files: Sequence[FileCoverage]) -> tuple[FileGroup, ...]:
    """Each file on its own, but one group for more than five of one state and reason."""
    alike: dict[tuple[FileState, str], list[str]] = {}
    for entry in files:
        alike.setdefault((entry.state, entry.reason), []).append(entry.path)
    groups: list[FileGroup] = []
    for (state, reason), paths in alike.items():
        if len(paths) > _MOST_ALONE:
            groups.append(FileGroup(tuple(paths), state, reason))
        else:
            groups += (FileGroup((path,), state, reason) for path in paths)
    return tuple(groups)


def relied_on(ledger: Sequence[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    """The entries that something hangs on, or may."""
    return tuple(entry for entry in ledger if entry.sites or entry.possible)


def broken_sites(entry: LedgerEntry) -> tuple[CallSite, ...]:
    """What the change breaks, by place."""
    broken = (site for site in entry.sites if site.status == "broken")
    return tuple(sorted(broken, key=lambda site: (site.path, site.line)))


@dataclass(frozen=True, slots=True)
class SiteGroup:
    """Sites of one state and reason, as places: `a.py:3, 9`. `more` were left out."""

    why: str
    places: tuple[str, ...]
    more: int = 0


def open_sites(entry: LedgerEntry) -> tuple[SiteGroup, ...]:
    """What nobody looked at, by reason; the reason with most sites last."""
    alike: dict[str, dict[str, list[int]]] = {}
    for site in entry.sites:
        if site.status == "not_inspected":
            alike.setdefault(site.why, {}).setdefault(site.path, []).append(site.line)
    groups = (_group(why, files) for why, files in alike.items())
    return tuple(sorted(groups, key=lambda group: (group.more, len(group.places))))


def _group(why: str, files: dict[str, list[int]]) -> SiteGroup:
    shown = [(path, sorted(files[path])[:_MOST_ALONE]) for path in sorted(files)[:_MOST_ALONE]]
    places = tuple(f"{path}:{', '.join(map(str, lines))}" for path, lines in shown)
    told = sum(len(lines) for _, lines in shown)
    return SiteGroup(why, places, sum(len(lines) for lines in files.values()) - told)


def safe_files(entry: LedgerEntry) -> str:
    """`a.py (3), b.py (1) and 4 more files`; "" where nothing is safe."""
    counts = Counter(site.path for site in entry.sites if site.status == "safe")
    shown = [f"{path} ({count})" for path, count in sorted(counts.items())[:_MOST_ALONE]]
    rest = len(counts) - len(shown)
    return ", ".join(shown) + (f" and {plural(rest, 'more file')}" if rest else "")


def site_counts(entry: LedgerEntry) -> str:
    """`22 sites in 3 files: 20 safe, 2 not inspected; 3 more by name only`."""
    if not entry.sites:
        return f"no site that resolves; {entry.possible:,} by name only"
    counts = Counter(site.status for site in entry.sites)
    states = ", ".join(
        f"{counts[status]:,} {status.replace('_', ' ')}"
        for status in ("broken", "safe", "not_inspected")
        if counts[status]
    )
    files = len({site.path for site in entry.sites})
    said = f"{plural(len(entry.sites), 'site')} in {plural(files, 'file')}: {states}"
    return said + (f"; {entry.possible:,} more by name only" if entry.possible else "")
