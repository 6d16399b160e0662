"""An entry point of `pyproject.toml` names a module or function that a change takes away.

Documented in docs/checks/entry_point.md. The tables:
https://packaging.python.org/en/latest/specifications/pyproject-toml/#entry-points
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.diff import FileChange
from bot.domain.finding import Finding
from workers.repository.checks.broken_site import BrokenSite, Contract, finding, places, quote
from workers.repository.checks.inspection import Inspection

KIND = "entry_point"
MANIFESTS = 20
_SIZE_CAP = 200_000
_REFERENCE = re.compile(r"^([\w.]+)\s*(?::\s*(\w+)[\w.]*)?\s*(?:\[.*\])?$")


@dataclass(frozen=True, slots=True)
class _EntryPoint:
    """`name = "module:attribute"` of a manifest."""

    manifest: str
    name: str
    module: str
    attribute: str


def broken_entry_points(inspection: Inspection) -> list[Finding]:
    """One finding for each entry point that led somewhere before and leads nowhere now."""
    if not any(file.path.endswith(".py") for file in inspection.change.files):
        return []
    manifests = sorted(
        path for path in inspection.after.paths if path.rpartition("/")[2] == "pyproject.toml"
    )
    return [
        _finding(inspection, entry, file)
        for manifest in manifests[:MANIFESTS]
        if not inspection.skip(manifest) and not inspection.late()
        for entry in _entry_points(manifest, inspection.after.text(manifest) or "")
        if (file := _broken_by(inspection, entry)) is not None
    ]


def _entry_points(manifest: str, text: str) -> Iterator[_EntryPoint]:
    if len(text) > _SIZE_CAP:
        return
    try:
        project = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    for table in _tables(project):
        for name, value in table.items():
            found = _REFERENCE.match(value) if isinstance(value, str) else None
            if found:
                yield _EntryPoint(manifest, name, found[1], found[2] or "")


def _tables(project: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    standard, poetry = _at(project, "project"), _at(_at(project, "tool"), "poetry")
    for holder in (standard, poetry):
        yield _at(holder, "scripts")
    yield _at(standard, "gui-scripts")
    yield from (
        _at(groups, name)
        for groups in (_at(standard, "entry-points"), _at(poetry, "plugins"))
        for name in groups
    )


def _at(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = table.get(name)
    return value if isinstance(value, Mapping) else {}


def _broken_by(inspection: Inspection, entry: _EntryPoint) -> FileChange | None:
    """The change of the file that held what the entry point names."""
    before, after = inspection.python.before, inspection.python.after
    was = before.module_path(entry.manifest, entry.module)
    if was is None or (entry.attribute and before.presence(was, entry.attribute) != "present"):
        return None
    here = after.module_path(entry.manifest, entry.module)
    if here is None:
        gone = after.module_presence(entry.manifest, entry.module, was) == "absent"
        return _change_of(inspection, was) if gone else None
    gone = bool(entry.attribute) and after.presence(here, entry.attribute) == "absent"
    return _change_of(inspection, was) if gone else None


def _change_of(inspection: Inspection, path: str) -> FileChange | None:
    return next((f for f in inspection.change.files if path in (f.old_path, f.path)), None)


def _finding(inspection: Inspection, entry: _EntryPoint, file: FileChange) -> Finding:
    line = _line(inspection, entry)
    written = f"{entry.module}:{entry.attribute}" if entry.attribute else entry.module
    site = BrokenSite(entry.manifest, line, line, f"`{entry.name}` leads to `{written}`")
    symbol = entry.attribute or entry.module
    body = (
        f"The entry point `{entry.name}` names `{written}`, which this change takes away:\n\n"
        f"{places([site])}\n\nInstalled anew, it fails when it is started. Smallest fix: let it "
        "lead to where the code is now, or drop it."
    )
    old = file.old_path or file.path
    start = _defined_at(inspection, old, entry.attribute)
    return finding(
        Contract(KIND, symbol, file, "LEFT", start),
        title=f"Entry point `{entry.name}` leads to `{written}`, which is gone",
        body=body,
        trigger=f"somebody starts `{entry.name}`",
        definitions=[quote(inspection.before, old, start, start)],
        sites=[site],
        after=inspection.after,
    )


def _line(inspection: Inspection, entry: _EntryPoint) -> int:
    lines = inspection.after.lines(entry.manifest)
    named = (at for at, text in enumerate(lines, 1) if entry.module in text and entry.name in text)
    return next(named, 1)


def _defined_at(inspection: Inspection, path: str, name: str) -> int:
    module = inspection.python.before.modules.at(path)
    bound = module.bindings.get(name, ()) if module is not None and name else ()
    return int(getattr(bound[-1], "lineno", 1)) if bound else 1
