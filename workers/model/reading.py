"""An answer's text -> a checked value, or the problems to name in the re-ask.

Tolerant of what models wrap around JSON (thinking, prose, a fenced block), strict about which JSON
counts: the last object of the text, whole. An object inside a broken one never counts, because an
empty list found by accident would read as a clean review.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn, TypeVar, cast

from pydantic import BaseModel, ValidationError

T = TypeVar("T", bound=BaseModel)

MAX_PROBLEMS = 8
MAX_PROBLEM_CHARACTERS = 200
MAX_DEPTH = 60

_BRACES = re.compile(r'[{}]|"(?:[^"\\]|\\.)*"?', re.DOTALL)


class Unreadable(Exception):
    """An answer that does not fit. `problems` are single lines that a model can act on."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_answer(text: str, answer: type[T]) -> T:
    """The checked answer.

    Raises:
        Unreadable: there is no whole JSON object, or it does not fit the model.
    """
    value = read_json(without_thinking(text))
    try:
        return answer.model_validate(value)
    except ValidationError as error:
        raise Unreadable(*problems_of(error)) from error


def without_thinking(text: str) -> str:
    """The text after a leading `<think>` block, which some servers leave in the content.

    Chat templates that open the block in the prompt leave only its closing tag.
    """
    stripped = text.lstrip()
    head, closing, rest = stripped.partition("</think>")
    if closing and (head.startswith("<think>") or not stripped.startswith(("{", "`"))):
        return rest.strip()
    return stripped.rstrip()


def read_json(text: str) -> dict[str, Any]:
    """The last whole JSON object of the text, without lone surrogates and NULs.

    Raises:
        Unreadable: it is missing, broken, nested too deeply, or says NaN or a key twice.
    """
    if not text.strip():
        raise Unreadable("the answer is empty")
    try:
        value = _last_object(text)
    except RecursionError as error:
        raise Unreadable(f"the JSON is nested more than {MAX_DEPTH} levels deep") from error
    if not isinstance(value, dict):
        raise Unreadable(f"the answer must be one JSON object, not {type(value).__name__}")
    return cast(dict[str, Any], _clean(value, MAX_DEPTH))


def _last_object(text: str) -> object:
    try:
        return _loads(text)
    except json.JSONDecodeError:
        return _search(text)
    except Unreadable:
        if text.lstrip().startswith(("{", "[")):
            raise
        return _search(text)  # prose that begins with a word such as Infinity


def _search(text: str) -> object:
    """The last object at the top level. What fails to decode is passed over as a whole."""
    found: object = None
    position = start = end = 0
    problem = "there is no JSON object in the answer"
    while (position := text.find("{", position)) >= 0:
        try:
            found, end = _DECODER.raw_decode(text, position)
            start, position = position, end
        except json.JSONDecodeError as error:
            problem = f"the JSON is malformed: {error.msg} at character {error.pos}"
            position = _closing(text, position, problem)
            found = None
    in_list = text[:start].rstrip().endswith("[") or "]" in text[end:] or "}" in text[end:]
    if found is None or in_list:
        raise Unreadable(problem)
    return found


def _closing(text: str, opening: int, problem: str) -> int:
    """Where the braces opened here are closed, not counting those in strings.

    Raises:
        Unreadable: nowhere, so that whatever follows may be a part of something cut off.
    """
    depth = 0
    for token in _BRACES.finditer(text, opening):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    raise Unreadable(problem)


def _no_constant(name: str) -> NoReturn:
    raise Unreadable(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Unreadable(f"the number {digits[:20]!r} is too large")
    return number


def _bounded(digits: str) -> int:
    if len(digits.lstrip("-")) > 18:
        raise Unreadable(f"the number {digits[:20]!r} is too large")
    return int(digits)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"the key {twice[:60]!r} stands twice in one object")
    return value


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_constant=_no_constant,
    parse_float=_finite,
    parse_int=_bounded,
)


def _loads(text: str) -> object:
    value: object = _DECODER.decode(text)
    return value


def _clean(value: object, depth: int) -> object:
    """Strings that any store and any server accepts."""
    if depth == 0:
        raise Unreadable(f"the JSON is nested more than {MAX_DEPTH} levels deep")
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    if isinstance(value, list):
        return [_clean(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {_clean(key, depth - 1): _clean(item, depth - 1) for key, item in value.items()}
    return value


def problems_of(error: ValidationError) -> tuple[str, ...]:
    """What does not fit, a line each: where, why and the value that stands there."""
    errors = error.errors(include_url=False, include_context=False)
    lines = []
    for problem in errors[:MAX_PROBLEMS]:
        where = ".".join(str(part) for part in problem["loc"]) or "the answer"
        got = "" if problem["type"] == "missing" else f" (got {problem['input']!r:.60})"
        line = f"{where}: {problem['msg']}{got}".replace("\n", " ")
        lines.append(line[:MAX_PROBLEM_CHARACTERS])
    if len(errors) > MAX_PROBLEMS:
        lines.append(f"and {len(errors) - MAX_PROBLEMS} more")
    return tuple(lines)
