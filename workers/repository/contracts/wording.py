"""A changed contract in plain words, for a model, a terminal and a posted page. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workers.repository.contracts.aspects import Aspect, AspectKind

_LONGEST = 60
_MOST_SAID = 8
_MANY = 3
_NULL = {"python": "None", "ruby": "nil", "go": "nil"}

_PHRASES: dict[AspectKind, tuple[str, str, str]] = {
    "modifier": ("", "became {name}", "is no longer {name}"),
    "async": ("", "became async", "is no longer async"),
    "generator": ("", "became a generator", "no longer yields: it returns a value"),
    "decorator": ("`{before}` became `{after}`", "gained `{after}`", "lost `{before}`"),
    "base": ("", "now extends `{after}`", "no longer extends `{before}`"),
    "type": (
        "its type changed from `{before}` to `{after}`",
        "its type is now declared: `{after}`",
        "its type `{before}` is no longer declared",
    ),
    "returned_type": (
        "its return type changed from `{before}` to `{after}`",
        "its return type is now declared: `{after}`",
        "its return type `{before}` is no longer declared",
    ),
    "header": ("`{before}` became `{after}`", "", ""),
    "value": (
        "value changed from `{before}` to `{after}`",
        "got the value `{after}`",
        "lost the value `{before}`",
    ),
    "parameter_added": (
        "now requires the parameter `{after}`",
        "takes a new optional parameter `{after}`",
        "",
    ),
    "parameter_removed": ("", "", "no longer takes `{before}`"),
    "parameter_renamed": ("parameter `{before}` is now called `{after}`", "", ""),
    "parameter_type": (
        "type of `{name}` changed from `{before}` to `{after}`",
        "parameter `{name}` is now declared `{after}`",
        "parameter `{name}` has no declared type any more",
    ),
    "parameters_reordered": (
        "order of parameters changed from `{before}` to `{after}`",
        "",
        "",
    ),
    "default": (
        "default of `{name}` changed from `{before}` to `{after}`",
        "`{name}` got the default `{after}`",
        "`{name}` lost its default `{before}`",
    ),
    "member_changed": (
        "`{name}` changed from `{before}` to `{after}`",
        "`{name}` became `{after}`",
        "`{name}` is no longer `{before}`",
    ),
    "returned_null": ("", "may now return {null}", "no longer returns {null}"),
    "returned_nothing": ("", "now returns a value", "no longer returns a value"),
    "returned_size": ("returns {after} values, before {before}", "", ""),
    "returned_keys": (
        "",
        "what it returns now has {names}",
        "what it returns no longer has {names}",
    ),
    "raised": ("", "now raises {names}", "no longer raises {names}"),
    "place": ("moved from `{before}` to `{after}`", "", ""),
    "documentation": (
        "its documentation changed",
        "is now documented",
        "is no longer documented",
    ),
    "exported_again": ("", "", "its old place still hands it on"),
}
"""For each kind what to say where both sides have a text, only the head, only the base."""

_KINDS = {
    "plain": "passed by place or name",
    "positional": "passed by place only",
    "keyword": "passed by name only",
    "rest": "all further arguments",
    "keywords": "all further named arguments",
    "block": "a block",
    "optional": "optional",
    "required": "required",
    "single": "a single argument",
}


def said(aspects: Sequence[Aspect], language: str = "") -> tuple[str, ...]:
    """One phrase an aspect, alike ones joined; at most eight and how many were left out."""
    phrases = [_phrase(group, language) for group in _grouped(aspects)]
    if len(phrases) <= _MOST_SAID:
        return tuple(phrases)
    return (*phrases[:_MOST_SAID], f"and {len(phrases) - _MOST_SAID} more differences")


def _grouped(aspects: Iterable[Aspect]) -> list[list[Aspect]]:
    """Members, errors and keys that came or went are said in one breath."""
    groups: dict[tuple[str, ...], list[Aspect]] = {}
    for aspect in aspects:
        alike: tuple[str, ...] = (aspect.kind, aspect.name, aspect.before, aspect.after)
        if aspect.kind in ("member_added", "member_removed"):
            alike = (aspect.kind, aspect.before)
        elif aspect.kind in ("raised", "returned_keys"):
            alike = (aspect.kind, "came" if aspect.after else "went")
        groups.setdefault(alike, []).append(aspect)
    return list(groups.values())


def _phrase(group: Sequence[Aspect], language: str) -> str:
    first = group[0]
    if first.kind == "visibility":
        return _visibility(first)
    if first.kind == "parameter_kind":
        return f"parameter {_code(first.name)} is now {_KINDS[first.after]}"
    if first.kind in ("member_added", "member_removed"):
        return _members(group)
    both, came, went = _PHRASES[first.kind]
    phrase = both if first.before and first.after else came if first.after else went
    return phrase.format(
        name=_flat(first.name or "?"),
        before=_flat(first.before),
        after=_flat(first.after),
        null=_NULL.get(language, "null"),
        names=_named(group),
    )


def _visibility(aspect: Aspect) -> str:
    old, new = aspect.before, aspect.after
    if old.startswith("exported") and new.startswith("exported"):
        return f"is now {new}, before {old}"
    if old.startswith(("exported", "listed", "pub")) and not new:
        return f"is no longer {'public' if old == 'pub' else old}"
    return f"became {new or 'visible by default'}" + (f", before {old}" if old else "")


def _members(group: Sequence[Aspect]) -> str:
    noun = "fields " if len(group) > 1 else "field "
    noun = "" if group[0].before == "member" else noun
    return f"{'gained' if group[0].kind == 'member_added' else 'lost'} {noun}{_named(group)}"


def _named(group: Sequence[Aspect]) -> str:
    shown = ", ".join(_code(aspect.name) for aspect in group[:_MANY])
    return shown if len(group) <= _MANY else f"{shown} and {len(group) - _MANY} more"


def _code(text: str) -> str:
    return f"`{_flat(text)}`"


def _flat(text: str) -> str:
    """One line that can stand between backticks."""
    flat = " ".join(text.split()).replace("`", "'")
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 3] + "..."
