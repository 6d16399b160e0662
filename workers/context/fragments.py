"""Titled, sourced pieces of code around the change, in the order of what a reviewer needs first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.diff import FileChange
from bot.domain.identifiers import Sha
from workers.context.sources import Sources
from workers.repository.knowledge import ChangedSymbol, Definition, Knowledge, Site

_DEFINITION_LINES = 60
_AROUND_SITE = 8
_AROUND_TEST = 5


@dataclass(frozen=True, slots=True)
class Fragment:
    """One piece of context. `about` names the changed files that it belongs to."""

    title: str
    text: str
    about: frozenset[str]

    def rendered(self) -> str:
        """The fragment as the model reads it."""
        return f"-- {self.title}\n{self.text}"


def fragments(knowledge: Knowledge, sources: Sources, head: Sha) -> list[Fragment]:
    """Callers of changed contracts, definitions in use, tests, then callers of callers."""
    changed = [symbol for symbol in knowledge.changed if symbol.change != "added"]
    ranked = [
        *_sites(changed, sources, head, depth=1),
        *(_used(definition, sources) for definition in knowledge.used),
        *_tests(knowledge, sources, head),
        *_sites(changed, sources, head, depth=2),
    ]
    return _distinct(fragment for fragment in ranked if fragment.text)


def _distinct(ranked: Iterable[Fragment]) -> list[Fragment]:
    seen: set[str] = set()
    kept: list[Fragment] = []
    for fragment in ranked:
        if fragment.text not in seen:
            seen.add(fragment.text)
            kept.append(fragment)
    return kept


def _sites(
    changed: Iterable[ChangedSymbol], sources: Sources, head: Sha, depth: int
) -> Iterator[Fragment]:
    for symbol in changed:
        for site in symbol.sites:
            if site.depth == depth and not site.is_test and site.tier != "T3":
                yield _site(symbol, site, sources, head, _AROUND_SITE)


def _site(symbol: ChangedSymbol, site: Site, sources: Sources, head: Sha, around: int) -> Fragment:
    how = "relies on" if site.depth == 1 else "reaches"
    inside = f" in {site.inside}" if site.inside else ""
    title = f"{site.path}:{site.line}{inside} {how} {symbol.name} ({symbol.change}, {site.tier})"
    text = sources.excerpt(head, site.path, site.line - around, site.line + around)
    return Fragment(title, text, frozenset({symbol.path}))


def _used(definition: Definition, sources: Sources) -> Fragment:
    end = min(definition.end_line, definition.line + _DEFINITION_LINES - 1)
    title = f"{definition.path}:{definition.line} {definition.kind} {definition.name}, used here"
    text = sources.excerpt(definition.commit, definition.path, definition.line, end)
    return Fragment(title, text, frozenset())


def _tests(knowledge: Knowledge, sources: Sources, head: Sha) -> Iterator[Fragment]:
    for site in knowledge.tests:
        title = f"{site.path}:{site.line} a test that touches the change"
        text = sources.excerpt(head, site.path, site.line - _AROUND_TEST, site.line + _AROUND_TEST)
        yield Fragment(title, text, frozenset())


def unfolded(change: FileChange, knowledge: Knowledge) -> list[tuple[int, int]]:
    """Ranges of head lines worth showing around the hunks: the definitions that enclose them."""
    return [
        (symbol.after.line, min(symbol.after.end_line, symbol.after.line + 2 * _DEFINITION_LINES))
        for symbol in knowledge.changed
        if symbol.path == change.path and symbol.after is not None and symbol.kind != "class"
    ]
