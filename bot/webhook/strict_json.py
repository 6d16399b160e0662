"""JSON from outside, refused where Python's reader would be lenient or fall over."""

from __future__ import annotations

import json
from typing import Any, NoReturn

_MOST_DIGITS = 30


class MalformedPayload(Exception):
    """The body is no payload that GitHub would send; the text says what is wrong with it."""


def read_json(raw: bytes) -> dict[str, Any]:
    """The body as an object.

    Raises:
        MalformedPayload: not UTF-8 JSON, not an object, nested too deeply, a number out of range,
            NaN, a lone surrogate, or a key given twice.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"),
            parse_constant=_refuse_constant,
            parse_int=_integer,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError as error:
        raise MalformedPayload("the body is not UTF-8") from error
    except RecursionError as error:
        raise MalformedPayload("the body is nested too deeply") from error
    except ValueError as error:
        raise MalformedPayload("the body is not JSON") from error
    if not isinstance(value, dict):
        raise MalformedPayload("the body is not an object")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedPayload(f"the body holds {name}")


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise MalformedPayload("the body holds a number with too many digits")
    return int(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise MalformedPayload("the body gives a key twice")
    for name, value in pairs:
        for text in (name, value):
            if isinstance(text, str) and not text.isascii() and _has_surrogate(text):
                raise MalformedPayload("the body holds a lone surrogate")
    return made


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
