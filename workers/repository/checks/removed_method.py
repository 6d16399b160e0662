"""A method or property is gone from its class and its bases, and something still uses it.

Documented in docs/checks/removed_name.md.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.domain.finding import Finding
from workers.repository.checks.inspection import Inspection
from workers.repository.checks.method_uses import MethodUse, method_uses, patched
from workers.repository.checks.python_files import PythonFiles
from workers.repository.checks.python_removal import python_finding
from workers.repository.checks.removal import Removed, Spot, record
from workers.repository.checks.verdicts import Judged
from workers.repository.python.lookup import Place
from workers.repository.python.module import Function, class_bindings

METHODS = 40


def removed_methods(inspection: Inspection) -> list[Finding]:
    """One finding for each removed method that is still used."""
    files = inspection.python
    gone = inspection.first(_gone(files), METHODS, "removed methods")
    by_word: dict[str, list[Removed]] = {}
    for entry in gone:
        by_word.setdefault(entry.simple, []).append(entry)
    mentions = files.mentions(by_word)
    for word in sorted(_patched(files, mentions)):
        by_word.pop(word, None)
        files.notes.append(f"method {word!r}: not checked, code sets it or asks for it by name")
    for path, words in mentions.items():
        if any(word in by_word for word in words):
            _judge(files, path, by_word, inspection.judged)
    return [python_finding(files, entry) for entry in gone if entry.broken]


def _gone(files: PythonFiles) -> Iterator[Removed]:
    for file in files.changed():
        path = file.old_path or file.path
        before, after = files.before.modules.at(path), files.after.modules.at(file.path)
        if before is None or after is None:
            continue
        for name in before.bindings:
            old, new = before.definition(name), after.definition(name)
            if not isinstance(old, ast.ClassDef) or not isinstance(new, ast.ClassDef):
                continue
            place, kept = Place(file.path, name), class_bindings(new)
            for member, line in _methods(old).items():
                if member not in kept and files.classes_after.member(place, member) == "absent":
                    yield Removed(file, path, f"{name}.{member}", line)


def _methods(node: ast.ClassDef) -> dict[str, int]:
    """The methods of a class, properties included, and the lines of their names."""
    return {
        name: bound[-1].lineno
        for name, bound in class_bindings(node).items()
        if isinstance(bound[-1], Function) and not name.startswith("__")
    }


def _patched(files: PythonFiles, mentions: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    for path, words in mentions.items():
        module = files.after.modules.at(path)
        if module is not None:
            found |= patched(module, words)
    return found


def _judge(
    files: PythonFiles, path: str, by_word: dict[str, list[Removed]], judged: Judged
) -> None:
    found: dict[int, dict[int, Spot]] = {}
    entries = {id(entry): entry for held in by_word.values() for entry in held}
    for use in method_uses(files, path, by_word):
        for entry in by_word.get(use.name, ()):
            if _breaks(files, entry, use):
                why = f"`AttributeError`, `{use.class_.name}` has no `{use.name}` any more"
                spot = Spot(use.line, use.end_line, use.guard, why, use.tier)
                found.setdefault(id(entry), {}).setdefault(use.line, spot)
    for key, spots in found.items():
        record(entries[key], path, spots.values(), judged)


def _breaks(files: PythonFiles, entry: Removed, use: MethodUse) -> bool:
    """The receiver's class found the removed method before, and finds nothing now."""
    before, after = files.classes_before, files.classes_after
    was = files.place_before(use.class_)
    if before.owner(was, use.name, use.after_self) != Place(entry.path, entry.container):
        return False
    if after.member(use.class_, use.name, use.after_self) != "absent":
        return False
    return use.exact or not after.may_subclass_have(use.class_, use.name, frozenset())
