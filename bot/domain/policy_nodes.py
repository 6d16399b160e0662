"""Readers of single policy values: a YAML node in, a typed value or a noted problem out.

Values are taken from the text as written, not as YAML 1.1 resolves it: there `on` and `off` are
booleans, and `012` is ten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.domain.path_patterns import pattern_problem

MOST_ENTRIES = 100
LONGEST_TEXT = 2_000

T = TypeVar("T")
_BOOL, _NULL, _STR = (f"tag:yaml.org,2002:{name}" for name in ("bool", "null", "str"))
_FRACTION = re.compile(r"(?:0|1)(?:\.0*)?|0?\.\d{1,6}")
_COUNT = re.compile(r"0|[1-9]\d{0,3}")
_QUANTITY = re.compile(r"0|[1-9]\d{0,11}")
_AMOUNT = re.compile(r"(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?")


@dataclass(slots=True)
class Problems:
    """Notes what is wrong, with the file and the line."""

    source: str
    found: list[str] = field(default_factory=list)

    def add(self, node: Node | None, key: str, problem: str, remedy: str) -> None:
        line = 1 if node is None else node.start_mark.line + 1
        self.found.append(f"{self.source}:{line}: {key} {problem}. {remedy}")

    def by_line(self) -> list[str]:
        """As a person reads the file; each entry begins with `source:line:`."""
        start = len(self.source) + 1
        return sorted(self.found, key=lambda text: int(text[start:].partition(":")[0]))


Read = Callable[[Problems, Node, str], T | None]


def is_null(node: Node) -> bool:
    """`key:` with nothing behind it, or everything behind it commented out: not set."""
    return isinstance(node, ScalarNode) and node.tag == _NULL


def is_off(node: Node) -> bool:
    """`off`, which YAML 1.1 takes for a boolean; also `false`."""
    return isinstance(node, ScalarNode) and node.value.lower() in {"off", "false"}


def shown(node: Node) -> str:
    """The value as a problem quotes it."""
    if isinstance(node, ScalarNode):
        value = str(node.value)
        return repr(value if len(value) <= 60 else value[:60] + "...")
    return "a list" if isinstance(node, SequenceNode) else "a mapping"


def _text(node: Node) -> str:
    return str(node.value) if isinstance(node, ScalarNode) else ""


def mapping(
    problems: Problems, node: Node, key: str, allowed: Sequence[str]
) -> dict[str, tuple[Node, str]]:
    """The entries of a mapping: name -> (value, dotted key). Unknown, repeated: noted."""
    if not isinstance(node, MappingNode):
        problems.add(node, key or "the file", f"is {shown(node)}, not a mapping", _names(allowed))
        return {}
    entries: dict[str, tuple[Node, str]] = {}
    seen: set[str] = set()
    for name_node, value in node.value:
        name = name_node.value if isinstance(name_node, ScalarNode) else shown(name_node)
        dotted = f"{key}.{name}" if key else name
        if name not in allowed:
            problems.add(name_node, _quoted(dotted), "is not a setting", _did_you(name, allowed))
        elif name in seen:
            problems.add(name_node, dotted, "is set twice", "Keep one of them.")
        elif not is_null(value):
            entries[name] = (value, dotted)
        seen.add(name)
    return entries


def choice(allowed: Sequence[str]) -> Read[str]:
    """One word of a closed list."""

    def read(problems: Problems, node: Node, key: str) -> str | None:
        if isinstance(node, ScalarNode) and node.value in allowed:
            return str(node.value)
        problems.add(node, key, f"cannot be {shown(node)}", _did_you(_text(node), allowed))
        return None

    return read


def boolean(problems: Problems, node: Node, key: str) -> bool | None:
    """`true` or `false`, unquoted."""
    if isinstance(node, ScalarNode) and node.tag == _BOOL:
        return node.value.lower() in {"true", "yes", "on"}
    problems.add(node, key, f"cannot be {shown(node)}", "Write true or false.")
    return None


def _number(form: re.Pattern[str], convert: Callable[[str], T], remedy: str) -> Read[T]:
    """An unquoted number that is written in this form."""

    def read(problems: Problems, node: Node, key: str) -> T | None:
        text = _text(node)
        if isinstance(node, ScalarNode) and node.tag != _STR and form.fullmatch(text):
            return convert(text)
        problems.add(node, key, f"cannot be {shown(node)}", remedy)
        return None

    return read


fraction = _number(_FRACTION, float, "Write a number from 0 to 1, e.g. 0.7.")
"""A confidence."""

count = _number(_COUNT, int, "Write a whole number from 0 to 9999.")
"""A number of comments."""

quantity = _number(_QUANTITY, int, "Write a whole number.")
"""A number of calls or tokens."""

amount = _number(_AMOUNT, float, "Write a number, e.g. 2.50.")
"""Seconds or US dollars."""


def prose(problems: Problems, node: Node, key: str) -> str | None:
    """Text for the reviewer, such as a guideline."""
    text = _text(node)
    if not isinstance(node, ScalarNode) or not text.strip():
        problems.add(node, key, f"cannot be {shown(node)}", "Write text.")
    elif len(text) > LONGEST_TEXT:
        remedy = f"Use at most {LONGEST_TEXT}; name a file under guidelines for more."
        problems.add(node, key, f"has {len(text)} characters", remedy)
    else:
        return text.strip()
    return None


def many(entry: Read[T]) -> Read[tuple[T, ...]]:
    """A list, each entry read by `entry`."""

    def read(problems: Problems, node: Node, key: str) -> tuple[T, ...] | None:
        if not isinstance(node, SequenceNode):
            remedy = f"Write a list: [{_text(node)}]." if _text(node) else "Write a list: [...]."
            problems.add(node, key, f"is {shown(node)}, not a list", remedy)
            return None
        if len(node.value) > MOST_ENTRIES:
            problems.add(
                node, key, f"has {len(node.value)} entries", f"Use at most {MOST_ENTRIES}."
            )
            return None
        values = [entry(problems, item, f"{key}[{at}]") for at, item in enumerate(node.value)]
        return tuple(value for value in values if value is not None)

    return read


def word(problems: Problems, node: Node, key: str) -> str | None:
    """A name or short text, taken as written: a label `on` or `123` is text."""
    text = _text(node)
    if isinstance(node, ScalarNode) and text.strip() and not is_null(node) and len(text) <= 200:
        return text
    remedy = "Write a text of 1 to 200 characters."
    problems.add(node, key, f"cannot be {shown(node)}", remedy)
    return None


def pattern(problems: Problems, node: Node, key: str) -> str | None:
    """A gitignore-style path pattern."""
    text = word(problems, node, key)
    wrong = pattern_problem(text) if text is not None else None
    if wrong:
        problems.add(node, key, f"{shown(node)} {wrong[0]}", wrong[1])
        return None
    return text


def _quoted(dotted: str) -> str:
    return repr(dotted if len(dotted) <= 100 else dotted[:100] + "...")


def _did_you(given: str, allowed: Sequence[str]) -> str:
    close = get_close_matches(given[:40], allowed, n=1) or [
        name for name in allowed if name.lower() == given.lower()
    ]
    return f"Did you mean {close[0]!r}?" if close else _names(allowed)


def _names(allowed: Sequence[str]) -> str:
    return (
        f"Use {', '.join(allowed[:-1])} or {allowed[-1]}." if allowed[1:] else f"Use {allowed[0]}."
    )
