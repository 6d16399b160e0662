"""Whether a call's arguments fit a function's parameters, as Python's calls bind them.

https://docs.python.org/3/reference/expressions.html#calls
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

MISSING = "it does not pass "
"""How `misfit` begins when the call passes too little and nothing else is wrong."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Parameters that decide whether a call binds; annotations and default values do not."""

    positional: tuple[str, ...]
    positional_only: int
    defaults: int
    keyword_only: tuple[str, ...]
    required_keywords: frozenset[str]
    var_positional: bool
    var_keyword: bool

    @classmethod
    def of(cls, arguments: ast.arguments, bound: bool) -> Shape:
        """`bound` leaves out the first parameter (`self`, `cls`), which the receiver fills."""
        named = [entry.arg for entry in (*arguments.posonlyargs, *arguments.args)]
        only = len(arguments.posonlyargs)
        if bound and named:
            named, only = named[1:], max(only - 1, 0)
        keywords = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        return cls(
            positional=tuple(named),
            positional_only=only,
            defaults=min(len(arguments.defaults), len(named)),
            keyword_only=tuple(entry.arg for entry in arguments.kwonlyargs),
            required_keywords=frozenset(entry.arg for entry, value in keywords if value is None),
            var_positional=arguments.vararg is not None,
            var_keyword=arguments.kwarg is not None,
        )


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a call passes, where that can be read off it."""

    positional: int
    keywords: tuple[str, ...]

    @classmethod
    def of(cls, call: ast.Call) -> Arguments | None:
        """None for a call with `*args` or `**kwargs`: what it passes is not in its text."""
        starred = any(isinstance(entry, ast.Starred) for entry in call.args)
        if starred or any(entry.arg is None for entry in call.keywords):
            return None
        return cls(len(call.args), tuple(entry.arg for entry in call.keywords if entry.arg))

    def __str__(self) -> str:
        named = ", ".join(self.keywords)
        return f"{self.positional} positional" + (f", by name {named}" if named else "")


def misfit(shape: Shape, passed: Arguments) -> str:
    """Why Python would raise TypeError for this call; "" where it binds."""
    if passed.positional > len(shape.positional) and not shape.var_positional:
        takes = len(shape.positional)
        return f"it passes {passed.positional} positional arguments, at most {takes} are taken"
    filled = set(shape.positional[: passed.positional])
    by_name = {*shape.positional[shape.positional_only :], *shape.keyword_only}
    for keyword in passed.keywords:
        if keyword in filled and keyword in by_name:
            return f"`{keyword}` is given twice, by position and by name"
        if keyword not in by_name and not shape.var_keyword:
            return f"there is no parameter `{keyword}`"
    required = shape.positional[: len(shape.positional) - shape.defaults]
    given = filled | (set(passed.keywords) & by_name)
    missing = [name for name in required if name not in given]
    missing += sorted(name for name in shape.required_keywords if name not in given)
    if missing:
        return MISSING + ", ".join(f"`{name}`" for name in missing)
    return ""
