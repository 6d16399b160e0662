"""A PHP interface or abstract class asks for a new method, and a class does not bring it.

Documented in docs/checks/php_abstract.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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
from workers.repository.checks.inspection import Inspection, has_line
from workers.repository.checks.php_types import PhpType, PhpTypes
from workers.repository.outline import OutlinedDefinition

KIND = "php_abstract"
_FUNCTION = re.compile(r"\bfunction\b", re.IGNORECASE)


def unimplemented_php_methods(inspection: Inspection) -> list[Finding]:
    """One finding for each new method without a body that a concrete class lacks."""
    before, after = PhpTypes(inspection.before), PhpTypes(inspection.after)
    found: list[Finding] = []
    for file, owner, method in _asked(inspection, before, after):
        sites = sorted(_lacking(inspection, after, owner, method), key=lambda one: one.path)
        if sites:
            found.append(_finding(inspection, file, owner, method, sites))
    return found


def _asked(
    inspection: Inspection, before: PhpTypes, after: PhpTypes
) -> Iterator[tuple[FileChange, PhpType, OutlinedDefinition]]:
    for file in inspection.changed(".php"):
        gains = has_line(file, "+", _FUNCTION) and file.status != "deleted"
        if not gains or inspection.late():
            continue
        known = before.of(file.old_path or file.path)
        for name, new in after.of(file.path).items():
            old = known.get(name)
            for method in new.methods if old is not None else ():
                was = old.method(method.simple) if old is not None else None
                if new.asks_for(method) and (was is None or not (old and old.asks_for(was))):
                    yield file, new, method


def _lacking(
    inspection: Inspection, after: PhpTypes, owner: PhpType, method: OutlinedDefinition
) -> Iterator[BrokenSite]:
    """The classes to make objects of whose whole lineage is known and has no such body."""
    for one in after.below(owner.name):
        lineage = [] if one.is_abstract or inspection.skip(one.path) else after.lineage(one)
        if not lineage or None in lineage:
            continue
        bodies = [
            entry
            for entry in lineage
            if entry is not None
            and (found := entry.method(method.simple)) is not None
            and not entry.asks_for(found)
        ]
        if not bodies:
            line = one.definition.name_line
            why = f"`{one.definition.simple}` has no `{method.simple}`: PHP stops when it loads it"
            yield BrokenSite(one.path, line, line, why)


def _finding(
    inspection: Inspection,
    file: FileChange,
    owner: PhpType,
    method: OutlinedDefinition,
    sites: list[BrokenSite],
) -> Finding:
    name = f"{owner.definition.simple}::{method.simple}"
    path = file.old_path or file.path
    judged = inspection.judged.to_judge(path, method.name, "newly asked for")
    for site in sites:
        judged[(site.path, site.line)] = CallSite(site.path, site.line, "T1", "broken", site.why)
    lacks = "lacks" if len(sites) == 1 else "lack"
    body = (
        f"`{name}` is asked of every class below `{owner.definition.simple}` now, and "
        f"{counted(sites)} {lacks} it:\n\n{places(sites)}\n\n"
        f"Smallest fix: add `{method.simple}` there, or give it a body that serves as default."
    )
    line = method.name_line
    return finding(
        Contract(KIND, name, file, "RIGHT", line),
        title=f"`{name}` is newly asked for, {counted(sites)} {lacks} it",
        body=body,
        trigger=f"PHP loads the class at {sites[0].path}:{sites[0].line}",
        definitions=[quote(inspection.after, file.path, line, line)],
        sites=sites,
        after=inspection.after,
    )
