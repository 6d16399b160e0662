"""The line of the diff that carries a finding. GitHub takes comments only on lines of the diff.

The finding's own line if the diff shows it; else the nearest changed line of its hunk; else a cited
line that the diff shows; else none, and the finding stands in the summary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.diff import ChangeSet, FileChange, Side
from bot.domain.finding import Finding

_LONGEST_RANGE = 10
_NEAR = 12


def anchor(findings: Sequence[Finding], change: ChangeSet) -> list[Finding]:
    """Each finding with a line that can carry a comment, or with line None."""
    return [finding if finding.fate else anchored(finding, change) for finding in findings]


def anchored(finding: Finding, change: ChangeSet) -> Finding:
    """One finding on its line."""
    for path, side, line, end in _places(finding, change):
        file = _file(change, path, side)
        place = None if file is None else _commentable(file, side, line, end)
        if file is not None and place is not None:
            first, last = place
            exact = side == "RIGHT" and (first, last) == (finding.line, finding.end_line)
            exact = exact and path == finding.path and _cites(finding, change, first, last)
            return replace(
                finding,
                path=file.path,
                side=side,
                line=first,
                end_line=last,
                suggestion=finding.suggestion if exact else None,
            )
    return replace(
        finding, path=_real_path(finding, change), line=None, end_line=None, suggestion=None
    )


def _cites(finding: Finding, change: ChangeSet, first: int, last: int) -> bool:
    """Whether a quote stands on these lines of the head: only then is their number trusted."""
    return any(
        (item.path, item.commit) == (finding.path, change.head)
        and item.line <= last
        and first <= item.end_line
        for item in finding.evidence
    )


def _real_path(finding: Finding, change: ChangeSet) -> str:
    """A path that nothing vouches for gives way to that of the first quote."""
    known = {item.path for item in finding.evidence} | {file.path for file in change.files}
    if finding.path in known or not finding.evidence:
        return finding.path
    return finding.evidence[0].path


def _places(finding: Finding, change: ChangeSet) -> Iterator[tuple[str, Side, int, int]]:
    if finding.line is not None:
        yield finding.path, finding.side, finding.line, finding.end_line or finding.line
    for item in finding.evidence:
        side: Side = "RIGHT" if item.commit == change.head else "LEFT"
        yield item.path, side, item.line, item.end_line


def _file(change: ChangeSet, path: str, side: Side) -> FileChange | None:
    """The file; None also where its name is written with escapes, which GitHub would not know:

    one refused comment takes all the others of the review with it.
    """
    if "\\" in path:
        return None
    if side == "LEFT":
        return next((f for f in change.files if f.old_path == path), None) or change.file(path)
    return change.file(path)


def _commentable(file: FileChange, side: Side, line: int, end: int) -> tuple[int, int] | None:
    hunk = file.hunk_at(side, line) or file.hunk_at(side, end)
    if hunk is None:
        return _nearest(file, side, line)
    start = hunk.new_start if side == "RIGHT" else hunk.old_start
    count = hunk.new_count if side == "RIGHT" else hunk.old_count
    first = max(line, start)
    return first, min(end, start + count - 1, first + _LONGEST_RANGE - 1)


def _nearest(file: FileChange, side: Side, line: int) -> tuple[int, int] | None:
    changed = [number for number in file.changed_lines(side) if abs(number - line) <= _NEAR]
    nearest = min(changed, key=lambda number: abs(number - line), default=None)
    return None if nearest is None else (nearest, nearest)
