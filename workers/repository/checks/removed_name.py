"""A module-level name or a whole module is gone, and something still imports or reads it.

Documented in docs/checks/removed_name.md.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator

from bot.domain.finding import Finding
from workers.repository.checks.inspection import Inspection
from workers.repository.checks.python_files import PythonFiles
from workers.repository.checks.python_removal import python_finding, word_of
from workers.repository.checks.removal import Removed, Spot, record
from workers.repository.checks.verdicts import Judged
from workers.repository.python.use import ModuleImport, NameUse

NAMES = 40


def removed_names(inspection: Inspection) -> list[Finding]:
    """One finding for each removed name or module that is still used."""
    files = inspection.python
    gone = inspection.first(_ranked(_gone(files)), NAMES, "removed names")
    by_word: dict[str, list[Removed]] = {}
    for entry in gone:
        by_word.setdefault(word_of(entry), []).append(entry)
    for path, words in files.mentions(by_word).items():
        for word in sorted(words):
            for entry in by_word[word]:
                _judge(files, entry, path, inspection.judged)
    return [python_finding(files, entry) for entry in gone if entry.broken]


def _ranked(gone: Iterable[Removed]) -> list[Removed]:
    """Whole modules first, private names last: so many are checked, and no more."""
    return sorted(gone, key=lambda entry: (entry.name.startswith("_"), entry.name != ""))


def _gone(files: PythonFiles) -> Iterator[Removed]:
    for file in files.changed():
        path = file.old_path or file.path
        if file.status in ("deleted", "renamed"):
            yield Removed(file, path)
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
                yield Removed(file, path, name, int(getattr(nodes[-1], "lineno", 1)))


def _judge(files: PythonFiles, entry: Removed, path: str, judged: Judged) -> None:
    uses = files.uses(path, {word_of(entry)})
    if uses is None:
        return
    found: dict[int, Spot] = {}
    for statement in uses.imports:
        why = _import_breaks(files, entry, path, statement)
        if why:
            found.setdefault(
                statement.line, Spot(statement.line, statement.line, statement.guard, why)
            )
    for use in uses.names if entry.name else ():
        why = _use_breaks(files, entry, path, use)
        if why:
            found.setdefault(use.line, Spot(use.line, use.end_line, use.guard, why))
    record(entry, path, found.values(), judged)


def _import_breaks(files: PythonFiles, entry: Removed, path: str, statement: ModuleImport) -> str:
    """What an import statement raises because of this removal; "" if nothing is certain."""
    imported = statement.imported
    if entry.name:
        if imported.name != entry.name or _was(files, path, imported.module) != entry.path:
            return ""
        still = files.after.module_path(path, imported.module) == entry.file.path
        return f"`ImportError`, it imports `{entry.name}`" if still else ""
    return _module_breaks(files, entry, path, statement)


def _module_breaks(files: PythonFiles, entry: Removed, path: str, statement: ModuleImport) -> str:
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


def _use_breaks(files: PythonFiles, entry: Removed, path: str, use: NameUse) -> str:
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
