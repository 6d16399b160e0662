"""Uses of methods whose receiver's class is resolved, in the code after the change."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.review import Tier
from workers.repository.checks.python_files import PythonFiles
from workers.repository.python.lookup import Place
from workers.repository.python.module import PythonModule, nodes_near
from workers.repository.python.use import NameUse

_ATTRIBUTE_CALLS = ("hasattr", "getattr", "setattr", "delattr", "object", "patch")


@dataclass(frozen=True, slots=True)
class MethodUse:
    """`receiver.name` where the receiver is of `class_`, or is that class (`through_class`).

    `exact`: an instance of that very class; otherwise a subclass may stand there too.
    `after_self`: looked up behind the class, as `super()` does.
    """

    class_: Place
    name: str
    line: int
    end_line: int
    guard: str
    call: ast.Call | None
    tier: Tier
    exact: bool
    through_class: bool = False
    after_self: bool = False


def method_uses(files: PythonFiles, path: str, words: Iterable[str]) -> Iterator[MethodUse]:
    """The uses of these methods or attributes in a file, where the receiver's class is known."""
    uses = files.uses(path, words)
    if uses is None:
        return
    for use in uses.names:
        found = _of_name(files, path, use)
        if found is not None:
            yield found
    for own in uses.selves:
        yield MethodUse(
            Place(path, own.class_name),
            own.name,
            own.line,
            own.end_line,
            own.guard,
            own.call,
            "T2",
            exact=False,
            after_self=own.after_self,
        )


def _of_name(files: PythonFiles, path: str, use: NameUse) -> MethodUse | None:
    if use.imported is not None:
        places = files.after.place(path, use.imported, use.chain)
    else:
        names = (use.name, *use.chain)
        places = [Place(path, ".".join(names[: count + 1])) for count in range(len(names))]
    at = next((at for at, place in enumerate(places) if place.name.count(".") == 1), None)
    if at is None or (use.typed and at != len(places) - 1):
        return None
    outer, _, member = places[at].name.partition(".")
    holder = Place(places[at].path, outer)
    instance = None if use.typed else files.classes_after.instance(holder)
    return MethodUse(
        instance or holder,
        member,
        use.line,
        use.end_line,
        use.guard,
        use.call if at == len(places) - 1 else None,
        "T2" if use.typed or instance else "T1",
        exact=use.exact or not use.typed,
        through_class=not use.typed and instance is None,
    )


def patched(module: PythonModule, words: Iterable[str]) -> set[str]:
    """The words that a file sets, deletes or asks for by name on objects other than `self`."""
    wanted, found = set(words), set[str]()
    lines = [at for at, text in enumerate(module.lines, 1) if any(word in text for word in wanted)]
    for node in nodes_near(module.tree, lines):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del(), value=holder):
                if not (isinstance(holder, ast.Name) and holder.id in ("self", "cls")):
                    found.add(name)
            case (
                ast.Call(func=function, args=[*_, ast.Constant(value=str(name))])
                | ast.Call(func=function, args=[_, ast.Constant(value=str(name)), *_])
            ):
                if ast.unparse(function).rpartition(".")[2] in _ATTRIBUTE_CALLS:
                    found.add(name)
    return found & wanted
