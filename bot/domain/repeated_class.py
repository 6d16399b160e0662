"""The same kind of defect, found right again and again: worth a guideline or a lint rule. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.domain.finding import Category

ENOUGH = 3
"""Pull requests with a confirmed finding of one kind. Once is chance and twice a coincidence; a
guideline that is written for less is one more thing to read in every prompt and by every person.
"""

_MOST_PULLS = 5
_NO_CLASS = frozenset({"", "other", "broken-promise"})
"""Kinds that say nothing of the code: no line could be written to avoid them."""


@dataclass(frozen=True, slots=True)
class DefectClass:
    """What findings of one class have in common, in one repository."""

    category: Category
    kind: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A finding of a model that was mended or thumbed up; `number` is its pull request's."""

    number: int
    path: str
    category: Category
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Make a guideline of it. `folder` is where all of them lie, "" the whole repository.

    `pulls` are the pull requests that had one, the newest last, with the title of one finding each.
    """

    category: Category
    kind: str
    folder: str
    pulls: tuple[int, ...]
    titles: tuple[str, ...]

    @property
    def about(self) -> DefectClass:
        """What is proposed once and never again."""
        return DefectClass(self.category, self.kind)


def repeated(
    confirmed: Iterable[Confirmed], proposed: Collection[DefectClass] = ()
) -> Proposal | None:
    """The class to propose next, the most frequent one first; None when there is none."""
    classes: defaultdict[DefectClass, list[Confirmed]] = defaultdict(list)
    for one in confirmed:
        about = DefectClass(one.category, one.kind)
        if one.kind not in _NO_CLASS and about not in proposed:
            classes[about].append(one)
    found = [made for about, ones in classes.items() if (made := _proposal(about, ones))]
    order = sorted(found, key=lambda one: (-len(one.pulls), one.category, one.kind))
    return order[0] if order else None


def _proposal(about: DefectClass, ones: Sequence[Confirmed]) -> Proposal | None:
    folder = _folder(ones)
    if folder is None:
        return None
    titles = {one.number: one.title for one in ones if _lies_in(one.path, folder)}
    pulls = tuple(sorted(titles))[-_MOST_PULLS:]
    return Proposal(
        about.category, about.kind, folder, pulls, tuple(titles[number] for number in pulls)
    )


def _folder(ones: Sequence[Confirmed]) -> str | None:
    """The deepest folder with enough of them, "" when only the whole repository has."""
    pulls: defaultdict[str, set[int]] = defaultdict(set)
    for one in ones:
        for folder in PurePosixPath(one.path).parents:
            pulls["" if str(folder) == "." else str(folder)].add(one.number)
    enough = [folder for folder, numbers in pulls.items() if len(numbers) >= ENOUGH]
    deepest = sorted(enough, key=lambda folder: (-_depth(folder), -len(pulls[folder]), folder))
    return deepest[0] if deepest else None


def _depth(folder: str) -> int:
    return len(PurePosixPath(folder).parts)


def _lies_in(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")
