"""Which parameters a call fills, as far as its text says. Pure; one rule set for each language.

Python: https://docs.python.org/3/reference/expressions.html#calls
Ruby: https://docs.ruby-lang.org/en/3.4/calling_methods_rdoc.html
PHP: https://www.php.net/manual/en/functions.arguments.php
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from workers.repository.contracts.contract import Call, Parameter

_SURPLUS_IS_DROPPED = ("javascript", "php")
_NOTHING_IS_REQUIRED = ("javascript",)
_NAMES_ARE_APART = ("ruby",)
"""Only keyword parameters are filled by name; without any, names become one last hash."""


@dataclass(slots=True)
class Bound:
    """`filled`: parameter -> the argument that fills it (its place, or its name)."""

    filled: dict[str, int | str] = field(default_factory=dict)
    misfit: str = ""


def bind(parameters: Sequence[Parameter], call: Call, language: str) -> Bound:
    """What each argument fills; `misfit` says why the language refuses the call."""
    bound = Bound()
    keywords = list(call.keywords)
    places = call.positional
    if language in _NAMES_ARE_APART and keywords and not _takes_names(parameters):
        places, keywords = places + 1, []
    _by_place(bound, parameters, places, language)
    _by_name(bound, parameters, keywords, language)
    missing = [p.name for p in parameters if p.required and p.name not in bound.filled]
    if missing and not bound.misfit and language not in _NOTHING_IS_REQUIRED:
        bound.misfit = "it does not pass " + ", ".join(f"`{name}`" for name in missing)
    return bound


def _takes_names(parameters: Sequence[Parameter]) -> bool:
    return any(parameter.kind in ("keyword", "keywords") for parameter in parameters)


def _by_place(bound: Bound, parameters: Sequence[Parameter], places: int, language: str) -> None:
    by_place = [p for p in parameters if p.kind in ("plain", "positional")]
    for place, parameter in enumerate(by_place[:places]):
        bound.filled[parameter.name] = place
    rest = any(parameter.kind == "rest" for parameter in parameters)
    if places > len(by_place) and not rest and language not in _SURPLUS_IS_DROPPED:
        bound.misfit = f"it passes {places} arguments by place, at most {len(by_place)} are taken"


def _by_name(
    bound: Bound, parameters: Sequence[Parameter], keywords: Sequence[str], language: str
) -> None:
    kinds = ("keyword",) if language in _NAMES_ARE_APART else ("keyword", "plain")
    named = {parameter.name for parameter in parameters if parameter.kind in kinds}
    others = any(parameter.kind == "keywords" for parameter in parameters)
    for keyword in keywords:
        if keyword in bound.filled:
            bound.misfit = f"`{keyword}` is given twice, by place and by name"
        elif keyword in named:
            bound.filled[keyword] = keyword
        elif not others:
            bound.misfit = f"there is no parameter `{keyword}`"
