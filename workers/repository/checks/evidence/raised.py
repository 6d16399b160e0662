"""A function raises a new kind of error, and callers catch only others around their call."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.domain.review import Fact, SourceLine
from workers.repository.checks.inspection import Inspection
from workers.repository.checks.python_calls import EditedFunction, edited_functions, known_calls
from workers.repository.python.module import Function, own_nodes

KIND = "raised"
_CAUGHT = "inside try/except "
_WIDE = ("everything", "Exception", "BaseException")


def uncaught_errors(inspection: Inspection) -> Iterator[Fact]:
    """One fact for each function with a new `raise` that a `try` around its call does not catch."""
    files = inspection.python
    edited = edited_functions(files, KIND, lambda old, new: bool(_raised(new) - _raised(old)))
    places: dict[int, set[SourceLine]] = {}
    for entry, call in known_calls(files, edited):
        new = _raised(entry.after) - _raised(entry.before)
        caught = call.guard.removeprefix(_CAUGHT)
        if call.guard.startswith(_CAUGHT) and not any(one in caught for one in (*new, *_WIDE)):
            places.setdefault(id(entry), set()).add(SourceLine(call.path, call.line))
    for entry in edited:
        if id(entry) in places:
            yield _fact(entry, tuple(sorted(places[id(entry)], key=str)))


def _raised(node: Function) -> set[str]:
    """The names of the errors that the function's own `raise` statements make."""
    found: set[str] = set()
    for child in own_nodes(node):
        if isinstance(child, ast.Raise) and child.exc is not None:
            made = child.exc.func if isinstance(child.exc, ast.Call) else child.exc
            name = ast.unparse(made).rpartition(".")[2]
            found |= {name} if name[:1].isupper() else set()
    return found


def _fact(entry: EditedFunction, places: tuple[SourceLine, ...]) -> Fact:
    new = ", ".join(f"`{name}`" for name in sorted(_raised(entry.after) - _raised(entry.before)))
    text = f"`{entry.name}` now raises {new}, and these calls stand in a `try` for other errors"
    return Fact(KIND, text, entry.file.path, places)
