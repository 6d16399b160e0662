"""Budgets, prices and windows as an operator writes them: `calls=200, usd=10`, `big=2,0.5,8`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.budget import LEAST_WINDOW, UNITS, Allowance, Price

_WHOLE = re.compile(r"\d{1,15}")
_DECIMAL = re.compile(r"\d{1,9}(?:\.\d{1,6})?")


def parse_allowance(text: str) -> Allowance:
    """Caps by unit, separated by commas; an empty text is no cap.

    Raises:
        ValueError: what is wrong, quoted.
    """
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        unit, equals, amount = (piece.strip() for piece in part.partition("="))
        if not equals or unit not in UNITS:
            raise ValueError(f"{part!r} is none of calls=N, tokens=N, seconds=N, usd=N")
        if unit in found:
            raise ValueError(f"{unit} is given twice")
        if not (_WHOLE if unit in ("calls", "tokens") else _DECIMAL).fullmatch(amount):
            raise ValueError(f"{amount!r} is no number of {unit}")
        found[unit] = amount
    return _allowance(found)


def _allowance(found: Mapping[str, str]) -> Allowance:
    return Allowance(
        calls=int(found["calls"]) if "calls" in found else None,
        tokens=int(found["tokens"]) if "tokens" in found else None,
        seconds=float(found["seconds"]) if "seconds" in found else None,
        usd=float(found["usd"]) if "usd" in found else None,
    )


def parse_prices(text: str) -> dict[str, Price]:
    """`NAME=INPUT,CACHED,OUTPUT` in US dollars a million tokens, separated by semicolons.

    Raises:
        ValueError: what is wrong, quoted.
    """
    prices: dict[str, Price] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _, given = (piece.strip() for piece in part.rpartition("="))
        amounts = [amount.strip() for amount in given.split(",")]
        if not name or len(amounts) != 3 or not all(map(_DECIMAL.fullmatch, amounts)):
            raise ValueError(f"{part!r} is not NAME=INPUT,CACHED,OUTPUT")
        if name in prices:
            raise ValueError(f"{name!r} has two prices")
        prices[name] = Price(*(float(amount) for amount in amounts))
    return prices


def parse_windows(text: str) -> dict[str, int]:
    """`NAME=TOKENS`, separated by semicolons.

    Raises:
        ValueError: what is wrong, quoted.
    """
    windows: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _, tokens = (piece.strip() for piece in part.rpartition("="))
        if not name or not _WHOLE.fullmatch(tokens):
            raise ValueError(f"{part!r} is not NAME=TOKENS")
        if name in windows:
            raise ValueError(f"{name!r} has two windows")
        if int(tokens) < LEAST_WINDOW:
            raise ValueError(f"{part!r} is less than the {LEAST_WINDOW} tokens of a review")
        windows[name] = int(tokens)
    return windows
