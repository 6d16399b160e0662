"""A function's parameters changed, and a call that fitted before no longer does.

Documented in docs/checks/signature.md.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.domain.diff import FileChange
from bot.domain.finding import Evidence, Finding
from bot.domain.review import CallSite, Tier
from workers.repository.checks.broken_site import (
    BrokenSite,
    Contract,
    counted,
    finding,
    places,
    quote,
)
from workers.repository.checks.inspection import Inspection
from workers.repository.checks.method_uses import MethodUse, method_uses
from workers.repository.checks.python_files import PythonFiles
from workers.repository.checks.verdicts import Judged
from workers.repository.python_binding import MISSING, Arguments, Shape, misfit
from workers.repository.python_lookup import Place
from workers.repository.python_module import Function, PythonModule, class_bindings
from workers.repository.python_use import NameUse
from workers.repository.snapshot import Snapshot

KIND = "signature"
NAMES = 40
_HARMLESS_DECORATORS = ("staticmethod", "classmethod", "override", "typing.override", "final")


@dataclass(slots=True)
class _Changed:
    """A function whose parameters changed. `name` is qualified: `f`, `Class.method`."""

    file: FileChange
    path: str
    name: str
    before: Function
    after: Function
    broken: list[BrokenSite] = field(default_factory=list)

    @property
    def class_name(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def home(self) -> Place:
        """The class after the change, of a method."""
        return Place(self.file.path, self.class_name)

    @property
    def is_constructor(self) -> bool:
        return self.name.endswith(".__init__")

    @property
    def called(self) -> str:
        """The qualified name that stands at a call."""
        return self.class_name if self.is_constructor else self.name

    @property
    def word(self) -> str:
        return self.called.rpartition(".")[2]


def changed_signatures(inspection: Inspection) -> list[Finding]:
    """One finding for each changed signature that leaves a call behind."""
    files = inspection.python
    changed = list(_changed(files))
    if len(changed) > NAMES:
        cut = len(changed) - NAMES
        files.notes.append(f"{KIND}: {cut} of {len(changed)} changed signatures not checked")
    by_word: dict[str, list[_Changed]] = {}
    for entry in changed[:NAMES]:
        for word in sorted(_words(files, entry)):
            by_word.setdefault(word, []).append(entry)
    for path, words in files.mentions(by_word).items():
        entries = {id(entry): entry for word in sorted(words) for entry in by_word[word]}
        for entry in entries.values():
            _judge(files, entry, path, inspection.judged)
    return [_finding(files, entry) for entry in changed[:NAMES] if entry.broken]


def _changed(files: PythonFiles) -> Iterator[_Changed]:
    for file in files.changed():
        path = file.old_path or file.path
        before, after = files.before.modules.at(path), files.after.modules.at(file.path)
        if file.status == "deleted" or before is None or after is None:
            continue
        for name in _callables(after):
            old, new = before.definition(name), after.definition(name)
            if isinstance(old, ast.ClassDef) or isinstance(new, ast.ClassDef) or not (old and new):
                continue
            if _parameters(old) != _parameters(new) and _checkable(files, after, name, old, new):
                yield _Changed(file, path, name, old, new)


def _callables(module: PythonModule) -> Iterator[str]:
    for name in module.bindings:
        node = module.definition(name)
        if isinstance(node, ast.ClassDef):
            yield from (f"{name}.{member}" for member in class_bindings(node))
        elif node is not None:
            yield name


def _parameters(node: Function) -> tuple[Shape, tuple[str, ...]]:
    return Shape.of(node.args, bound=False), tuple(map(ast.unparse, node.decorator_list))


def _checkable(
    files: PythonFiles, module: PythonModule, name: str, old: Function, new: Function
) -> bool:
    """Decorators and metaclasses may change what a call means: such a contract is left alone."""
    marks = [ast.unparse(mark) for node in (old, new) for mark in node.decorator_list]
    class_name = name.rpartition(".")[0]
    if any(mark not in _HARMLESS_DECORATORS for mark in marks):
        files.notes.append(f"{module.path}: calls of {name} not checked, it is decorated")
        return False
    if [ast.unparse(mark) for mark in old.decorator_list] != [
        ast.unparse(mark) for mark in new.decorator_list
    ]:
        return False
    node = module.definition(class_name) if class_name else None
    if not name.endswith(".__init__") or not isinstance(node, ast.ClassDef):
        return True
    return not (node.decorator_list or node.keywords or "__new__" in class_bindings(node))


def _words(files: PythonFiles, entry: _Changed) -> set[str]:
    """What stands at a call: the name, and for a constructor the subclasses that inherit it."""
    if not entry.is_constructor:
        return {entry.word}
    return {entry.word, *files.classes_after.subclass_names(entry.home)}


def _judge(files: PythonFiles, entry: _Changed, path: str, judged: Judged) -> None:
    uses = files.uses(path, _words(files, entry))
    if uses is None:
        return
    for use in uses.names if not entry.class_name or entry.is_constructor else ():
        if use.call is not None and not use.typed and _reached(files, entry, path, use):
            _verdict(entry, path, use, entry.is_constructor, "T1", judged)
    if entry.class_name and not entry.is_constructor:
        for method in method_uses(files, path, {entry.word}):
            if method.name == entry.word and method.call and _means(files, entry, method):
                _verdict(entry, path, method, _fills_first(entry, method), method.tier, judged)


def _reached(files: PythonFiles, entry: _Changed, path: str, use: NameUse) -> bool:
    """Whether this use is the changed function, or a class that takes the changed constructor."""
    if use.imported is not None:
        found = files.after.place(path, use.imported, use.chain)
        reached = found[-1] if found else None
    else:
        reached = Place(path, ".".join((use.name, *use.chain)))
    if reached == Place(entry.file.path, entry.called):
        return True
    if not entry.is_constructor or reached is None or "." in reached.name:
        return False
    return _inherits(files, entry, reached, "__init__")


def _inherits(files: PythonFiles, entry: _Changed, class_: Place, name: str) -> bool:
    """The class had the changed method before and has it now, and nothing hides it."""
    before, after = files.classes_before, files.classes_after
    home = Place(entry.path, entry.class_name)
    held = before.owner(files.place_before(class_), name) == home
    return held and after.owner(class_, name) == entry.home and not after.is_open(class_)


def _means(files: PythonFiles, entry: _Changed, use: MethodUse) -> bool:
    """Whether the receiver's class takes this method from the changed class, before and after."""
    before, after = files.classes_before, files.classes_after
    was, home = files.place_before(use.class_), Place(entry.path, entry.class_name)
    if after.owner(use.class_, use.name, use.after_self) != entry.home:
        return False
    if before.owner(was, use.name, use.after_self) != home:
        return False
    return use.exact or not after.may_subclass_have(use.class_, use.name, frozenset({entry.home}))


def _fills_first(entry: _Changed, use: MethodUse) -> bool:
    """Whether the receiver is the first argument."""
    if _is_static(entry.after):
        return False
    return not use.through_class or "classmethod" in _marks(entry.after)


def _marks(node: Function) -> list[str]:
    return [ast.unparse(mark) for mark in node.decorator_list]


def _is_static(node: Function) -> bool:
    return "staticmethod" in _marks(node)


def _verdict(
    entry: _Changed,
    path: str,
    use: NameUse | MethodUse,
    bound: bool,
    tier: Tier,
    judged: Judged,
) -> None:
    if use.call is None:
        return
    sites = judged.setdefault((entry.path, entry.name), {})
    place = (path, use.line)
    passed = Arguments.of(use.call)
    if passed is None:
        why = "passes *args or **kwargs"
        sites[place] = CallSite(path, use.line, tier, "not_inspected", why)
        return
    now = misfit(Shape.of(entry.after.args, bound), passed)
    if not now or use.guard:
        why = use.guard if now else f"still binds: {passed}"
        sites.setdefault(place, CallSite(path, use.line, tier, "safe", why))
        return
    if misfit(Shape.of(entry.before.args, bound), passed):
        why = "did not fit before either"
        sites.setdefault(place, CallSite(path, use.line, tier, "not_inspected", why))
        return
    sites[place] = CallSite(path, use.line, tier, "broken", now)
    end_line = use.call.end_lineno or use.end_line
    entry.broken.append(BrokenSite(path, use.line, min(end_line, use.line + 15), now))


def _finding(files: PythonFiles, entry: _Changed) -> Finding:
    sites = sorted(entry.broken, key=lambda site: (site.path, site.line))
    body = (
        f"`{entry.name}` now takes `({ast.unparse(entry.after.args)})`, before "
        f"`({ast.unparse(entry.before.args)})`. These calls fitted and no longer do; Python raises "
        f"`TypeError` when they run:\n\n{places(sites)}\n\n"
        f"Smallest fix: adapt these calls, or {_other_fix(sites)}."
    )
    line = entry.after.lineno
    return finding(
        Contract(KIND, entry.name, entry.file, "RIGHT", line),
        title=f"`{entry.name}` changed its parameters, {counted(sites)} still "
        + ("calls it the old way" if len(sites) == 1 else "call it the old way"),
        body=body,
        trigger=f"Python runs {sites[0].path}:{sites[0].line}",
        definitions=[
            _header(files.before.snapshot, entry.path, entry.before),
            _header(files.after.snapshot, entry.file.path, entry.after),
        ],
        sites=sites,
        after=files.after.snapshot,
    )


def _other_fix(sites: Sequence[BrokenSite]) -> str:
    """A default helps only calls that pass too little."""
    if all(site.why.startswith(MISSING) for site in sites):
        return "give the new parameter a default"
    return "keep taking the old arguments"


def _header(snapshot: Snapshot, path: str, node: Function) -> Evidence:
    """The lines of `def … :`, without the body."""
    end = max(node.lineno, node.body[0].lineno - 1)
    parts = [int(getattr(part, "end_lineno", 0) or 0) for part in ast.walk(node.args)]
    return quote(snapshot, path, node.lineno, min(end, max([node.lineno, *parts])))
