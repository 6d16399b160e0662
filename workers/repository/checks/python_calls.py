"""Python functions that a change edits, and the calls that are known to reach them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.domain.diff import FileChange
from bot.domain.finding import Evidence, Finding
from bot.domain.review import CallSite, SiteStatus, Tier
from workers.repository.checks.broken_site import BrokenSite, Contract, finding, quote
from workers.repository.checks.method_uses import MethodUse, method_uses
from workers.repository.checks.python_files import PythonFiles
from workers.repository.checks.verdicts import Judged
from workers.repository.python.binding import Shape
from workers.repository.python.lookup import Place
from workers.repository.python.module import Function, class_bindings
from workers.repository.python.use import NameUse
from workers.repository.snapshot import Snapshot

NAMES = 40
_HARMLESS_DECORATORS = ("staticmethod", "classmethod", "override", "typing.override", "final")


@dataclass(slots=True)
class EditedFunction:
    """A function before and after. `name` is qualified: `f`, `Class.method`.

    `change` is the check's word for what differs, for the ledger.
    """

    file: FileChange
    path: str
    name: str
    before: Function
    after: Function
    change: str = "changed"
    broken: list[BrokenSite] = field(default_factory=list)

    @property
    def class_name(self) -> str:
        """`Class` of a method, else ""."""
        return self.name.rpartition(".")[0]

    @property
    def home(self) -> Place:
        """The class after the change, of a method."""
        return Place(self.file.path, self.class_name)

    @property
    def is_constructor(self) -> bool:
        """Called by the name of its class."""
        return self.name.endswith(".__init__")

    @property
    def called(self) -> str:
        """The qualified name that stands at a call."""
        return self.class_name if self.is_constructor else self.name

    @property
    def word(self) -> str:
        """The word to look for."""
        return self.called.rpartition(".")[2]

    @property
    def sites(self) -> list[BrokenSite]:
        """The broken places in order."""
        return sorted(self.broken, key=lambda site: (site.path, site.line))


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A call that reaches the function; `bound`: its receiver is the first argument."""

    path: str
    line: int
    end_line: int
    guard: str
    call: ast.Call
    tier: Tier
    bound: bool


Differs = Callable[[Function, Function], bool]


def other_parameters(old: Function, new: Function) -> bool:
    """Whether a call of one may misfit the other: names, order, kind and what may be left out."""
    return Shape.of(old.args, bound=False) != Shape.of(new.args, bound=False)


def edited_functions(
    files: PythonFiles, kind: str, differs: Differs, change: str = "changed"
) -> list[EditedFunction]:
    """The edited functions that differ so, as far as nothing but their text says what they do.

    `change`: what differs, in words.
    """
    edited = (EditedFunction(*pair, change) for pair in files.edited())
    found = [one for one in edited if differs(one.before, one.after) and _checkable(files, one)]
    if len(found) > NAMES:
        files.notes.append(f"{kind}: {len(found) - NAMES} of {len(found)} functions not checked")
    return found[:NAMES]


def marks(node: Function) -> list[str]:
    """The decorators as written."""
    return [ast.unparse(mark) for mark in node.decorator_list]


def _checkable(files: PythonFiles, entry: EditedFunction) -> bool:
    """Decorators and metaclasses may change what a call means: such a contract is left alone."""
    before, after = marks(entry.before), marks(entry.after)
    if any(mark not in _HARMLESS_DECORATORS for mark in (*before, *after)):
        files.notes.append(f"{entry.path}: calls of {entry.name} not checked, it is decorated")
        return False
    if before != after:
        return False
    module = files.after.modules.at(entry.file.path)
    node = module.definition(entry.class_name) if module and entry.class_name else None
    if not entry.is_constructor or not isinstance(node, ast.ClassDef):
        return True
    return not (node.decorator_list or node.keywords or "__new__" in class_bindings(node))


def known_calls(
    files: PythonFiles, entries: Sequence[EditedFunction]
) -> Iterator[tuple[EditedFunction, KnownCall]]:
    """Each resolved call of each function, file by file."""
    words = {id(entry): _words(files, entry) for entry in entries}
    by_word: dict[str, list[EditedFunction]] = {}
    for entry in entries:
        for word in sorted(words[id(entry)]):
            by_word.setdefault(word, []).append(entry)
    for path, held in files.mentions(by_word).items():
        hit = {id(entry): entry for word in sorted(held) for entry in by_word[word]}
        for entry in hit.values():
            for call in _calls_in(files, entry, path, words[id(entry)]):
                yield entry, call


def _words(files: PythonFiles, entry: EditedFunction) -> set[str]:
    """What stands at a call: the name, and for a constructor the subclasses that inherit it."""
    if not entry.is_constructor:
        return {entry.word}
    return {entry.word, *files.classes_after.subclass_names(entry.home)}


def _calls_in(
    files: PythonFiles, entry: EditedFunction, path: str, words: set[str]
) -> Iterator[KnownCall]:
    if entry.class_name and not entry.is_constructor:
        for method in method_uses(files, path, words):
            if method.name == entry.word and method.call and _means(files, entry, method):
                yield _known(path, method, method.call, method.tier, _fills_first(entry, method))
        return
    uses = files.uses(path, words)
    for use in uses.names if uses is not None else ():
        if use.call is not None and not use.typed and _reached(files, entry, path, use):
            yield _known(path, use, use.call, "T1", entry.is_constructor)


def _known(
    path: str, use: NameUse | MethodUse, call: ast.Call, tier: Tier, bound: bool
) -> KnownCall:
    end = min(call.end_lineno or use.end_line, use.line + 15)
    return KnownCall(path, use.line, end, use.guard, call, tier, bound)


def _reached(files: PythonFiles, entry: EditedFunction, path: str, use: NameUse) -> bool:
    """Whether this use is the function, or a class that takes the constructor."""
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


def _inherits(files: PythonFiles, entry: EditedFunction, class_: Place, name: str) -> bool:
    """The class had the method before and has it now, and nothing hides it."""
    before, after = files.classes_before, files.classes_after
    home = Place(entry.path, entry.class_name)
    held = before.owner(files.place_before(class_), name) == home
    return held and after.owner(class_, name) == entry.home and not after.is_open(class_)


def _means(files: PythonFiles, entry: EditedFunction, use: MethodUse) -> bool:
    """Whether the receiver's class takes this method from the edited class, before and after."""
    before, after = files.classes_before, files.classes_after
    was, home = files.place_before(use.class_), Place(entry.path, entry.class_name)
    if after.owner(use.class_, use.name, use.after_self) != entry.home:
        return False
    if before.owner(was, use.name, use.after_self) != home:
        return False
    return use.exact or not after.may_subclass_have(use.class_, use.name, frozenset({entry.home}))


def _fills_first(entry: EditedFunction, use: MethodUse) -> bool:
    """Whether the receiver is the first argument."""
    written = marks(entry.after)
    if "staticmethod" in written:
        return False
    return not use.through_class or "classmethod" in written


def verdict(
    entry: EditedFunction, call: KnownCall, status: SiteStatus, why: str, judged: Judged
) -> None:
    """Enter what was decided of a call into the ledger; a broken one into the finding too."""
    sites = judged.to_judge(entry.path, entry.name, entry.change)
    site = CallSite(call.path, call.line, call.tier, status, why)
    if status == "broken":
        sites[(call.path, call.line)] = site
        entry.broken.append(BrokenSite(call.path, call.line, call.end_line, why))
    elif status == "safe":
        sites.setdefault((call.path, call.line), site)
    else:
        known = sites.get((call.path, call.line))
        if known is None or known.status != "broken":
            sites[(call.path, call.line)] = site


def edited_finding(
    files: PythonFiles, kind: str, entry: EditedFunction, title: str, body: str
) -> Finding:
    """One finding for all broken calls of a function, with both of its headers as evidence."""
    sites = entry.sites
    return finding(
        Contract(kind, entry.name, entry.file, "RIGHT", entry.after.lineno),
        title=title,
        body=body,
        trigger=f"Python runs {sites[0].path}:{sites[0].line}",
        definitions=[
            _header(files.before.snapshot, entry.path, entry.before),
            _header(files.after.snapshot, entry.file.path, entry.after),
        ],
        sites=sites,
        after=files.after.snapshot,
    )


def _header(snapshot: Snapshot, path: str, node: Function) -> Evidence:
    """The lines of `def … :`, without the body."""
    end = max(node.lineno, node.body[0].lineno - 1)
    parts = [int(getattr(part, "end_lineno", 0) or 0) for part in ast.walk(node.args)]
    return quote(snapshot, path, node.lineno, min(end, max([node.lineno, *parts])))
