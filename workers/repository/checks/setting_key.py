"""An environment variable is no longer provided under its name, and code still needs it.

Documented in docs/checks/setting_key.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.domain.diff import DiffLine, FileChange
from bot.domain.finding import Finding
from bot.domain.review import Fact, SourceLine
from workers.repository.checks.broken_site import (
    BrokenSite,
    Contract,
    counted,
    finding,
    places,
    quote,
)
from workers.repository.checks.environment import (
    Need,
    defined_key,
    is_code,
    is_sample,
    reads,
)
from workers.repository.checks.inspection import Inspection
from workers.repository.snapshot import Hit
from workers.repository.test_paths import is_test_path

KIND = "setting_key"
KEYS = 40
_ALIKE = 0.6
_COMMENTS = ("#", "//", "*", "/*", "--")


@dataclass(frozen=True, slots=True)
class _Dropped:
    """A variable that a sample listed before; `renamed` to another one in the same place."""

    file: FileChange
    key: str
    line: int
    renamed: str


def dropped_settings(inspection: Inspection) -> list[Finding]:
    """One finding for each variable that nothing provides any more and code cannot do without."""
    found: list[Finding] = []
    for entry, sites in _left_behind(inspection):
        needed = [site for site, need in sites if need == "required" or _is_rename(entry, sites)]
        if needed:
            found.append(_finding(inspection, entry, needed))
    return found


def settings_without_sample(inspection: Inspection) -> Iterator[Fact]:
    """Variables that left the samples while code still asks for them, with or without need."""
    for entry, sites in _left_behind(inspection):
        if not any(need == "required" for _, need in sites) and not _is_rename(entry, sites):
            text = f"`{entry.key}` is no longer listed in {entry.file.path}, and is still read"
            lines = tuple(SourceLine(site.path, site.line) for site, _ in sites)
            yield Fact(KIND, text, entry.file.path, lines)


def _is_rename(entry: _Dropped, sites: list[tuple[BrokenSite, Need]]) -> bool:
    """Renamed where it is listed, and read under the old name only: the value never arrives."""
    return bool(entry.renamed) and all(need != "defaulted" for _, need in sites)


def _left_behind(
    inspection: Inspection,
) -> Iterator[tuple[_Dropped, list[tuple[BrokenSite, Need]]]]:
    dropped = inspection.first(_dropped(inspection), KEYS, "variables that left a sample")
    words = {name for entry in dropped for name in (entry.key, entry.renamed) if name}
    hits = inspection.mentions(words)
    for entry in dropped:
        lines = [hit for held in hits.get(entry.key, {}).values() for hit in held]
        if any(_provides(hit, entry.key) for hit in lines):
            continue
        others = [hit for held in hits.get(entry.renamed, {}).values() for hit in held]
        if entry.renamed and any(_need(hit, entry.renamed) for hit in others):
            continue
        sites = [(_site(hit, entry), need) for hit in lines if (need := _need(hit, entry.key))]
        if sites:
            yield entry, sites


def _dropped(inspection: Inspection) -> Iterator[_Dropped]:
    """The variables that the samples of this change list no more."""
    samples = [file for file in inspection.change.files if is_sample(file.old_path or file.path)]
    added = {key for file in samples for _, key in _keys(file, "+")}
    for file in samples:
        if file.kind != "text" or file.status == "added" or inspection.skip(file.path):
            continue
        for line, key in _keys(file, "-"):
            if key not in added and line.old is not None:
                yield _Dropped(file, key, line.old, _renamed(file, line, key))


def _keys(file: FileChange, kind: str) -> Iterator[tuple[DiffLine, str]]:
    for hunk in file.hunks:
        for line in hunk.lines:
            key = defined_key(line.text) if line.kind == kind else None
            if key:
                yield line, key


def _renamed(file: FileChange, removed: DiffLine, key: str) -> str:
    """The one new variable of the hunk that holds the same value or a like name; "" if none."""
    hunk = next(hunk for hunk in file.hunks if removed in hunk.lines)
    values = [removed.text.replace(key, "").strip()]
    new = [
        found
        for line in hunk.lines
        if line.kind == "+" and (found := defined_key(line.text)) is not None
        if line.text.replace(found, "").strip() in values
        and SequenceMatcher(None, key, found).ratio() >= _ALIKE
    ]
    return new[0] if len(new) == 1 else ""


def _provides(hit: Hit, key: str) -> bool:
    """Whether a line still gives the variable a value."""
    path, _, text = hit
    if is_code(path):
        return not is_test_path(path) and not any(name == key for name, _ in reads(text))
    return defined_key(text) == key or f"{key}=" in text or f"{key}:" in text


def _need(hit: Hit, key: str) -> Need | None:
    path, _, text = hit
    if not is_code(path) or is_test_path(path) or text.lstrip().startswith(_COMMENTS):
        return None
    return next((need for name, need in reads(text) if name == key), None)


def _site(hit: Hit, entry: _Dropped) -> BrokenSite:
    why = f"it reads `{entry.key}`" + (f", now `{entry.renamed}`" if entry.renamed else "")
    return BrokenSite(hit[0], hit[1], hit[1], why)


def _finding(inspection: Inspection, entry: _Dropped, sites: list[BrokenSite]) -> Finding:
    verb = f"renamed to `{entry.renamed}`" if entry.renamed else "removed"
    old = entry.file.old_path or entry.file.path
    fix = f"read `{entry.renamed}` there" if entry.renamed else "stop reading it, or list it again"
    body = (
        f"`{entry.key}` is {verb} in `{old}`, nothing else in the repository provides it, and "
        f"{counted(sites)} still "
        + ("needs" if len(sites) == 1 else "need")
        + f" it:\n\n{places(sites)}\n\nSmallest fix: {fix}."
    )
    return finding(
        Contract(KIND, entry.key, entry.file, "LEFT", entry.line),
        title=f"`{entry.key}` is {verb} but still read in {counted(sites)}",
        body=body,
        trigger=f"{sites[0].path}:{sites[0].line} runs with the variables that `{old}` lists",
        definitions=[quote(inspection.before, old, entry.line, entry.line)],
        sites=sites,
        after=inspection.after,
    )
