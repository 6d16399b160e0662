"""Titled, sourced pieces of code around the change, in the order of what a reviewer needs first.

Windows of one file that touch are one fragment, and what the diff shows already is not repeated:
models get worse with more context, so nothing is said twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bot.domain.diff import FileChange
from bot.domain.identifiers import Sha
from workers.context.sources import Sources
from workers.repository.knowledge import ChangedSymbol, Definition, Knowledge, Site
from workers.repository.test_paths import is_test_path

_DEFINITION_LINES = 60
_LEAST_WHOLE, _MOST_WHOLE, _WHOLE_IN_ALL = 80, 300, 900
"""Changed definitions of up to so many lines are shown whole: the fewer there are, the longer."""
_LISTS = ("struct", "interface", "enum", "trait", "type", "object", "module", "namespace")
"""Kinds of which one member tells little about another."""
_SHORT_LIST = 25
_HEADER_LINES = 3
_AROUND_CHANGE = 20
_AROUND_MEMBER = 5
_AROUND_SITE = 8
_BEFORE_TEST, _AFTER_TEST = 3, 9
"""What a test asserts stands behind the call."""
_JOIN_WITHIN = 3
_MOST_CALLERS = 6
_MOST_CALLERS_OF_A_BODY = 3
"""Of one symbol at one depth, shown with their code: more of the same teach nothing new, least of
all where only a body changed, and its callers are what they were."""
_SHOWS = re.compile(r"(^|/)(examples?|_examples?|samples?|demos?|docs?|benchmarks?)/")
"""Folders of code that shows how something is used; nobody runs it in earnest."""
_MOST_NAMED = 30
_MOST_SAID = 4
_BECAME = {
    "added": "new",
    "removed": "removed",
    "renamed": "renamed",
    "moved": "moved",
    "signature": "its contract changed",
    "body": "changed inside",
    "documentation": "only its documentation changed",
}
"""What became of a definition, in words that need no key."""
_BODY_RANK = 3
"""Callers of what kept its contract: their code is as right as it was."""
_TEST_RANK = 5
_MOST_TESTS = 10
_MOST_TESTS_OF_A_FILE = 3


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


@dataclass(frozen=True, slots=True)
class _Window:
    """Lines worth reading, why, and how early (rank 0 first)."""

    commit: Sha
    path: str
    start: int
    end: int
    rank: int
    why: tuple[str, ...]
    about: frozenset[str]
    defines: tuple[Definition, ...] = ()


def fragments(
    knowledge: Knowledge, sources: Sources, head: Sha, shown: Mapping[str, frozenset[int]]
) -> tuple[list[Fragment], list[Fragment]]:
    """(definitions in use, callers of changed contracts, their callers), and (the rest).

    The rest is callers of what changed only inside, and tests.

    `shown`: the head's lines that the diff view prints already, by path.
    """
    wanted = [*_callers(knowledge, head), *_used(knowledge), *_tests(knowledge, head)]
    fresh = [w for w in wanted if not _is_shown(w, shown.get(w.path, frozenset()), head, sources)]
    joined = sorted(_joined(fresh), key=lambda window: (window.rank, window.path, window.start))
    trimmed = [_trimmed(window, shown, head) for window in joined]
    made = [
        (replace(one, said=_said(window, sources, shown, head)), window)
        for window in trimmed
        if (one := _fragment(window, sources, head)).text
    ]
    more = list(_more_callers(knowledge))
    near = [one for one, window in made if window.rank < _BODY_RANK]
    far = [one for one, window in made if _BODY_RANK <= window.rank < _TEST_RANK]
    tests = [one for one, window in made if window.rank == _TEST_RANK]
    return near, [*far, *more, *tests]


def traced_names(knowledge: Knowledge) -> frozenset[str]:
    """Bare names of which the definition or the users are shown as such."""
    names = [symbol.name for symbol in knowledge.changed if symbol.sites]
    names += [one.name for one in (*knowledge.used, *knowledge.used_by_tests)]
    return frozenset(name.rpartition(".")[2] for name in names)


def unfolded(change: FileChange, knowledge: Knowledge) -> list[tuple[int, int]]:
    """Ranges of head lines worth showing around the hunks: the definitions that enclose them.

    Of a long one, or one that only lists members: its header and what is near the changed lines.
    """
    touched = sorted(change.changed_lines("RIGHT"))
    whole = _whole_lines(change.path, knowledge)
    return [
        span
        for symbol in knowledge.changed
        if symbol.path == change.path and symbol.after is not None and symbol.kind != "class"
        for span in _unfolded(symbol.kind, symbol.after, touched, whole)
    ]


def _whole_lines(path: str, knowledge: Knowledge) -> int:
    """So long a changed definition of this file may be, to be shown whole; those of tests less."""
    if is_test_path(path):
        return _LEAST_WHOLE
    many = sum(s.after is not None and not is_test_path(s.path) for s in knowledge.changed)
    return max(_LEAST_WHOLE, min(_MOST_WHOLE, _WHOLE_IN_ALL // max(many, 1)))


def _unfolded(
    kind: str, at: Definition, touched: Sequence[int], whole: int
) -> Iterator[tuple[int, int]]:
    lists = kind in _LISTS
    if at.end_line - at.line < (_SHORT_LIST if lists else whole):
        yield at.line, at.end_line
        return
    yield at.line, at.line + _HEADER_LINES
    around = _AROUND_MEMBER if lists else _AROUND_CHANGE
    for line in touched:
        if at.line <= line <= at.end_line:
            yield max(line - around, at.line), min(line + around, at.end_line)


def _callers(knowledge: Knowledge, head: Sha) -> Iterator[_Window]:
    for symbol in knowledge.changed:
        for depth in (1, 2):
            for site in _spread(_worth_showing(symbol, depth))[: _most_callers(symbol)]:
                rank = depth if symbol.concerns_users else depth - 1 + _BODY_RANK
                yield _around(site, head, rank, _relation(symbol, site), symbol.path)


def _most_callers(symbol: ChangedSymbol) -> int:
    return _MOST_CALLERS if symbol.concerns_users else _MOST_CALLERS_OF_A_BODY


def _worth_showing(symbol: ChangedSymbol, depth: int) -> list[Site]:
    if symbol.change == "added":
        return []
    return [
        site
        for site in symbol.sites
        if site.depth == depth
        and site.tier != "T3"
        and not site.is_test
        and not _imports_only(site, symbol.sites)
    ]


def _spread(sites: Sequence[Site]) -> list[Site]:
    """One site of each file first: different files rely on a contract in different ways.

    Examples come last.
    """
    turn: dict[str, int] = {}
    order: list[tuple[int, int, Site]] = []
    for number, site in enumerate(sites):
        turn[site.path] = turn.get(site.path, 0) + 1
        order.append((turn[site.path], number, site))
    order.sort(key=lambda entry: (_SHOWS.search(entry[2].path) is not None, *entry[:2]))
    return [site for _, _, site in order]


def _more_callers(knowledge: Knowledge) -> Iterator[Fragment]:
    """By place only: what relies on a symbol beyond the sites that are shown."""
    for symbol in knowledge.changed:
        rest = _spread(_worth_showing(symbol, depth=1))[_most_callers(symbol) :]
        if rest:
            named = ", ".join(f"{site.path}:{site.line}" for site in rest[:_MOST_NAMED])
            more = f" and {len(rest) - _MOST_NAMED} more" if len(rest) > _MOST_NAMED else ""
            title = f"{len(rest)} more places rely on {symbol.name}, not shown"
            yield Fragment(title, f"{named}{more}", frozenset({symbol.path}))


def _imports_only(site: Site, sites: Iterable[Site]) -> bool:
    """A line outside every definition, where the same file uses the name inside one."""
    return not site.inside and any(o.path == site.path and o.inside for o in sites)


def _relation(symbol: ChangedSymbol, site: Site) -> str:
    likely = "" if site.tier == "T1" else "probably "
    how = "relies on" if site.depth == 1 else "reaches"
    inside = f" in {site.inside}" if site.inside else ""
    return f"line {site.line}{inside} {likely}{how} {symbol.name} ({_BECAME[symbol.change]})"


def _around(site: Site, head: Sha, rank: int, why: str, about: str) -> _Window:
    start, end = max(site.line - _AROUND_SITE, 1), site.line + _AROUND_SITE
    commit = site.commit or head  # a caller that stands only at the base tip is read there
    return _Window(commit, site.path, start, end, rank, (why,), frozenset({about}))


def _used(knowledge: Knowledge) -> Iterator[_Window]:
    """Definitions in full; of tests, and what only tests use, last."""
    for definition in knowledge.used:
        rank = _TEST_RANK if is_test_path(definition.path) else 0
        yield _definition(definition, rank, "used by the change")
    for definition in knowledge.used_by_tests:
        yield _definition(definition, _TEST_RANK, "used by its tests")


def _definition(of: Definition, rank: int, how: str) -> _Window:
    end, why = min(of.end_line, of.line + _DEFINITION_LINES - 1), f"{of.kind} {of.name}, {how}"
    return _Window(of.commit, of.path, of.line, end, rank, (why,), frozenset(), (of,))


def _tests(knowledge: Knowledge, head: Sha) -> Iterator[_Window]:
    telling = [site for site in knowledge.tests if not _imports_only(site, knowledge.tests)]
    in_file: Counter[str] = Counter()
    for site in _spread(telling)[:_MOST_TESTS]:
        in_file[site.path] += 1
        if in_file[site.path] <= _MOST_TESTS_OF_A_FILE:
            why = f"line {site.line}: a test that touches the change"
            start, end = max(site.line - _BEFORE_TEST, 1), site.line + _AFTER_TEST
            commit = site.commit or head
            yield _Window(commit, site.path, start, end, _TEST_RANK, (why,), frozenset())


def _is_shown(window: _Window, shown: frozenset[int], head: Sha, sources: Sources) -> bool:
    """Whether the diff view prints most of it already."""
    if window.commit != head or not shown:
        return False
    length = len(sources.lines(head, window.path) or ())
    lines = range(window.start, min(window.end, length) + 1)
    return sum(line in shown for line in lines) >= 0.6 * len(lines)


def _joined(windows: Iterable[_Window]) -> Iterator[_Window]:
    """Windows of one file that touch or overlap become one."""
    ordered = sorted(windows, key=lambda w: (w.commit, w.path, w.start))
    for _, group in groupby(ordered, key=lambda w: (w.commit, w.path)):
        current: _Window | None = None
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


def _both(one: _Window, other: _Window) -> _Window:
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


def _trimmed(window: _Window, shown: Mapping[str, frozenset[int]], head: Sha) -> _Window:
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


def _fragment(window: _Window, sources: Sources, head: Sha) -> Fragment:
    reasons = "; ".join(window.why[:4]) + ("; ..." if len(window.why) > 4 else "")
    text = sources.excerpt(window.commit, window.path, window.start, window.end)
    title = f"{window.path}: {reasons}"
    lines = range(window.start, window.end + 1)
    place = (window.path, lines) if window.commit == head else None
    return Fragment(title, text, window.about, window.rank == _TEST_RANK, place)


def _said(window: _Window, sources: Sources, shown: Mapping[str, frozenset[int]], head: Sha) -> str:
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
