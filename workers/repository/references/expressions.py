"""The links of an expression, as `outlines.language.expression` writes it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_OWN_FIELD = re.compile(r"^@@?")
_STEP = re.compile(r"\\?([\w$@\\]+)(\(\))?(\[\])?(?:\.|::|->|$)")


@dataclass(frozen=True, slots=True)
class Step:
    """One link of `first().second[]`."""

    name: str
    called: bool
    item: bool


def steps_of(expression: str) -> list[Step]:
    """The links of an expression; none where it is more than names and calls."""
    plain = _OWN_FIELD.sub("self.", expression).replace(".#", ".")
    steps: list[Step] = []
    at = 0
    while at < len(plain):
        found = _STEP.match(plain, at)
        if found is None:
            return []
        steps.append(Step(found[1], bool(found[2]), bool(found[3])))
        at = found.end()
    return steps


def written(steps: Iterable[Step]) -> str:
    """The expression of these links."""
    return ".".join(
        step.name + ("()" if step.called else "") + ("[]" if step.item else "") for step in steps
    )
