"""One piece of context, and what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fragment:
    """One piece of context. `about` names the changed files that it belongs to; empty: all.

    `place`: the file and the lines of the head that it shows, where they are one stretch. `said`:
    what documents the definitions in it, where their code does not show that; told last of all.
    """

    title: str
    text: str
    about: frozenset[str]
    test: bool = False
    place: tuple[str, range] | None = None
    said: str = ""

    def rendered(self) -> str:
        """The fragment as the model reads it."""
        return "\n".join(filter(None, (f"-- {self.title}", self.said, self.text)))


def also_shown(
    shown: Mapping[str, frozenset[int]], more: Iterable[Fragment]
) -> dict[str, frozenset[int]]:
    """The lines that are shown, by path, with those of these fragments."""
    lines = dict(shown)
    for fragment in more:
        if fragment.place is not None:
            path, stretch = fragment.place
            lines[path] = lines.get(path, frozenset()).union(stretch)
    return lines
