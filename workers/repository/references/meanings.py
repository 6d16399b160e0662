"""What an expression in a file stands for, by imports and by the evidence of types around it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from workers.repository.outline import RETURNED, OutlinedDefinition, Typed
from workers.repository.references.bindings import Bindings
from workers.repository.references.expressions import Step, steps_of
from workers.repository.references.hierarchy import Hierarchy
from workers.repository.references.meaning import Meaning
from workers.repository.references.package_names import qualified
from workers.repository.references.scopes import (
    inside,
    is_above,
    is_class_itself,
    is_own,
    is_type,
    nearest,
    type_around,
)
from workers.repository.references.tracing import Tracer
from workers.repository.references.written_types import item_types, written_types

_CANDIDATES = 4
_DEPTH = 10
_PACKAGE_FILES = 40
_CALLABLES = ("function", "method")
_CONSTRUCTING = ("new", "class", "__class__", "constructor")
"""Ruby's constructor, and how the languages get at the type of an instance."""
_CLASS_OF = re.compile(r"[\"']?(?:[\w.]+\.)?[tT]ype\[|typeof\s")
"""A type as written, of which the name holds the type itself."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where an expression is read. With `above`, evidence about `name` counts only above it."""

    path: str
    line: int
    name: str = ""
    above: int = 0


class Meanings(Bindings):
    """Answers for one snapshot, about the definitions that are `sought`."""

    def __init__(self, tracer: Tracer, sought: Collection[tuple[str, str]] = ()) -> None:
        super().__init__(tracer, sought)
        self.hierarchy = Hierarchy(self, self.at)
        self._known: dict[tuple[_Spot, str], tuple[Meaning, ...]] = {}

    def definition(self, meaning: Meaning) -> OutlinedDefinition | None:
        """The outlined definition, if it still stands."""
        return self.find(meaning.path, meaning.name) if meaning.name else None

    def named(self, path: str, line: int, name: str) -> tuple[Meaning, ...]:
        """The definition that a plain name is bound to there, whatever it may hold."""
        return tuple(self._bound(_Spot(path, line), name))

    def at(self, path: str, line: int, expression: str) -> tuple[Meaning, ...]:
        """What the expression may stand for there; () where it cannot be said."""
        return self._at(_Spot(path, line), expression, _DEPTH)

    def receiver(self, path: str, line: int, expression: str) -> tuple[Meaning, ...]:
        """The same for what stands before a dot: a property means what it returns."""
        found = (self._settled(each, _DEPTH) for each in self.at(path, line, expression))
        return tuple(dict.fromkeys(each for settled in found for each in settled))

    def member(self, meaning: Meaning, name: str) -> tuple[Meaning, ...]:
        """What `meaning.name` reaches: in a module, or along a type's base chain."""
        if not meaning.name:
            return self.in_module(meaning.path, name)
        owner, _ = self.hierarchy.owner(meaning, name)
        if owner is not None:
            return (Meaning(owner.path, f"{owner.name}.{name}"),)
        return ()

    def _at(self, spot: _Spot, expression: str, depth: int) -> tuple[Meaning, ...]:
        key = (spot, expression)
        if key not in self._known:
            if depth == 0:
                return ()
            self._known[key] = ()  # a circle says nothing
            found = list(self._evaluated(spot, expression, depth - 1))
            limit = _CANDIDATES if all(each.name for each in found) else _PACKAGE_FILES
            self._known[key] = tuple(dict.fromkeys(found))[:limit]
        return self._known[key]

    def _evaluated(self, spot: _Spot, expression: str, depth: int) -> Iterable[Meaning]:
        steps = steps_of(expression)
        if not steps:
            return ()
        names = [step.name for step in steps]
        found, taken = self.longest_import(spot.path, names)
        if not found:
            files, taken = qualified(self, spot.path, names)
            found = tuple(Meaning(path, steps[taken - 1].name) for path in files)
        if not found:
            found, taken = tuple(self._first(spot, steps[0], depth)), 1
        if not found and "::" in expression and self.outline(spot.path).language == "cpp":
            return self._evaluated(spot, expression.partition("::")[2], depth)  # a namespace
        for step in steps[taken:]:
            settled = [each for one in found for each in self._settled(one, depth)]
            found = tuple(each for one in settled for each in self._step(one, step, depth))
        return found

    def _first(self, spot: _Spot, step: Step, depth: int) -> Iterator[Meaning]:
        language = self.outline(spot.path).language
        if is_own(language, step.name) or is_above(language, step.name):
            own = self._own(spot, step.name)
            yield from (replace(each, instance=each.instance or step.called) for each in own)
            return
        facts = nearest(
            self.evidence(spot.path, step.name),
            spot.line,
            spot.above if step.name == spot.name else 0,
        )
        if facts and facts[0].start > 1:
            yield from _after_call(self._held(spot.path, facts, step.item, depth), step)
            return
        bound = list(self._bound(spot, step.name))
        for each in bound:
            yield from self._used(each, step, depth)
        if not bound:  # a variable of a nameless function
            yield from _after_call(self._held(spot.path, facts, step.item, depth), step)

    def _bound(self, spot: _Spot, name: str) -> Iterable[Meaning]:
        if (self.outline(spot.path).language, name) == ("ruby", "new"):
            return (replace(each, instance=False) for each in self._own(spot, "self"))
        return self.bound(spot.path, spot.line, name)

    def _own(self, spot: _Spot, name: str) -> Iterator[Meaning]:
        outline = self.outline(spot.path)
        around = type_around(outline, spot.line)
        if around and is_above(outline.language, name):
            bases, _ = self.hierarchy.bases(Meaning(spot.path, around))
            yield from (replace(base, instance=True) for base in bases)
        elif around:
            yield Meaning(spot.path, around, instance=not is_class_itself(outline.language, name))

    def _step(self, meaning: Meaning, step: Step, depth: int) -> Iterator[Meaning]:
        reached = self.member(meaning, step.name.lstrip("$"))
        if not reached and meaning.name and step.name in _CONSTRUCTING:
            yield replace(meaning, instance=step.name == "new")
        for each in reached:
            yield from self._used(each, step, depth)

    def _used(self, meaning: Meaning, step: Step, depth: int) -> Iterable[Meaning]:
        """The meaning after `()` or `[]`, or the value that a variable holds."""
        if meaning.instance or not meaning.name:
            return () if step.called or step.item else (meaning,)
        found = self.definition(meaning)
        if is_type(found) or (found is None and self._has_members(meaning)):
            return (replace(meaning, instance=step.called),)
        asked = step.called or step.item
        if (
            found is not None
            and found.kind in _CALLABLES
            and (asked or not self._is_field(meaning))
        ):
            return self._returned(meaning, step.item, depth) if asked else (meaning,)
        held = list(self._held_by(meaning, step.item, depth))
        if held:
            return _after_call(held, step)
        return () if asked else (meaning,)

    def _is_field(self, meaning: Meaning) -> bool:
        """Whether a field has this name, beside a method that may have it, too."""
        outlined = self.outline(meaning.path).definitions
        return any(each.name == meaning.name and each.kind == "field" for each in outlined)

    def _settled(self, meaning: Meaning, depth: int) -> Iterable[Meaning]:
        """What a name before a dot stands for: of a property, what it returns."""
        found = self.definition(meaning)
        if found is None or found.kind != "method" or meaning.instance:
            return (meaning,)
        return self._returned(meaning, False, depth)

    def _has_members(self, meaning: Meaning) -> bool:
        """Whether a definition that is gone was a type: something in it is asked about."""
        return any(
            path == meaning.path and name.startswith(f"{meaning.name}.")
            for path, name in self.sought
        )

    def _returned(self, meaning: Meaning, item: bool, depth: int) -> Iterable[Meaning]:
        return self._held(meaning.path, self.returned(meaning), item, depth)

    def _held_by(self, meaning: Meaning, item: bool, depth: int) -> Iterable[Meaning]:
        return self._held(meaning.path, self.given(meaning), item, depth)

    def returned(self, meaning: Meaning) -> list[Typed]:
        """What a function's annotation or its `return` statements say that it gives."""
        found = self.definition(meaning)
        if found is None:
            return []
        outline = self.outline(meaning.path)
        return _decisive(
            each
            for each in inside(self.evidence(meaning.path, RETURNED), found)
            if outline.enclosing(each.line) == found
        )

    def given(self, meaning: Meaning) -> list[Typed]:
        """What a variable at the top of a file, or a field, was declared or given."""
        around, _, name = meaning.name.rpartition(".")
        if not around:
            return _decisive(each for each in self.evidence(meaning.path, name) if each.start == 1)
        found = self.find(meaning.path, around)
        fields = self.evidence(meaning.path, f"self.{name}")
        return _decisive(inside(fields, found)) if found is not None else []

    def _held(self, path: str, facts: Iterable[Typed], item: bool, depth: int) -> Iterator[Meaning]:
        """Instances of the types that this evidence names."""
        for each in facts:
            spot = _Spot(path, each.line, each.name, each.line)
            names = item_types(each.type) if item else written_types(each.type)
            for name in names if each.type else ():
                for type_ in self._at(spot, name, depth):
                    yield replace(type_, instance=not _CLASS_OF.match(each.type))
            if each.value:
                yield from self._at(spot, each.value + ("[]" if item else ""), depth)


def _decisive(facts: Iterable[Typed]) -> list[Typed]:
    """What was declared, else the first of what was given."""
    all_of_it = list(facts)
    return [each for each in all_of_it if each.type] or all_of_it[:_CANDIDATES]


def _after_call(held: Iterable[Meaning], step: Step) -> Iterator[Meaning]:
    """Calling what a variable holds makes an instance, where it holds a type."""
    for each in held:
        if not step.called:
            yield each
        elif not each.instance:
            yield replace(each, instance=True)
