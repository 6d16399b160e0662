"""The class names in a type as written, in any of the languages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WRAPPERS = frozenset({
    "Optional", "Union", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "Type",
    "type", "Awaitable", "Promise", "PromiseLike", "Readonly", "Partial", "NonNullable",
    "Box", "Rc", "Arc", "Ref", "RefMut", "Option", "shared_ptr", "unique_ptr", "weak_ptr",
    "Task", "ValueTask", "Nullable", "ContextManager", "AbstractContextManager",
})  # fmt: skip
"""Types whose value is used as if it were (one of) its arguments."""
_CONTAINERS = frozenset({
    "list", "List", "Sequence", "MutableSequence", "Iterable", "Iterator", "AsyncIterator",
    "AsyncIterable", "Generator", "AsyncGenerator", "Collection", "set", "Set", "frozenset",
    "FrozenSet", "AbstractSet", "tuple", "Tuple", "deque", "Array", "ReadonlyArray", "ReadonlySet",
    "Vec", "VecDeque", "HashSet", "BTreeSet", "ArrayList", "LinkedList", "IEnumerable", "IList",
    "IReadOnlyList", "ICollection", "MutableList", "vector",
})  # fmt: skip
"""Types of which a loop gets the first argument, one by one."""
_NOTHING = frozenset({"None", "null", "undefined", "void", "Any", "any", "object", "mixed"})
_QUALIFIERS = re.compile(r"^(?:\?|&|\*|'\w+\s|mut\s|const\s|dyn\s|impl\s|readonly\s|typeof\s)+\s*")
_NAME = re.compile(r"[A-Za-z_$\\][\w$.\\]*(?:::\w+)*")
_DEPTH = 6


def written_types(text: str, depth: int = _DEPTH) -> tuple[str, ...]:
    """`Basket` of `Basket | None`, `Optional["Basket"]`, `?Basket`, `&Basket`, `Box<Basket>`."""
    if depth == 0:
        return ()
    found = [name for part in _alternatives(text) for name in _one(part, depth)]
    return tuple(dict.fromkeys(name for name in found if name not in _NOTHING))


def item_types(text: str) -> tuple[str, ...]:
    """`Basket` of `list[Basket]`, `Basket[]`, `[]Basket`, `Iterable<Basket>`."""
    found: list[str] = []
    for part in _alternatives(text):
        name, arguments = _applied(part)
        last = re.split(r"\.|::|\\", name)[-1]
        if part.endswith("[]"):
            found += written_types(part[:-2])
        elif part.startswith("[]"):
            found += written_types(part[2:])
        elif last in _CONTAINERS and arguments:
            found += written_types(arguments[0])
        elif last in _WRAPPERS and arguments:
            found += item_types(arguments[0])
    return tuple(dict.fromkeys(found))


def _one(part: str, depth: int) -> Iterator[str]:
    name, arguments = _applied("" if part.endswith("[]") else part)
    last = re.split(r"\.|::|\\", name)[-1]
    if last in _WRAPPERS and arguments:
        used = arguments if last == "Union" else arguments[:1]
        for argument in used:
            yield from written_types(argument, depth - 1)
    elif name:
        yield name


def _alternatives(text: str) -> list[str]:
    """The parts of a union, an intersection or (in `isinstance`) a tuple."""
    bare = _unquoted(text)
    if bare.startswith("(") and bare.endswith(")"):
        return [each for part in _split(bare[1:-1], ",|&") for each in _alternatives(part)]
    return [_QUALIFIERS.sub("", _unquoted(part)) for part in _split(bare, "|&") if part.strip()]


def _unquoted(text: str) -> str:
    return text.strip().strip("\"'").strip()


def _applied(part: str) -> tuple[str, list[str]]:
    """A generic type's name and its arguments."""
    named = _NAME.match(part)
    if named is None:
        return "", []
    rest = part[named.end() :].strip()
    inner = rest[1:-1] if rest[:1] in ("[", "<") and rest[-1:] in ("]", ">") else ""
    return named.group(), [each.strip() for each in _split(inner, ",") if each.strip()]


def _split(text: str, separators: str) -> list[str]:
    """Split at separators that no bracket encloses."""
    parts, depth, begin = [], 0, 0
    for at, character in enumerate(text):
        if character in "[<({":
            depth += 1
        elif character in "]>)}":
            depth -= 1
        elif depth == 0 and character in separators and at > begin:
            parts.append(text[begin:at])
            begin = at + 1
    return [*parts, text[begin:]]
