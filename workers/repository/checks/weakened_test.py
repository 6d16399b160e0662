"""A test is removed, skipped or emptied while the code that it tests stays.

Documented in docs/checks/weakened_test.md. Never more than a note: somebody may mean it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.diff import FileChange, Side
from bot.domain.finding import Category, Fate, Finding, Severity
from workers.repository.checks.broken_site import Contract, check_finding, quote
from workers.repository.checks.inspection import Inspection
from workers.repository.checks.written_tests import (
    WrittenTest,
    begins_test,
    is_empty,
    is_skipped,
    written_tests,
)
from workers.repository.file_kinds import file_kind
from workers.repository.test_paths import is_test_path

KIND = "weakened_test"
SHOWN = 6
_WHY_LISTED = "a note on tests, which never speaks up by itself"
_TELLING_BODY = 30
"""Characters of a body that stands elsewhere by no chance."""
_WORD = re.compile(r"[^\W\d]\w{3,}")

Fault = Literal["removed", "skipped", "emptied"]


@dataclass(frozen=True, slots=True)
class _Weakened:
    """One test as it was, and what became of it; `line` counts on `side`."""

    case: WrittenTest
    fault: Fault
    line: int
    side: Side


def weakened_tests(inspection: Inspection) -> list[Finding]:
    """One note for each test file that lost tests, or the force of some."""
    files = [file for file in inspection.changed("", new=False) if _holds_tests(file)]
    if not files:
        return []
    kept, gone = _kept(inspection), _gone_words(inspection)
    found: list[Finding] = []
    for file in files:
        weak = [
            one
            for one in _weakened(inspection, file)
            if one.fault != "removed" or _is_missed(file, one, kept, gone)
        ]
        if weak:
            found.append(_finding(inspection, file, weak))
    return found


def _holds_tests(file: FileChange) -> bool:
    return is_test_path(file.old_path or file.path) and file_kind(file) == "test"


def _weakened(inspection: Inspection, file: FileChange) -> Iterator[_Weakened]:
    old_path = file.old_path or file.path
    before = written_tests(old_path, inspection.before.lines(old_path))
    after = written_tests(file.path, inspection.after.lines(file.path))
    if file.status == "deleted":
        after = {}
    for name, old in before.items():
        new = after.get(name)
        if is_skipped(old):
            continue  # it asked nothing; where it overrode an inherited case, that runs from now on
        if new is None:
            yield _Weakened(old, "removed", old.line, "LEFT")
        elif is_skipped(new):
            yield _Weakened(old, "skipped", new.line, "RIGHT")
        elif is_empty(new) and not is_empty(old):
            yield _Weakened(old, "emptied", new.line, "RIGHT")


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the changed test files hold after the change: names of cases, and all their lines."""

    names: frozenset[str]
    text: str

    def holds(self, case: WrittenTest) -> bool:
        """Whether the case is there, elsewhere or under another name: then it was not removed."""
        body = _stripped(case.body.split("\n"))
        return case.name in self.names or (len(body) >= _TELLING_BODY and body in self.text)


def _kept(inspection: Inspection) -> _Kept:
    names: set[str] = set()
    texts: list[str] = []
    for file in inspection.change.files:
        if file.kind == "text" and file.status != "deleted" and is_test_path(file.path):
            lines = inspection.after.lines(file.path)
            names.update(written_tests(file.path, lines))
            texts.append(_stripped(lines))
    return _Kept(frozenset(names), "\n".join(texts))


def _stripped(lines: Sequence[str]) -> str:
    """The lines that say something, without their indentation and closing brackets."""
    said = (line.strip() for line in lines)
    return "\n".join(line for line in said if line.strip("})];,"))


def _is_missed(file: FileChange, weak: _Weakened, kept: _Kept, gone: set[str]) -> bool:
    """A removed test counts unless it moved, others took its place, or its code went with it."""
    if kept.holds(weak.case):
        return False
    hunk = file.hunk_at("LEFT", weak.line)
    added = [line.text for line in hunk.lines if line.kind == "+"] if hunk else []
    if any(begins_test(file.path, text) for text in added):
        return False
    return not gone & set(_WORD.findall(f"{weak.case.name}\n{weak.case.text}"))


def _gone_words(inspection: Inspection) -> set[str]:
    """Words of code outside tests that this change takes away for good."""
    lost: set[str] = set()
    kept: set[str] = set()
    for file in inspection.change.files:
        if file.kind != "text" or is_test_path(file.path):
            continue
        for hunk in file.hunks:
            for line in hunk.lines:
                (lost if line.kind == "-" else kept).update(_WORD.findall(line.text))
    return lost - kept


def _finding(inspection: Inspection, file: FileChange, weak: list[_Weakened]) -> Finding:
    faults = " or ".join(dict.fromkeys(one.fault for one in weak))
    names = ", ".join(f"`{one.case.name}`" for one in weak[:SHOWN])
    more = f" and {len(weak) - SHOWN} more" if len(weak) > SHOWN else ""
    first = weak[0]
    old_path = file.old_path or file.path
    sides = {"LEFT": (inspection.before, old_path), "RIGHT": (inspection.after, file.path)}
    count = "1 test is" if len(weak) == 1 else f"{len(weak)} tests are"
    note = check_finding(
        Contract(KIND, first.case.name, file, first.side, first.line),
        title=f"{count} {faults} while the code stays",
        body=f"{count[0].upper()}{count[1:]} {faults} here, and no code that {names}{more} "
        "speaks of went away. If that is meant, say why.",
        trigger="the behaviour breaks and nothing fails",
        evidence=[quote(*sides[one.side], one.line, one.line) for one in weak[:SHOWN]],
        severity=Severity.P3,
        category=Category.TESTS,
    )
    return replace(note, fate=Fate.LISTED, reason=_WHY_LISTED)
