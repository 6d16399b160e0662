"""What exactly differs between a definition's contract before and after. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from workers.repository.contracts.contract import Contract, Member, Parameter, ReturnedKind
from workers.repository.contracts.sides import Node

AspectKind = Literal[
    "visibility", "modifier", "decorator", "base", "async", "generator", "type",
    "returned_type", "header",
    "parameter_added", "parameter_removed", "parameter_renamed", "parameter_type",
    "parameter_kind", "parameters_reordered", "default", "value",
    "member_added", "member_removed", "member_changed",
    "returned_null", "returned_nothing", "returned_size", "returned_keys", "raised",
    "place", "exported_again", "documentation",
]  # fmt: skip

_IN_HEADER = frozenset(
    "visibility modifier base async generator type returned_type header parameter_added"
    " parameter_removed parameter_renamed parameter_type parameter_kind parameters_reordered"
    " default".split()
)
_HARMLESS_MARKS = (
    "override", "deprecated", "suppresswarnings", "suppress", "nodiscard", "inline", "generated",
    "final", "allow", "warn", "must_use", "typing.override", "doc", "safevarargs",
    "functionalinterface", "jvmstatic", "test", "returntypewillchange",
)  # fmt: skip
_HARMLESS_MODIFIERS = frozenset(
    "override inline final synchronized transient volatile native mut default noexcept"
    " value tailrec partial extern explicit declare".split()
)
SAME_SCOPE = "same scope"
"""Of what users do not notice: a move within a package, a new name of what is passed by place."""
_WIDTHS = ("private", "static", "protected", "internal", "pub(", "", "pub", "public", "exported")


@dataclass(frozen=True, slots=True)
class Aspect:
    """One difference. `name` is the parameter, member, modifier or error that it is about.

    `before` and `after` hold texts as written, "" where that side has none.
    """

    kind: AspectKind
    name: str = ""
    before: str = ""
    after: str = ""

    @property
    def in_header(self) -> bool:
        """Whether it stands before the body, where a caller's compiler looks."""
        return self.kind in _IN_HEADER

    @property
    def concerns_users(self) -> bool:
        """Whether code that uses the definition may have to change, or may behave otherwise."""
        match self.kind:
            case "decorator":
                return not any(_is_harmless(mark) for mark in (self.before, self.after) if mark)
            case "modifier":
                return self.name not in _HARMLESS_MODIFIERS
            case "visibility":
                return _width(self.after) < _width(self.before)
            case "member_added":
                return self.before != "field"
            case _:
                silent = self.kind in ("exported_again", "documentation")
                return not silent and self.name != SAME_SCOPE


def _is_harmless(mark: str) -> bool:
    return _mark_name(mark).lower() in _HARMLESS_MARKS


def _width(visibility: str) -> int:
    """How many may name it: more for a wider word."""
    word = "exported" if visibility.startswith(("exported", "listed")) else visibility
    word = "pub(" if word.startswith("pub(") else word.split(" ")[0]
    return _WIDTHS.index(word) if word in _WIDTHS else _WIDTHS.index("")


def beyond_documentation(aspects: Iterable[Aspect]) -> bool:
    """Whether they tell of more than of documentation."""
    return any(aspect.kind != "documentation" for aspect in aspects)


def aspects_of(before: Node, after: Node) -> tuple[Aspect, ...]:
    """Every difference, those of the header first."""
    old, new = before.contract, after.contract
    found = [
        *_words("visibility", old.visibility, new.visibility),
        *_marks(old, new),
        *_sets("base", before.entry.bases, after.entry.bases),
        *_parameters(old, new, after.side.outline.language),
        *_words("returned_type" if old.parameters is not None else "type", old.type, new.type),
        *_words("value", old.value, new.value),
        *_members(old.members, new.members),
        *_returned(old, new),
        *_sets("raised", old.raised, new.raised),
        *_documentation(before, after),
    ]
    told = any(aspect.in_header or aspect.kind == "raised" for aspect in found)
    if not told and old.header != new.header:
        texts = (
            " ".join(side.entry.signature.partition("{\n")[0].split()) for side in (before, after)
        )
        if before.entry.simple == after.entry.simple and before.depth == after.depth:
            found.insert(0, Aspect("header", "", *texts))
    return tuple(found)


def _documentation(before: Node, after: Node) -> Iterator[Aspect]:
    """The first sentences, where any word of the whole differs; nothing of what was not read."""
    old, new = before.contract, after.contract
    if old.code and new.code and old.documentation != new.documentation:
        yield Aspect("documentation", "", before.documentation, after.documentation)


def _words(kind: AspectKind, before: str, after: str) -> Iterator[Aspect]:
    if before != after:
        yield Aspect(kind, "", before, after)


def _sets(kind: AspectKind, before: Sequence[str], after: Sequence[str]) -> Iterator[Aspect]:
    """One aspect each for what went and what came."""
    yield from (Aspect(kind, name, before=name) for name in before if name not in after)
    yield from (Aspect(kind, name, after=name) for name in after if name not in before)


def _marks(old: Contract, new: Contract) -> Iterator[Aspect]:
    yield from _decorators(old.decorators, new.decorators)
    kinds: dict[str, AspectKind] = {"async": "async", "generator": "generator"}
    for word in sorted({*old.modifiers} ^ {*new.modifiers}):
        was, now = (word if word in side.modifiers else "" for side in (old, new))
        yield Aspect(kinds.get(word, "modifier"), word, was, now)


def _decorators(before: Sequence[str], after: Sequence[str]) -> Iterator[Aspect]:
    """The same decorator with other arguments is one difference, not two."""
    gone = [mark for mark in before if mark not in after]
    come = [mark for mark in after if mark not in before]
    for mark in gone:
        other = next((each for each in come if _mark_name(each) == _mark_name(mark)), "")
        if other:
            come.remove(other)
        yield Aspect("decorator", _mark_name(mark), mark, other)
    yield from (Aspect("decorator", _mark_name(mark), "", mark) for mark in come)


def _mark_name(mark: str) -> str:
    return mark.lstrip("@#[").partition("(")[0].rstrip("])")


_NAMED_ARGUMENTS = ("python", "kotlin", "csharp", "php", "ruby")


def _parameters(old: Contract, new: Contract, language: str) -> Iterator[Aspect]:
    if old.parameters is None or new.parameters is None:
        return
    left, right = list(old.parameters), list(new.parameters)
    pairs = _same_names(left, right)
    pairs += _renamed(left, right, pairs)
    known = {id(each) for pair in pairs for each in pair}
    yield from (
        Aspect("parameter_removed", each.name, before=_written(each, language))
        for each in left
        if id(each) not in known
    )
    yield from (
        Aspect("parameter_added", each.name, after=_written(each, language), before=_need(each))
        for each in right
        if id(each) not in known
    )
    for before, after in pairs:
        yield from _one_parameter(before, after, language in _NAMED_ARGUMENTS)
    if _order(left, pairs, 0) != _order(right, pairs, 1):
        yield Aspect("parameters_reordered", "", _names(left), _names(right))


REQUIRED = "required"


def _need(parameter: Parameter) -> str:
    return REQUIRED if parameter.required else ""


def _same_names(left: list[Parameter], right: list[Parameter]) -> list[tuple[Parameter, Parameter]]:
    """Those of one name; where the language needs none (`*`, `**`, `&` of Ruby), of one kind."""
    named: dict[str, list[Parameter]] = defaultdict(list)
    for each in right:
        named[_called(each)].append(each)
    return [(each, same.pop(0)) for each in left if (same := named[_called(each)])]


def _called(parameter: Parameter) -> str:
    if parameter.name or parameter.kind in ("plain", "positional"):
        return parameter.name or f"{id(parameter)}"
    return f"\0{parameter.kind}"


def _renamed(
    left: list[Parameter], right: list[Parameter], pairs: list[tuple[Parameter, Parameter]]
) -> list[tuple[Parameter, Parameter]]:
    """In the same place, of one type and default: the same parameter by another name.

    What is passed by name only is another parameter when its name is another.
    """
    known = {id(each) for pair in pairs for each in pair}
    return [
        (old, new)
        for old, new in zip(left, right, strict=False)
        if not {id(old), id(new)} & known
        and (old.kind, old.type, old.default) == (new.kind, new.type, new.default)
        and old.kind in ("plain", "positional")
        and (len(left) == len(right) or old.type)
    ]


def _one_parameter(old: Parameter, new: Parameter, by_name: bool) -> Iterator[Aspect]:
    """`by_name`: calls of this language may name their arguments."""
    if old.name != new.name:
        yield Aspect("parameter_renamed", new.name if by_name else SAME_SCOPE, old.name, new.name)
    if old.type != new.type:
        yield Aspect("parameter_type", new.name, old.type, new.type)
    if old.kind != new.kind or (old.optional != new.optional and not old.default + new.default):
        yield Aspect("parameter_kind", new.name, _filled(old, new), _filled(new, old))
    if old.default != new.default:
        yield Aspect("default", new.name, old.default, new.default)


def _filled(parameter: Parameter, other: Parameter) -> str:
    """How it is filled, in words that make sense beside how it was filled on the other side."""
    if parameter.optional:
        return "optional"
    if parameter.kind == "plain" and other.optional:
        return "required"
    return "single" if parameter.kind == "plain" and other.kind == "rest" else parameter.kind


def _order(
    side: list[Parameter], pairs: list[tuple[Parameter, Parameter]], which: int
) -> list[int]:
    """The paired parameters that a call may fill by place, by the number of their pair."""
    number = {id(pair[which]): place for place, pair in enumerate(pairs)}
    by_name = {
        place for place, pair in enumerate(pairs) if pair[0].kind == pair[1].kind == "keyword"
    }
    return [number[id(p)] for p in side if id(p) in number and number[id(p)] not in by_name]


def _names(parameters: list[Parameter]) -> str:
    return ", ".join(each.name for each in parameters)


def _written(parameter: Parameter, language: str) -> str:
    rest = "" if parameter.name == "..." else "*" if language in ("python", "ruby") else "..."
    mark = {"rest": rest, "keywords": "**", "block": "&"}.get(parameter.kind, "")
    default = f" = {parameter.default}" if parameter.default else ""
    return f"{mark}{parameter.name or parameter.type}{default}"


def _members(before: Sequence[Member], after: Sequence[Member]) -> Iterator[Aspect]:
    old, new = ({each.name: each for each in side} for side in (before, after))
    for name in old:
        if name not in new:
            yield Aspect("member_removed", name, before=old[name].kind)
        elif old[name].text != new[name].text:
            yield Aspect("member_changed", name, old[name].text, new[name].text)
    for name, member in new.items():
        if name not in old:
            yield Aspect("member_added", name, before=member.kind, after=member.text)


def _returned(old: Contract, new: Contract) -> Iterator[Aspect]:
    """What a caller may now get, and what it gets no more; only where both sides return."""
    was, now = ({shape.kind for shape in side.returned} for side in (old, new))
    if "generator" in {*old.modifiers} ^ {*new.modifiers}:
        return
    if old.has_body and new.has_body and (was or now):
        yield from _nothing(was, now)
    for kind in ("tuple", "keys"):
        left, right = (_shapes(side, kind) for side in (old, new))
        if left and right and left != right:
            yield from _sizes(left, right) if kind == "tuple" else _keys(left, right)


def _nothing(was: set[ReturnedKind], now: set[ReturnedKind]) -> Iterator[Aspect]:
    empty: set[ReturnedKind] = {"null", "nothing"}
    if (was - empty) and (now - empty):
        if not was & empty and now & empty:
            yield Aspect("returned_null", after="null")
        elif was & empty and not now & empty:
            yield Aspect("returned_null", before="null")
    elif (was - empty) and now == {"null"}:
        yield Aspect("returned_null", after="null")
    elif (was - empty) and not (now - empty):
        yield Aspect("returned_nothing", before="value")
    elif (now - empty) and not (was - empty):
        yield Aspect("returned_nothing", after="value")


def _shapes(contract: Contract, kind: str) -> set[tuple[int, tuple[str, ...]]]:
    return {(each.size, each.keys) for each in contract.returned if each.kind == kind}


def _sizes(
    left: set[tuple[int, tuple[str, ...]]], right: set[tuple[int, tuple[str, ...]]]
) -> Iterator[Aspect]:
    said = (" or ".join(str(size) for size, _ in sorted(side)) for side in (left, right))
    yield Aspect("returned_size", "", *said)


def _keys(
    left: set[tuple[int, tuple[str, ...]]], right: set[tuple[int, tuple[str, ...]]]
) -> Iterator[Aspect]:
    old, new = ({key for _, keys in side for key in keys} for side in (left, right))
    yield from _sets("returned_keys", sorted(old), sorted(new))
