"""Stretches of code worth reading: joined where they touch, less what the diff shows already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from bot.domain.identifiers import Sha
from workers.context.fragment import Fragment
from workers.context.sources import Sources
from workers.repository.graph import Definition

TEST_RANK = 5
"""Tests are read last."""
_JOIN_WITHIN = 3
_MOST_SAID = 4


@dataclass(frozen=True, slots=True)
class Window:
    """Lines worth reading, why, and how early (rank 0 first)."""

    commit: Sha
    path: str
    start: int
    end: int
    rank: int
    why: tuple[str, ...]
    about: frozenset[str]
    defines: tuple[Definition, ...] = ()


def fragments_of(
    windows: Iterable[Window], sources: Sources, head: Sha, shown: Mapping[str, frozenset[int]]
) -> list[tuple[int, Fragment]]:
    """What is seen through them that the diff view does not print: (rank, fragment), in order.

    `shown`: the head's lines that the diff view prints already, by path.
    """
    fresh = [w for w in windows if not _is_shown(w, shown.get(w.path, frozenset()), head, sources)]
    ordered = sorted(_joined(fresh), key=lambda window: (window.rank, window.path, window.start))
    trimmed = [_trimmed(window, shown, head) for window in ordered]
    return [
        (window.rank, replace(seen, said=_said(window, sources, shown, head)))
        for window in trimmed
        if (seen := _fragment(window, sources, head)).text
    ]


def _joined(windows: Iterable[Window]) -> Iterator[Window]:
    """Windows of one file that touch or overlap become one."""
    ordered = sorted(windows, key=lambda w: (w.commit, w.path, w.start))
    for _, group in groupby(ordered, key=lambda w: (w.commit, w.path)):
        current: Window | None = None
        for window in group:
            if current is None:
                current = window
            elif window.start <= current.end + _JOIN_WITHIN:
                current = _both(current, window)
            else:
                yield current
                current = window
        if current is not None:
            yield current


def _both(one: Window, other: Window) -> Window:
    """An empty `about` belongs to every file, and so does what it is joined with."""
    everywhere = not one.about or not other.about
    return replace(
        one,
        end=max(one.end, other.end),
        rank=min(one.rank, other.rank),
        why=tuple(dict.fromkeys((*one.why, *other.why))),
        about=frozenset() if everywhere else one.about | other.about,
        defines=(*one.defines, *other.defines),
    )


def _trimmed(window: Window, shown: Mapping[str, frozenset[int]], head: Sha) -> Window:
    """Without the lines at its ends that the diff view prints, but for one to find the place by."""
    if window.commit != head:
        return window
    there = shown.get(window.path, frozenset())
    fresh = [line for line in range(window.start, window.end + 1) if line not in there]
    if not fresh:
        return window
    return replace(
        window, start=max(window.start, fresh[0] - 1), end=min(window.end, fresh[-1] + 1)
    )


def _is_shown(window: Window, shown: frozenset[int], head: Sha, sources: Sources) -> bool:
    """Whether the diff view prints most of it already."""
    if window.commit != head or not shown:
        return False
    length = len(sources.lines(head, window.path) or ())
    lines = range(window.start, min(window.end, length) + 1)
    return sum(line in shown for line in lines) >= 0.6 * len(lines)


def _fragment(window: Window, sources: Sources, head: Sha) -> Fragment:
    reasons = "; ".join(window.why[:4]) + ("; ..." if len(window.why) > 4 else "")
    text = sources.excerpt(window.commit, window.path, window.start, window.end)
    title = f"{window.path}: {reasons}"
    lines = range(window.start, window.end + 1)
    place = (window.path, lines) if window.commit == head else None
    return Fragment(title, text, window.about, window.rank == TEST_RANK, place)


def _said(window: Window, sources: Sources, shown: Mapping[str, frozenset[int]], head: Sha) -> str:
    """The first sentence of what documents its definitions, where nothing shows that already."""
    lines = sources.lines(window.commit, window.path) or ()
    there = shown.get(window.path, frozenset()) if window.commit == head else frozenset()
    rows = [
        f"{definition.name} is documented: {sentence}"
        for definition in window.defines
        if (place := definition.documentation) is not None
        and not (window.start <= place.line <= window.end or place.line in there)
        and (sentence := place.sentence(lines))
    ]
    return "\n".join(rows[:_MOST_SAID])
