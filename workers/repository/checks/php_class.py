"""A PHP class, interface or trait is gone, and code still extends it or makes one.

Documented in docs/checks/php_class.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.finding import Finding
from workers.repository.checks.broken_site import counted, places
from workers.repository.checks.inspection import Inspection, has_line
from workers.repository.checks.php_types import PhpTypes
from workers.repository.checks.removal import Removed, Spot, Told, record, removal_finding
from workers.repository.snapshot import Hit

KIND = "php_class"
NAMES = 40
_DECLARES = re.compile(r"\b(class|interface|trait|enum|namespace)\b", re.IGNORECASE)
_ASKS = re.compile(r"\b(class_exists|interface_exists|class_alias|is_a|is_subclass_of)\b")


def removed_php_classes(inspection: Inspection) -> list[Finding]:
    """One finding for each removed type that is still extended, used or made."""
    if any(file.path.endswith("composer.json") for file in inspection.change.files):
        return []  # what went may come from a package now
    after = PhpTypes(inspection.after)
    gone = inspection.first(
        _gone(inspection, PhpTypes(inspection.before), after), NAMES, "removed PHP types"
    )
    hits = inspection.mentions({entry.simple for entry in gone}, lambda p: p.endswith(".php"))
    for entry in gone:
        for path, lines in hits.get(entry.simple, {}).items():
            if not inspection.late():
                _judge(inspection, after, entry, path, lines)
    return [_finding(inspection, entry) for entry in gone if entry.broken]


def _gone(inspection: Inspection, before: PhpTypes, after: PhpTypes) -> Iterator[Removed]:
    for file in inspection.changed(".php"):
        path = file.old_path or file.path
        if file.status == "modified" and not has_line(file, "-", _DECLARES):
            continue
        if not inspection.reads_as_before(file):
            continue
        kept = after.of(file.path) if file.status != "deleted" else {}
        for name, old in before.of(path).items():
            if name in kept:
                continue
            if not any(one.name.lower() == name for one in after.called(old.name)):
                yield Removed(file, path, old.name, old.definition.name_line)


def _judge(
    inspection: Inspection, after: PhpTypes, entry: Removed, path: str, lines: list[Hit]
) -> None:
    text = inspection.after.text(path) or ""
    if any(entry.simple in line and _ASKS.search(line) for line in text.split("\n")):
        return
    found = _bases(after, entry, path) | _made(inspection, after, entry, lines)
    spots = [Spot(line, line, "", why) for line, why in found.items()]
    record(entry, path, spots, inspection.judged)


def _bases(after: PhpTypes, entry: Removed, path: str) -> dict[int, str]:
    """The types that name it as a base, by line."""
    return {
        one.definition.name_line: f"`{one.definition.simple}` is built on it"
        for one in after.of(path).values()
        for base in one.definition.bases
        if after.full_name(path, base).lower() == entry.name.lower()
    }


def _made(
    inspection: Inspection, after: PhpTypes, entry: Removed, lines: list[Hit]
) -> dict[int, str]:
    """The lines of code that make one, or call it statically."""
    found: dict[int, str] = {}
    pattern = re.compile(
        rf"\bnew\s+([\w\\]*\b{entry.simple})\b|([\w\\]*\b{entry.simple})::(?!class\b)"
    )
    for path, line, text in lines:
        match = pattern.search(text)
        written = (match[1] or match[2]) if match else ""
        if not written or after.full_name(path, written).lower() != entry.name.lower():
            continue
        uses = inspection.after.parsed(path).uses({entry.simple}, [line])
        if uses and not _is_tried(inspection, path, line):
            found[line] = "it makes one" if match and match[1] else "it calls it"
    return found


def _is_tried(inspection: Inspection, path: str, line: int) -> bool:
    """Whether the function around holds a `try`, or a test expects a failure."""
    around = inspection.after.outline(path).enclosing(line)
    start = around.line if around is not None else line
    text = "\n".join(inspection.after.lines(path)[start - 1 : line])
    return bool(re.search(r"\btry\b|expectException|markTestSkipped", text))


def _finding(inspection: Inspection, entry: Removed) -> Finding:
    sites = entry.sites
    needs = "needs" if len(sites) == 1 else "need"
    body = (
        f"`{entry.name}` is gone, but {counted(sites)} still {needs} it:\n\n{places(sites)}\n\n"
        "PHP stops with `Class not found` there. Smallest fix: change these lines, or keep it."
    )
    told = Told(
        symbol=entry.simple,
        title=f"`{entry.simple}` is removed but still used in {counted(sites)}",
        body=body,
        trigger=f"PHP reaches {sites[0].path}:{sites[0].line}",
    )
    return removal_finding(KIND, entry, told, inspection.before, inspection.after)
