"""Frozen dataclasses <-> JSON-safe values, led by their type annotations.

Knows what the domain is made of: dataclasses, tuples, dicts, enums, literals, optional values and
scalars. Anything else is an error on the first round trip, never a silent loss.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from types import UnionType
from typing import Any, Literal, NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def encode(value: object) -> Any:  # noqa: ANN401 (a JSON value)
    """The JSON-safe form."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {str(encode(key)): encode(item) for key, item in value.items()}
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"a record cannot hold {value!r}. Give its type a JSON form.")


def decode(kind: type[T], raw: object) -> T:
    """The value of this type that `encode` turned into `raw`; absent fields get their defaults.

    Raises:
        ValueError: `raw` has another shape.
    """
    try:
        return cast("T", _decode(kind, raw))
    except (TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"not a stored {kind.__name__}: {error}") from error


def _decode(kind: Any, raw: Any) -> Any:  # noqa: ANN401 (annotations and JSON values)
    if isinstance(kind, NewType):
        return _decode(kind.__supertype__, raw)
    if is_dataclass(kind):
        hints = _hints(cast("type", kind))
        known = {name: _decode(hints[name], raw[name]) for name in hints if name in raw}
        return cast("type", kind)(**known)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(raw)
    return _decode_generic(kind, raw)


def _decode_generic(kind: Any, raw: Any) -> Any:  # noqa: ANN401
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        if raw not in arguments:
            raise ValueError(f"{raw!r} is none of {arguments!r}")
        return raw
    if origin in (Union, UnionType):
        return _decode_union(arguments, raw)
    if origin is tuple:
        return tuple(_decode(arguments[0], item) for item in raw)
    if origin is dict:
        return {_decode(arguments[0], k): _decode(arguments[1], v) for k, v in raw.items()}
    return _scalar(kind, raw)


def _decode_union(arguments: tuple[Any, ...], raw: Any) -> Any:  # noqa: ANN401
    """`X | None` (raw null is None), or a union of literals."""
    if raw is None and type(None) in arguments:
        return None
    kinds = [kind for kind in arguments if kind is not type(None)]
    if len(kinds) == 1:
        return _decode(kinds[0], raw)
    allowed = [word for kind in kinds for word in get_args(kind)]
    if raw not in allowed:
        raise ValueError(f"{raw!r} is none of {allowed!r}")
    return raw


def _scalar(kind: Any, raw: Any) -> Any:  # noqa: ANN401
    if kind is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if kind not in (str, int, float, bool) or type(raw) is not kind:
        raise ValueError(f"{raw!r} is no {kind!r}")
    return raw


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
