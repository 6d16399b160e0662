"""A JavaScript function became `async`, and a call still takes its result apart at once.

Documented in docs/checks/script_async.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain.diff import FileChange
from bot.domain.finding import Finding
from bot.domain.review import CallSite
from workers.repository.checks.broken_site import (
    BrokenSite,
    Contract,
    counted,
    finding,
    places,
    quote,
)
from workers.repository.checks.inspection import Inspection
from workers.repository.scripts.lookup import ScriptLookup
from workers.repository.scripts.text import SUFFIXES, ScriptText

KIND = "script_async"
NAMES = 40
_NAME = r"[\w$]+"
_DECLARED = re.compile(rf"(?<![\w$.])(async\s+)?function(\s*\*)?\s*({_NAME})\s*\(")
_ASSIGNED = re.compile(
    rf"(?:const|let|var)\s+({_NAME})\s*=\s*(async\s+)?"
    rf"(?:function\s*\(|\([^()]*\)\s*=>|{_NAME}\s*=>)"
)
_CALLED = r"(?:(?<![\w$.])|(?<=\.\.\.))"
_OF_PROMISES = ("then", "catch", "finally")
_AFTER = re.compile(rf"\s*(?:(\?)?\.\s*({_NAME})|(\[)|(===?|!==?|[<>]=?|[+*/%-](?![+-]))\s*[^\s=])")
_BEFORE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:const|let|var)\s*[{\[][^;]*[}\]]\s*=\s*$"), "it takes a promise apart"),
    (re.compile(r"\.\.\.\s*$"), "it spreads a promise"),
    (re.compile(r"\bfor\s*\(\s*(?:const|let|var)\s[^()]*\sof\s*$"), "a promise is no list"),
    (re.compile(r"(?:===?|!==?)\s*$"), "it compares a promise"),
    (re.compile(r"\bif\s*\(\s*!?\s*$"), "a promise is always true"),
)


@dataclass(slots=True)
class _Became:
    """A function of a module's top that was plain and is async."""

    file: FileChange
    path: str
    name: str
    old: int
    new: int
    broken: list[BrokenSite] = field(default_factory=list)


def became_async_script(inspection: Inspection) -> list[Finding]:
    """One finding for each function that became async under a call that uses the result at once."""
    before, after = ScriptLookup(inspection.before), ScriptLookup(inspection.after)
    became = inspection.first(
        _became(inspection, before, after), NAMES, "JavaScript functions that became async"
    )
    hits = inspection.mentions({entry.name for entry in became}, lambda p: p.endswith(SUFFIXES))
    for entry in became:
        for path in hits.get(entry.name, {}):
            if not after.is_strict(path) and not inspection.late():
                _judge(inspection, after, entry, path)
    return [_finding(inspection, entry) for entry in became if entry.broken]


def _became(inspection: Inspection, before: ScriptLookup, after: ScriptLookup) -> Iterator[_Became]:
    for file in inspection.changed(SUFFIXES):
        added = any(
            line.kind == "+" and "async" in line.text for h in file.hunks for line in h.lines
        )
        path = file.old_path or file.path
        old, new = before.text(path) if added else None, after.text(file.path) if added else None
        if old is None or new is None:
            continue
        plain, now = _functions(old), _functions(new)
        for name, (is_async, line) in now.items():
            was = plain.get(name)
            if is_async and was is not None and not was[0]:
                yield _Became(file, path, name, was[1], line)


def _functions(script: ScriptText) -> dict[str, tuple[bool, int]]:
    """Name to (async, line) of the functions at the top that are defined once."""
    found: list[tuple[str, bool, int]] = []
    for match in _DECLARED.finditer(script.code):
        if not match[2] and not script.depth(match.start()):
            found.append((match[3], bool(match[1]), script.line(match.start(3))))
    for match in _ASSIGNED.finditer(script.code):
        if not script.depth(match.start()):
            found.append((match[1], bool(match[2]), script.line(match.start(1))))
    names = [name for name, _, _ in found]
    return {name: (is_async, line) for name, is_async, line in found if names.count(name) == 1}


def _judge(inspection: Inspection, after: ScriptLookup, entry: _Became, path: str) -> None:
    script = after.text(path)
    judged = inspection.judged.to_judge(entry.path, entry.name, "became async")
    for alias in _aliases(after, entry, path) if script is not None else ():
        if script is None or _is_shadowed(script, alias, path == entry.file.path):
            continue
        for match in re.finditer(rf"{_CALLED}{re.escape(alias)}\s*\(", script.code):
            why = _taken_apart(script, match.start(), match.end() - 1)
            if why:
                line = script.line(match.start())
                judged[(path, line)] = CallSite(path, line, "T1", "broken", why)
                entry.broken.append(BrokenSite(path, line, line, why))


def _aliases(after: ScriptLookup, entry: _Became, path: str) -> Iterator[str]:
    """What the function is called in this file: its own, or what an import calls it."""
    if path == entry.file.path:
        yield entry.name
    for one in after.imports(path):
        file = after.file(path, one.module)
        known = one.name == entry.name and one.alias and file is not None
        if known and file and after.home(file, entry.name) == entry.file.path:
            yield one.alias


def _is_shadowed(script: ScriptText, alias: str, own: bool) -> bool:
    """Whether the file may bind the name a second time: declared again, or taken as a parameter."""
    name = re.escape(alias)
    declared = rf"(?:const|let|var|function\s*\*?|class)\s+{name}(?![\w$])"
    # Bounded: in a long line of a stranger's every comma would look at all that follows.
    taken = rf"[(,]\s*{name}\s*(?:[,)][^;\n]{{0,500}}(?:=>|\{{)|=[^=])|(?<![\w$.]){name}\s*=>"
    return len(re.findall(declared, script.code)) > int(own) or bool(re.search(taken, script.code))


def _taken_apart(script: ScriptText, start: int, bracket: int) -> str:
    """Why a promise cannot stand where the call at `start` does; "" where it may be awaited."""
    before = script.code[max(0, start - 200) : start]
    if re.search(r"(?:\bawait|\bfunction\s*\*?|\basync)\s*$", before) or script.is_tried(start):
        return ""
    follows = _AFTER.match(script.code, script.closing(bracket) + 1)
    if follows and follows[2]:
        return "" if follows[2] in _OF_PROMISES else f"it takes `.{follows[2]}` of a promise"
    if follows and follows[3]:
        return "it takes an item of a promise" if "\n" not in follows[0] else ""
    if follows:
        return "it compares or calculates with a promise"
    return next((why for pattern, why in _BEFORE if pattern.search(before)), "")


def _finding(inspection: Inspection, entry: _Became) -> Finding:
    sites = sorted(entry.broken, key=lambda site: (site.path, site.line))
    body = (
        f"`{entry.name}` is now `async`: a call gives a promise. These use the result at once:\n\n"
        f"{places(sites)}\n\nSmallest fix: `await` these calls."
    )
    return finding(
        Contract(KIND, entry.name, entry.file, "RIGHT", entry.new),
        title=f"`{entry.name}` became async, {counted(sites)} still "
        + ("uses" if len(sites) == 1 else "use")
        + " it as a plain function",
        body=body,
        trigger=f"{sites[0].path}:{sites[0].line} runs",
        definitions=[
            quote(inspection.before, entry.path, entry.old, entry.old),
            quote(inspection.after, entry.file.path, entry.new, entry.new),
        ],
        sites=sites,
        after=inspection.after,
    )
