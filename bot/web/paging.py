"""One screen of a list, and whether there is more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

SIZE = 30
_LAST = 10_000


@dataclass(frozen=True, slots=True)
class Screen(Generic[Row]):
    """The rows of one screen; `number` counts from 1."""

    number: int
    rows: Sequence[Row]
    more: bool


def number_of(query: Mapping[str, str]) -> int:
    """Which screen an address asks for with `page=N`; the first where it says nothing usable."""
    text = query.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), _LAST)


def offset_of(number: int) -> int:
    """How many rows stand before the screen."""
    return (number - 1) * SIZE


def screen(number: int, found: Sequence[Row]) -> Screen[Row]:
    """A screen of what was found from its offset on; one row over tells that there is more."""
    return Screen(number, found[:SIZE], len(found) > SIZE)
