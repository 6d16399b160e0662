"""The messages and enums of a Protocol Buffers file: fields by number, values by name.

https://protobuf.dev/reference/protobuf/proto3-spec/, https://protobuf.dev/programming-guides/proto3/#updating
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from workers.repository.outline import SIZE_CAP_BYTES

Label = Literal["", "required", "optional", "repeated"]

_TOKEN = re.compile(
    r"""//[^\n]*|/\*[\s\S]*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[\w.]+|\S"""
)
_DEEPEST = 32
_VARINT = ("int32", "int64", "uint32", "uint64", "bool")
_WIRE: dict[str, str] = {
    **dict.fromkeys(_VARINT, "varint"),
    **dict.fromkeys(("sint32", "sint64"), "zigzag"),
    **dict.fromkeys(("fixed32", "sfixed32"), "four bytes"),
    **dict.fromkeys(("fixed64", "sfixed64"), "eight bytes"),
    **dict.fromkeys(("string", "bytes"), "bytes"),
    "float": "float",
    "double": "double",
}


BUILT_IN = frozenset(_WIRE.values())
"""The wire types that no message has: a type of another name may be the same message, renamed."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message."""

    name: str
    number: int
    type: str
    label: Label
    line: int


@dataclass(slots=True)
class Message:
    """Fields by number. `name` is qualified by the messages around, without the package."""

    name: str
    fields: dict[int, Field] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an enum."""

    number: int
    line: int


@dataclass(slots=True)
class ProtoFile:
    """What one file declares. `readable` is false where it does not parse."""

    package: str = ""
    messages: dict[str, Message] = field(default_factory=dict)
    enums: dict[str, dict[str, Value]] = field(default_factory=dict)
    readable: bool = True


def wire_type(type_name: str, enums: frozenset[str]) -> str:
    """How values of a type are written: types of one kind may be exchanged for each other."""
    if type_name.rpartition(".")[2] in enums:
        return "varint"
    return _WIRE.get(type_name, type_name.rpartition(".")[2])


def read_proto(text: str) -> ProtoFile:
    """Read one file; what does not parse leaves `readable` false."""
    found = ProtoFile()
    if len(text) > SIZE_CAP_BYTES:
        found.readable = False
        return found
    try:
        _Reader(text, found).read()
    except (_MalformedError, StopIteration, ValueError):
        found.readable = False
    return found


class _MalformedError(Exception):
    """Brackets that do not pair, or a number that is none."""


class _Reader:
    """Statements of a file, one after the other."""

    def __init__(self, text: str, found: ProtoFile) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._found = found

    def read(self) -> None:
        """The whole file. Raises _MalformedError, ValueError."""
        while self._at < len(self._tokens):
            self._statement("", None, 0)

    def _statement(self, around: str, message: Message | None, depth: int) -> None:
        """One statement, and the block that it opens."""
        words, line, opened = self._words()
        kind = words[0] if words else ""
        if depth > _DEEPEST:
            raise _MalformedError
        if not opened:
            if kind == "package" and len(words) == 2:
                self._found.package = words[1]
            elif message is not None:
                _add_field(message, words, line)
            return
        name = f"{around}.{words[1]}" if around and len(words) > 1 else "".join(words[1:2])
        if kind == "enum":
            self._enum(name)
        elif kind in ("message", "group"):
            inner = self._found.messages.setdefault(name, Message(name))
            self._block(name, inner, depth)
        elif kind == "oneof":
            self._block(around, message, depth)
        else:
            self._block(around, None, depth)  # service, rpc, extend, options

    def _block(self, around: str, message: Message | None, depth: int) -> None:
        while self._peek() != "}":
            self._statement(around, message, depth + 1)
        self._at += 1

    def _enum(self, name: str) -> None:
        values = self._found.enums.setdefault(name, {})
        while self._peek() != "}":
            words, line, opened = self._words()
            if opened:
                raise _MalformedError
            if len(words) >= 3 and words[1] == "=" and words[0] not in ("option", "reserved"):
                sign = -1 if words[2] == "-" else 1
                values[words[0]] = Value(sign * int(words[3 if sign < 0 else 2], 0), line)
        self._at += 1

    def _words(self) -> tuple[list[str], int, bool]:
        """The words up to `;` or `{`, their line, and whether a block opens.

        Braces inside brackets are options of a field.
        """
        words: list[str] = []
        line, inside = self._tokens[self._at][1], 0
        while True:
            word = self._peek()
            self._at += 1
            if not inside and word in (";", "{"):
                return words, line, word == "{"
            if not inside and word == "}":
                raise _MalformedError
            inside += (word == "[") - (word == "]")
            words.append(word)

    def _peek(self) -> str:
        if self._at >= len(self._tokens):
            raise _MalformedError
        return self._tokens[self._at][0]


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line, last = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", last, found.start())
        last = found.start()
        if not found[0].startswith(("//", "/*")):
            yield found[0], line


def _add_field(message: Message, words: list[str], line: int) -> None:
    """`[label] type name = number`; anything else is no field."""
    label: Label = ""
    if words and words[0] in ("required", "optional", "repeated"):
        label = words[0]  # type: ignore[assignment]  # just compared
        words = words[1:]
    if "=" not in words or not words or words[0] in ("option", "reserved", "extensions"):
        return
    at = words.index("=")
    if at < 2 or at + 1 >= len(words) or not words[at + 1].isdigit():
        return
    number = int(words[at + 1])
    message.fields[number] = Field(words[at - 1], number, "".join(words[: at - 1]), label, line)
