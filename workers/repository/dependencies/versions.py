"""Versions by the rule of their ecosystem: which is higher, and how far apart two are."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from packaging.version import InvalidVersion, Version

from workers.repository.dependencies.listing import Ecosystem

Step = Literal["major", "minor", "patch", "other"]
_Part = tuple[int, int, str]
Key = tuple[tuple[int, ...], tuple[_Part, ...]]
"""(release without trailing zeros, what comes before or after the release); ordered."""

_FINAL: tuple[_Part, ...] = ((2, 0, ""),)
"""A release is higher than its release candidates."""
_NUMBERS = re.compile(r"^[vV=]?\s*(\d{1,18}(?:\.\d{1,18}){0,8})")
_BEFORE_RELEASE = re.compile(r"^[.-]?(alpha|beta|milestone|snapshot|rc|cr|pre|dev|a|b|m)\d*", re.I)
_SEMANTIC_ZERO = ("npm", "cargo", "composer", "go", "nuget", "bundler", "python")
"""Where a project below 1.0 may break its users with a minor version, by rule or by custom."""


@lru_cache(maxsize=4_096)
def version_key(ecosystem: Ecosystem, text: str) -> Key | None:
    """Comparable among versions of one ecosystem; None for what is no version (a branch)."""
    bare = text.partition(" ")[0]
    if ecosystem == "python":
        return _python_key(bare)
    found = _NUMBERS.match(bare)
    if found is None or len(bare) > 200:
        return None
    rest = bare[found.end() :].partition("+")[0]
    return _release(found[1]), _suffix(ecosystem, rest)


def _python_key(text: str) -> Key | None:
    try:
        version = Version(text)
    except InvalidVersion:
        return None
    release = _trimmed(version.release)
    if version.post is not None:
        return release, ((3, version.post, ""),)
    if version.pre is not None:
        return release, ((1, version.pre[1], version.pre[0]),)
    return release, ((0, version.dev, ""),) if version.dev is not None else _FINAL


def _release(text: str) -> tuple[int, ...]:
    return _trimmed(tuple(int(part) for part in text.split(".")))


def _trimmed(parts: tuple[int, ...]) -> tuple[int, ...]:
    kept = list(parts)
    while len(kept) > 1 and kept[-1] == 0:
        kept.pop()
    return tuple(kept)


def _suffix(ecosystem: Ecosystem, rest: str) -> tuple[_Part, ...]:
    """`-rc.1` comes before the release; `-jre` of Maven and a platform of a gem are the release."""
    if not rest:
        return _FINAL
    if ecosystem in ("maven", "image", "actions") and not _BEFORE_RELEASE.match(rest):
        return _FINAL
    if ecosystem == "bundler" and not rest.startswith("."):
        return _FINAL
    parts = re.split(r"[.-]", rest.strip(".-"))[:8]
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def step(ecosystem: Ecosystem, before: str, after: str) -> Step:
    """The first number that differs; "other" where one of them is no version, or none differs."""
    old, new = version_key(ecosystem, before), version_key(ecosystem, after)
    if old is None or new is None:
        return "other"
    width = max(len(old[0]), len(new[0]))
    pairs = zip(_padded(old[0], width), _padded(new[0], width), strict=True)
    names: tuple[Step, ...] = ("major", "minor")
    for index, (one, other) in enumerate(pairs):
        if one != other:
            return names[index] if index < len(names) else "patch"
    return "patch" if old != new else "other"


def _padded(parts: tuple[int, ...], width: int) -> tuple[int, ...]:
    return parts + (0,) * (width - len(parts))


def may_break(ecosystem: Ecosystem, before: str, after: str) -> bool:
    """Whether the ecosystem lets this step break its users."""
    moved = step(ecosystem, before, after)
    if moved == "major":
        return True
    old = version_key(ecosystem, before)
    if old is None or old[0][0] != 0 or ecosystem not in _SEMANTIC_ZERO:
        return False
    return moved == "minor" or (ecosystem in ("npm", "cargo") and old[0][:2] in ((0,), (0, 0)))


def highest(ecosystem: Ecosystem, texts: list[str]) -> str:
    """The highest of these versions; what is no version counts as the lowest."""
    return max(texts, key=lambda text: (version_key(ecosystem, text) or ((-1,), ()), text))
