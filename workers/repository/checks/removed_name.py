"""A module-level name or a whole module is gone, and something still imports or reads it.

Documented in docs/checks/removed_name.md.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.domain.diff import FileChange
from bot.domain.finding import Evidence, Finding
from bot.domain.review import CallSite, SiteStatus
from workers.repository.checks.broken_site import (
    BrokenSite,
    Contract,
    counted,
    finding,
    places,
    quote,
)
from workers.repository.checks.python_files import PythonFiles
from workers.repository.checks.verdicts import Judged
from workers.repository.python_uses import ModuleImport, NameUse

KIND = "removed_name"
NAMES = 40


@dataclass(slots=True)
class _Gone:
    """A name that a changed file bound before and binds no more; name "" is the file itself."""

    file: FileChange
    path: str
    name: str
    line: int
    broken: list[BrokenSite] = field(default_factory=list)

    @property
    def word(self) -> str:
        """The word to look for."""
        if self.name:
            return self.name
        return self.path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A use that fails, or would but for `guard`."""

    line: int
    end_line: int
    guard: str
    why: str


def removed_names(files: PythonFiles, judged: Judged) -> list[Finding]:
    """One finding for each removed name or module that is still used."""
    gone = _ranked(list(_gone(files)))
    if len(gone) > NAMES:
        files.notes.append(f"{KIND}: {len(gone) - NAMES} of {len(gone)} removed names not checked")
    by_word: dict[str, list[_Gone]] = {}
    for entry in gone[:NAMES]:
        by_word.setdefault(entry.word, []).append(entry)
    for path, words in files.mentions(by_word).items():
        for word in sorted(words):
            for entry in by_word[word]:
                _judge(files, entry, path, judged)
    return [_finding(files, entry) for entry in gone[:NAMES] if entry.broken]


def _ranked(gone: list[_Gone]) -> list[_Gone]:
    return sorted(gone, key=lambda entry: (entry.name.startswith("_"), entry.name != ""))


def _gone(files: PythonFiles) -> Iterator[_Gone]:
    for file in files.changed():
        path = file.old_path or file.path
        if file.status in ("deleted", "renamed"):
            yield _Gone(file, path, "", 1)
            continue
        before, after = files.before.modules.at(path), files.after.modules.at(file.path)
        if before is None or after is None:
            files.notes.append(f"{path}: not checked, this Python cannot parse both sides")
            continue
        for name, nodes in before.bindings.items():
            dunder = name.startswith("__") and name.endswith("__")
            if name in after.bindings or dunder:
                continue
            if files.after.presence(file.path, name) == "absent":
                yield _Gone(file, path, name, int(getattr(nodes[-1], "lineno", 1)))


def _judge(files: PythonFiles, entry: _Gone, path: str, judged: Judged) -> None:
    uses = files.uses(path)
    if uses is None:
        return
    found: dict[int, _Spot] = {}
    for statement in uses.imports:
        why = _import_breaks(files, entry, path, statement)
        if why:
            found.setdefault(
                statement.line, _Spot(statement.line, statement.line, statement.guard, why)
            )
    for use in uses.names if entry.name else ():
        why = _use_breaks(files, entry, path, use)
        if why:
            found.setdefault(use.line, _Spot(use.line, use.end_line, use.guard, why))
    _record(entry, path, found.values(), judged)


def _record(entry: _Gone, path: str, found: Iterable[_Spot], judged: Judged) -> None:
    sites = judged.setdefault((entry.path, entry.name), {})
    for spot in found:
        status: SiteStatus = "safe" if spot.guard else "broken"
        why = spot.guard or spot.why
        sites[(path, spot.line)] = CallSite(path, spot.line, "T1", status, why)
        if not spot.guard:
            entry.broken.append(BrokenSite(path, spot.line, spot.end_line, why))


def _import_breaks(files: PythonFiles, entry: _Gone, path: str, statement: ModuleImport) -> str:
    """What an import statement raises because of this removal; "" if nothing is certain."""
    imported = statement.imported
    if entry.name:
        if imported.name != entry.name or _was(files, path, imported.module) != entry.path:
            return ""
        still = files.after.module_path(path, imported.module) == entry.file.path
        return f"`ImportError`, it imports `{entry.name}`" if still else ""
    return _module_breaks(files, entry, path, statement)


def _module_breaks(files: PythonFiles, entry: _Gone, path: str, statement: ModuleImport) -> str:
    imported = statement.imported
    candidates = [imported.module]
    if imported.name not in ("", "*"):
        joint = "" if imported.module.endswith(".") else "."
        candidates.append(f"{imported.module}{joint}{imported.name}")
    for index, module in enumerate(candidates):
        if _was(files, path, module) != entry.path:
            continue
        if index == 1:
            package = _was(files, path, imported.module)
            if package and files.before.modules.at(package) is None:
                return ""
            here = files.after.module_path(path, imported.module)
            if here is not None and files.after.presence(here, imported.name) != "absent":
                return ""
        if files.after.module_presence(path, module, entry.path) == "absent":
            return f"`ModuleNotFoundError`, it imports `{module}`"
    return ""


def _was(files: PythonFiles, path: str, module: str) -> str | None:
    """The file that this module name meant before the change, seen from this file."""
    return files.before.module_path(path, module) if module.strip(".") or module else None


def _use_breaks(files: PythonFiles, entry: _Gone, path: str, use: NameUse) -> str:
    """What a read raises: NameError in the own file, AttributeError through the module."""
    if use.typed:
        return ""
    if use.imported is None:
        own = path == entry.file.path and use.name == entry.name
        return f"`NameError`, it reads `{entry.name}`" if own and not _builtin(use.name) else ""
    if entry.name not in use.chain:
        return ""
    for index, name in enumerate(use.chain):
        prefix = files.after.place(path, use.imported, use.chain[:index])
        if name != entry.name or not prefix or prefix[-1].name:
            continue
        was = files.before.place(path, use.imported, use.chain[:index])
        if prefix[-1].path == entry.file.path and was and was[-1].path == entry.path:
            return f"`AttributeError`, it reads `{entry.name}` of the module"
    return ""


def _builtin(name: str) -> bool:
    return hasattr(builtins, name)


def _finding(files: PythonFiles, entry: _Gone) -> Finding:
    what = f"`{entry.name}`" if entry.name else f"module `{entry.path}`"
    sites = sorted(entry.broken, key=lambda site: (site.path, site.line))
    verb = "moved" if entry.file.status == "renamed" else "removed"
    body = (
        f"This change takes {what} away"
        + (f" from `{entry.path}`" if entry.name else "")
        + f", but it is still used in {counted(sites)}:\n\n{places(sites)}\n\n"
        f"Each of these fails as soon as the line runs. Smallest fix: {_fix(entry)}"
    )
    return finding(
        Contract(KIND, entry.name or entry.path, entry.file, "LEFT", entry.line),
        title=f"{what} is {verb} but still used in {counted(sites)}",
        body=body,
        trigger=f"Python reaches {sites[0].path}:{sites[0].line}",
        definitions=_definition(files, entry),
        sites=sites,
        after=files.after.snapshot,
    )


def _definition(files: PythonFiles, entry: _Gone) -> list[Evidence]:
    if not files.before.snapshot.text(entry.path):
        return []
    return [quote(files.before.snapshot, entry.path, entry.line, entry.line)]


def _fix(entry: _Gone) -> str:
    if not entry.name and entry.file.status == "renamed":
        return f"import from `{entry.file.path}` instead."
    if not entry.name:
        return "drop these imports, or keep the module."
    return f"change these lines, or keep the name `{entry.name}` as an alias."
