"""What the checks share: a use that no longer works, and the finding of plain code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.diff import FileChange, Side
from bot.domain.finding import Category, Evidence, Finding, Origin, Severity
from workers.repository.snapshot import Snapshot
from workers.repository.test_paths import is_test_path

SITES_IN_TEXT = 6


@dataclass(frozen=True, slots=True)
class BrokenSite:
    """One place that breaks; `why` completes "this line breaks because ..."."""

    path: str
    line: int
    end_line: int
    why: str


@dataclass(frozen=True, slots=True)
class Contract:
    """The changed definition that a finding is about. `line` counts on `side` of the diff."""

    kind: str
    symbol: str
    file: FileChange
    side: Side
    line: int


def quote(snapshot: Snapshot, path: str, line: int, end_line: int) -> Evidence:
    """Exact lines of a snapshot as evidence, at the commit where they stand."""
    text = "\n".join(snapshot.lines(path)[line - 1 : end_line])
    return Evidence(path, snapshot.commit_of(path), line, end_line, text)


def anchor(file: FileChange, side: Side, line: int) -> int | None:
    """The line to comment on: the definition's, else the nearest changed one of that side."""
    if file.hunk_at(side, line) is not None:
        return line
    changed = list(file.changed_lines(side))
    return min(changed, key=lambda other: abs(other - line), default=None)


def places(sites: Sequence[BrokenSite]) -> str:
    """A Markdown list of the sites, cut after a few."""
    shown = [f"- `{site.path}:{site.line}`: {site.why}" for site in sites[:SITES_IN_TEXT]]
    if len(sites) > SITES_IN_TEXT:
        shown.append(f"- and {len(sites) - SITES_IN_TEXT} more")
    return "\n".join(shown)


def counted(sites: Sequence[BrokenSite]) -> str:
    """`1 place`, `3 places`."""
    return "1 place" if len(sites) == 1 else f"{len(sites)} places"


def finding(
    contract: Contract,
    title: str,
    body: str,
    trigger: str,
    definitions: Sequence[Evidence],
    sites: Sequence[BrokenSite],
    after: Snapshot,
) -> Finding:
    """One finding for all broken sites of one contract; only tests broken is a lesser matter."""
    only_tests = all(is_test_path(site.path) for site in sites)
    shown = (quote(after, site.path, site.line, site.end_line) for site in sites[:SITES_IN_TEXT])
    return check_finding(
        contract,
        title=title,
        body=body,
        trigger=trigger,
        evidence=[*definitions, *shown],
        severity=Severity.P2 if only_tests else Severity.P1,
    )


def check_finding(
    contract: Contract,
    title: str,
    body: str,
    trigger: str,
    evidence: Sequence[Evidence],
    severity: Severity = Severity.P1,
    category: Category = Category.CONTRACT,
) -> Finding:
    """What plain code found: certain by construction, on a line that can carry a comment."""
    line = anchor(contract.file, contract.side, contract.line)
    return Finding(
        title=title,
        body=body,
        severity=severity,
        category=category,
        origin=Origin.CHECK,
        path=contract.file.path,
        line=line,
        end_line=line,
        side=contract.side,
        confidence=1.0,
        kind=contract.kind,
        symbol=contract.symbol,
        trigger=trigger,
        evidence=tuple(evidence),
    )
