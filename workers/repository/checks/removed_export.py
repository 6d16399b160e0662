"""An exported name, or a whole file, of JavaScript is gone, and something still imports it.

Documented in docs/checks/removed_export.md.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.diff import FileChange
from bot.domain.finding import Finding
from workers.repository.checks.broken_site import counted, places
from workers.repository.checks.inspection import Inspection
from workers.repository.checks.named_path import is_made
from workers.repository.checks.removal import Removed, Spot, Told, record, removal_finding
from workers.repository.resolution.layout import folder_of
from workers.repository.scripts.imports import ScriptImport
from workers.repository.scripts.lookup import ScriptLookup
from workers.repository.scripts.text import SUFFIXES

KIND = "removed_export"
NAMES = 60
_EXPORTING = ("export", "exports", "default", "*")
_WORD = re.compile(r"[\w$]+|\*")
_MOCKED = r"""\b(mock|doMock|unstable_mockModule|proxyquire|rewiremock|setMock)\s*\(\s*['"]"""


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both states of the scripts, and the inspection that asks."""

    inspection: Inspection
    before: ScriptLookup
    after: ScriptLookup

    def old_path(self, path: str) -> str:
        """Where an importing file stood before the change."""
        file = self.inspection.change.file(path)
        return (file.old_path if file is not None else None) or path


def removed_exports(inspection: Inspection) -> list[Finding]:
    """One finding for each removed export or file that is still imported."""
    sides = _Sides(inspection, ScriptLookup(inspection.before), ScriptLookup(inspection.after))
    gone = inspection.first(_gone(sides), NAMES, "removed exports")
    words = {part for entry in gone for part in _grepped(_word(entry))}
    hits = inspection.mentions(words, lambda path: path.endswith(SUFFIXES))
    for entry in gone:
        paths = {path for part in _grepped(_word(entry)) for path in hits.get(part, {})}
        for path in sorted(paths):
            if not sides.after.is_strict(path) and not inspection.late():
                _judge(sides, entry, path)
    return [_finding(inspection, entry) for entry in gone if entry.broken]


def _word(entry: Removed) -> str:
    """The word that stands at an import: the name, or a part of the path."""
    if entry.name and entry.name != "default":
        return entry.name
    stem = entry.path.rpartition("/")[2].partition(".")[0]
    return stem if stem != "index" else folder_of(entry.path).rpartition("/")[2]


def _grepped(word: str) -> list[str]:
    """The longest run of word characters: what a search for whole words can find."""
    return sorted(re.findall(r"\w+", word), key=len)[-1:]


def _gone(sides: _Sides) -> Iterator[Removed]:
    for file in sides.inspection.changed(SUFFIXES):
        path = file.old_path or file.path
        if path not in sides.after.layout.paths:
            if not is_made(sides.inspection, path):
                yield Removed(file, path)
            continue
        lost = _lost_words(file)
        old = sides.before.exports(path) if lost else None
        if lost and (old is None or sides.after.exports(path) is None):
            sides.inspection.notes.append(f"{path}: exports not checked, it reads as no script")
        if old is None or not lost & {*_EXPORTING, *old.names}:
            continue
        for name, line in old.names.items():
            absent = sides.after.presence(path, name) == "absent"
            if absent and not _still_named(sides.after, path, name):
                yield Removed(file, path, name, line)


def _lost_words(file: FileChange) -> set[str]:
    """The words that the change takes away: `export` or the name must go for an export to go."""
    words: dict[str, Counter[str]] = {"+": Counter(), "-": Counter()}
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.kind in words:
                words[line.kind].update(_WORD.findall(line.text))
    return set(words["-"] - words["+"])


def _still_named(after: ScriptLookup, path: str, name: str) -> bool:
    """Whether a line speaks of the name and of exports: a form of export that is not known here."""
    script = after.text(path)
    if script is None or name == "default":
        return script is None
    sought = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
    lines = [line for line in script.code.split("\n") if sought.search(line)]
    return any(re.search(r"(?<![\w$])exports?(?![\w$])", line) for line in lines)


def _judge(sides: _Sides, entry: Removed, path: str) -> None:
    found: dict[int, Spot] = {}
    for one in sides.after.imports(path):
        why = _why(sides, entry, path, one)
        if not why:
            continue
        guard = "inside try/catch" if one.tried else _mocked(sides, path, one)
        if one.line not in found or found[one.line].guard:
            found[one.line] = Spot(one.line, one.line, guard, why)
    record(entry, path, found.values(), sides.inspection.judged)


def _mocked(sides: _Sides, path: str, one: ScriptImport) -> str:
    text = sides.inspection.after.text(path) or ""
    return "replaced by a mock" if re.search(_MOCKED + re.escape(one.module), text) else ""


def _why(sides: _Sides, entry: Removed, path: str, one: ScriptImport) -> str:
    """What fails at an import because of this removal; "" if nothing is certain."""
    was = sides.before.file(sides.old_path(path), one.module)
    here = sides.after.file(path, one.module)
    if was is None:
        return ""
    if not entry.name:
        gone = was == entry.path and here is None
        certain = gone and not _found_otherwise(sides.after, path, one.module)
        return f"it imports `{one.module}`, which is gone" if certain else ""
    if here is None or sides.before.home(was, entry.name) != entry.path:
        return ""
    if sides.after.presence(here, entry.name) != "absent":
        return ""
    return _name_breaks(sides.after, path, one, entry.name)


def _name_breaks(after: ScriptLookup, path: str, one: ScriptImport, name: str) -> str:
    """An `import` fails at once; what `require` gave must be used so that `undefined` fails."""
    if one.name == name and (one.way != "required" or _depends(after, path, one)):
        return f"it imports `{name}`, which is not exported any more"
    return _member(after, path, one, name) if not one.name else ""


def _found_otherwise(after: ScriptLookup, path: str, module: str) -> bool:
    """Whether a bundler may still find the module: another suffix, or a folder with a manifest."""
    target = posixpath.normpath(posixpath.join(folder_of(path), module))
    stem = re.sub(r"\.[cm]?[jt]sx?$", "", target)
    near = after.layout.folders.get(folder_of(stem), ())
    if any(other.startswith(f"{stem}.") for other in near) or target in after.layout.paths:
        return True
    return after.may_be_resolved_otherwise(target)


def _depends(after: ScriptLookup, path: str, one: ScriptImport) -> bool:
    """Whether `undefined` would fail: the name is called, constructed, extended or dotted."""
    script = after.text(path)
    if script is None:
        return False
    if not one.alias:
        line = script.code.split("\n")[one.line - 1]
        return bool(re.search(rf"\.\s*{re.escape(one.name)}\s*[(.\[]", line))
    name = re.escape(one.alias)
    used = rf"(?<![\w$.]){name}\s*[(.\[]|\b(?:new|extends|instanceof)\s+{name}(?![\w$])"
    return bool(re.search(used, script.code))


def _member(after: ScriptLookup, path: str, one: ScriptImport, name: str) -> str:
    """`alias.name(...)` of a module that is bound once and whose properties nobody sets."""
    script = after.text(path)
    if script is None or not one.alias:
        return ""
    alias, named = re.escape(one.alias), re.escape(name)
    declared = rf"(?:const|let|var|function|class)\s+{alias}(?![\w$])"
    # Bounded: in a long line of a stranger's every comma would look at all that follows.
    taken = rf"[(,]\s*{alias}\s*[,)][^;\n]{{0,500}}(?:=>|\{{)"
    bound = len(re.findall(f"{declared}|{taken}", script.code))
    given = re.search(rf"(?<![\w$.]){alias}\s*\.\s*{named}\s*=(?![=>])", script.code)
    called = re.search(rf"(?<![\w$.]){alias}\s*\.\s*{named}\s*\(", script.code)
    if not called or given or bound > int(one.way == "required"):
        return ""
    return f"it calls `{one.alias}.{name}`, which is not exported any more"


def _finding(inspection: Inspection, entry: Removed) -> Finding:
    what = f"`{entry.name}`" if entry.name else f"`{entry.path}`"
    sites, moved = entry.sites, entry.is_move
    fix = f"import from `{entry.file.path}`" if moved else "change these lines, or keep the export"
    body = (
        (f"`{entry.path}` does not export {what} any more" if entry.name else f"{what} is gone")
        + f", but {counted(sites)} still "
        + ("imports" if len(sites) == 1 else "import")
        + f" it:\n\n{places(sites)}\n\nSmallest fix: {fix}."
    )
    verb = "moved" if moved else "removed" if not entry.name else "no longer exported"
    told = Told(
        symbol=entry.name or entry.path,
        title=f"{what} is {verb} but still imported in {counted(sites)}",
        body=body,
        trigger=f"{sites[0].path} is loaded",
    )
    return removal_finding(KIND, entry, told, inspection.before, inspection.after)
