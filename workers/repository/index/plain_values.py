"""Dataclasses as compact JSON: rows without field names, compressed. Never pickle.

Only what a parser's answer is made of: text, numbers, truth values, None, tuples and dataclasses.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
_LEVEL = 6
_MOST_BYTES = 64 * 1024**2


class Unreadable(ValueError):
    """The text is not what `to_json` makes of this type, or the bytes not what `deflated` makes."""


def to_json(value: object) -> str:
    """One line of JSON; a dataclass becomes the list of its fields."""
    return json.dumps(value, default=_row, separators=(",", ":"), ensure_ascii=False)


def from_json(kind: type[T], text: str) -> T:
    """The inverse of `to_json`, for a type built of dataclasses, tuples and plain values.

    Raises Unreadable for anything else.
    """
    try:
        value: T = _reader(cast(Hashable, kind))(json.loads(text))
    except (ValueError, TypeError) as error:
        raise Unreadable(f"{len(text)} characters are no {kind.__name__}: {error}") from error
    return value


def deflated(text: str) -> bytes:
    """Compressed text; a lone surrogate survives."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)


def inflated(data: bytes) -> str:
    """The inverse of `deflated`. Raises Unreadable for damage, and beyond 64 MB."""
    engine = zlib.decompressobj()
    try:
        text = engine.decompress(data, _MOST_BYTES)
    except zlib.error as error:
        raise Unreadable(f"{len(data)} bytes are damaged: {error}") from error
    if not engine.eof:
        raise Unreadable(f"{len(data)} bytes are cut off, or hold more than {_MOST_BYTES}")
    return text.decode("utf-8", "surrogatepass")


def _row(value: Any) -> list[Any]:  # noqa: ANN401 - whatever json cannot write
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} is no plain value; see `unpacked` for what is")
    return [getattr(value, entry.name) for entry in fields(value)]


@cache
def _reader(kind: Hashable) -> Callable[[Any], Any]:
    """How to read one annotated type back; decided once a type."""
    origin, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return _row_reader(kind)
    if origin is tuple and inner[1:] == (Ellipsis,):
        one = _reader(inner[0])
        return tuple if one is _as_it_is else lambda raw: tuple(map(one, raw))
    if origin is tuple:
        each = [_reader(part) for part in inner]
        return lambda raw: tuple(read(part) for read, part in zip(each, raw, strict=True))
    if origin in (Union, UnionType) and NoneType in inner and len(inner) == 2:
        some = _reader(next(part for part in inner if part is not NoneType))
        return lambda raw: None if raw is None else some(raw)
    if origin is Literal or kind in (str, int, float, bool):
        return _as_it_is
    raise TypeError(f"{kind!r} cannot be read back; use tuples, dataclasses and plain values")


def _row_reader(kind: type) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    each = [_reader(hints[entry.name]) for entry in fields(kind)]
    deep = [(at, read) for at, read in enumerate(each) if read is not _as_it_is]

    def read_row(raw: Any) -> Any:  # noqa: ANN401
        row = list(raw)
        if len(row) != len(each):
            raise ValueError(f"{len(row)} values are no {kind.__name__}: it has {len(each)}")
        for at, read in deep:
            row[at] = read(row[at])
        return kind(*row)

    return read_row


def _as_it_is(raw: Any) -> Any:  # noqa: ANN401
    return raw
