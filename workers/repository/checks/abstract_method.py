"""A base class asks for a new method, and a class that must have it does not.

Documented in docs/checks/abstract_method.md.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import takewhile

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
from workers.repository.checks.python_files import PythonFiles
from workers.repository.checks.verdicts import Judged
from workers.repository.python.classes import PythonClasses, is_open
from workers.repository.python.lookup import Place
from workers.repository.python.module import Function, class_bindings

KIND = "abstract_method"
_ABSTRACT = ("abstractmethod", "abc.abstractmethod")
_ABSTRACT_BASES = ("ABC", "Protocol")


def unimplemented_abstract_methods(inspection: Inspection) -> list[Finding]:
    """One finding for each new abstract method that a class to be made of lacks."""
    files = inspection.python
    found: list[Finding] = []
    for file, class_, node, line in _asked(files):
        sites = sorted(_lacking(files, class_, node.name), key=lambda site: (site.path, site.line))
        _enter(file, class_, node.name, sites, inspection.judged)
        if sites:
            found.append(_finding(files, file, class_, node.name, line, sites))
    return found


def _asked(files: PythonFiles) -> Iterator[tuple[FileChange, Place, Function, int]]:
    """The methods that are abstract now and were not before, of classes that enforce it."""
    for file in files.changed():
        path = file.old_path or file.path
        before, after = files.before.modules.at(path), files.after.modules.at(file.path)
        if before is None or after is None:
            continue
        for name in after.bindings:
            old, new = before.definition(name), after.definition(name)
            class_ = Place(file.path, name)
            if not isinstance(old, ast.ClassDef) or not isinstance(new, ast.ClassDef):
                continue
            if not _enforces(files.classes_after, class_):
                continue
            known = abstract_methods(old)
            for member, node in abstract_methods(new).items():
                if member not in known and _may_be_new(files, path, name, member):
                    yield file, class_, node, node.lineno


def _may_be_new(files: PythonFiles, path: str, name: str, member: str) -> bool:
    """Not asked for before by one of its bases either."""
    owner = files.classes_before.owner(Place(path, name), member)
    node = files.classes_before.node(owner) if owner is not None else None
    return node is None or member not in abstract_methods(node)


def abstract_methods(node: ast.ClassDef) -> dict[str, Function]:
    """The methods of a class that carry `abstractmethod`, also over `property` and the like."""
    return {
        name: bound[-1]
        for name, bound in class_bindings(node).items()
        if isinstance(bound[-1], Function)
        and any(ast.unparse(mark) in _ABSTRACT for mark in bound[-1].decorator_list)
    }


def _enforces(classes: PythonClasses, place: Place) -> bool:
    """Whether Python refuses to make an object of a class with abstract methods."""
    for node in classes.nodes(place):
        written = {ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in node.bases}
        metas = {ast.unparse(entry.value).rpartition(".")[2] for entry in node.keywords}
        if written & set(_ABSTRACT_BASES) or "ABCMeta" in metas:
            return True
    return False


def _lacking(files: PythonFiles, class_: Place, method: str) -> Iterator[BrokenSite]:
    """The classes without the method that nothing in the repository derives from."""
    classes = files.classes_after
    for path, node in classes.descendants(class_):
        place = Place(path, node.name)
        if classes.node(place) is not node or files.skip(path) or _may_gain(classes, place, class_):
            continue
        if classes.owner(place, method) != class_ or _is_abstract(node):
            continue
        if next(classes.descendants(place), None) is None:
            why = f"`{node.name}` has no `{method}`: making one raises `TypeError`"
            yield BrokenSite(path, node.lineno, node.lineno, why)


def _may_gain(classes: PythonClasses, place: Place, class_: Place) -> bool:
    """Whether a class between these two may have members that its text does not show."""
    base = classes.node(class_)
    return any(is_open(node) for node in takewhile(lambda n: n is not base, classes.nodes(place)))


def _is_abstract(node: ast.ClassDef) -> bool:
    """Meant to be derived from: abstract methods of its own, or a base or name that says so."""
    bases = {ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in node.bases}
    named = node.name.lstrip("_").startswith(("Base", "Abstract")) or node.name.endswith("Mixin")
    return bool(abstract_methods(node) or bases & set(_ABSTRACT_BASES) or node.keywords or named)


def _enter(
    file: FileChange, class_: Place, method: str, sites: list[BrokenSite], judged: Judged
) -> None:
    path = file.old_path or file.path
    entered = judged.to_judge(path, f"{class_.name}.{method}", "newly asked for")
    for site in sites:
        entered[(site.path, site.line)] = CallSite(site.path, site.line, "T1", "broken", site.why)


def _finding(
    files: PythonFiles,
    file: FileChange,
    class_: Place,
    method: str,
    line: int,
    sites: list[BrokenSite],
) -> Finding:
    after = files.after.snapshot
    name = f"{class_.name}.{method}"
    body = (
        f"`{name}` is abstract now, so every class that objects are made of must have it. "
        f"{counted(sites).capitalize()} does not:\n\n{places(sites)}\n\n"
        f"Smallest fix: add `{method}` there, or give `{name}` a body that serves as default."
    ).replace("places does", "places do")
    return finding(
        Contract(KIND, name, file, "RIGHT", line),
        title=f"`{name}` is newly abstract, {counted(sites)} "
        + ("lacks" if len(sites) == 1 else "lack")
        + " it",
        body=body,
        trigger=f"Python makes an object of the class at {sites[0].path}:{sites[0].line}",
        definitions=[quote(after, class_.path, line, line)],
        sites=sites,
        after=after,
    )
