"""A method changed its parameters, and overriding methods kept the old ones."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.review import Fact, SourceLine
from workers.repository.checks.inspection import Inspection
from workers.repository.checks.python_calls import (
    EditedFunction,
    edited_functions,
    other_parameters,
)
from workers.repository.python.binding import Shape
from workers.repository.python.module import Function, class_bindings

KIND = "override"


def overrides_left_behind(inspection: Inspection) -> Iterator[Fact]:
    """One fact for each method of a Python class whose overriders were not changed with it."""
    for entry in edited_functions(inspection.python, KIND, other_parameters):
        name = entry.name.rpartition(".")[2]
        if not entry.class_name or name.startswith("__"):
            continue
        places = tuple(sorted(_kept(inspection, entry, name), key=str))
        if places:
            text = f"`{entry.name}` changed its parameters, and these overrides kept the old ones"
            yield Fact(KIND, text, entry.file.path, places)


def _kept(inspection: Inspection, entry: EditedFunction, name: str) -> Iterator[SourceLine]:
    old = Shape.of(entry.before.args, bound=False)
    for path, node in inspection.python.classes_after.descendants(entry.home):
        bound = class_bindings(node).get(name, [])
        for member in bound:
            if isinstance(member, Function) and Shape.of(member.args, bound=False) == old:
                yield SourceLine(path, member.lineno)
