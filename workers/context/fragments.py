"""Titled, sourced pieces of code around the change, in the order of what a reviewer needs first.

Models get worse with more context, so nothing is said twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.domain.identifiers import Sha
from workers.context.fragment import Fragment
from workers.context.sources import Sources
from workers.context.windows import TEST_RANK, Window, fragments_of
from workers.repository.graph import ChangedSymbol, Definition, Site
from workers.repository.knowledge import Knowledge
from workers.repository.test_paths import is_test_path

_DEFINITION_LINES = 60
_AROUND_SITE = 8
_BEFORE_TEST, _AFTER_TEST = 3, 9
"""What a test asserts stands behind the call."""
_MOST_CALLERS = 6
_MOST_CALLERS_OF_A_BODY = 3
"""Of one symbol at one depth, shown with their code: more of the same teach nothing new, least of
all where only a body changed, and its callers are what they were."""
_SHOWS = re.compile(r"(^|/)(examples?|_examples?|samples?|demos?|docs?|benchmarks?)/")
"""Folders of code that shows how something is used; nobody runs it in earnest."""
_MOST_NAMED = 30
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
_MOST_TESTS = 10
_MOST_TESTS_OF_A_FILE = 3


def fragments(
    knowledge: Knowledge, sources: Sources, head: Sha, shown: Mapping[str, frozenset[int]]
) -> tuple[list[Fragment], list[Fragment]]:
    """(definitions in use, callers of changed contracts, their callers), and (the rest).

    The rest is callers of what changed only inside, and tests.

    `shown`: the head's lines that the diff view prints already, by path.
    """
    wanted = [*_callers(knowledge, head), *_used(knowledge), *_tests(knowledge, head)]
    seen = fragments_of(wanted, sources, head, shown)
    more = list(_more_callers(knowledge))
    near = [fragment for rank, fragment in seen if rank < _BODY_RANK]
    far = [fragment for rank, fragment in seen if _BODY_RANK <= rank < TEST_RANK]
    tests = [fragment for rank, fragment in seen if rank == TEST_RANK]
    return near, [*far, *more, *tests]


def traced_names(knowledge: Knowledge) -> frozenset[str]:
    """Bare names of which the definition or the users are shown as such."""
    names = [symbol.name for symbol in knowledge.changed if symbol.sites]
    names += [one.name for one in (*knowledge.used, *knowledge.used_by_tests)]
    return frozenset(name.rpartition(".")[2] for name in names)


def _callers(knowledge: Knowledge, head: Sha) -> Iterator[Window]:
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


def _around(site: Site, head: Sha, rank: int, why: str, about: str) -> Window:
    start, end = max(site.line - _AROUND_SITE, 1), site.line + _AROUND_SITE
    commit = site.commit or head  # a caller that stands only at the base tip is read there
    return Window(commit, site.path, start, end, rank, (why,), frozenset({about}))


def _used(knowledge: Knowledge) -> Iterator[Window]:
    """Definitions in full; of tests, and what only tests use, last."""
    for definition in knowledge.used:
        rank = TEST_RANK if is_test_path(definition.path) else 0
        yield _definition(definition, rank, "used by the change")
    for definition in knowledge.used_by_tests:
        yield _definition(definition, TEST_RANK, "used by its tests")


def _definition(of: Definition, rank: int, how: str) -> Window:
    end, why = min(of.end_line, of.line + _DEFINITION_LINES - 1), f"{of.kind} {of.name}, {how}"
    return Window(of.commit, of.path, of.line, end, rank, (why,), frozenset(), (of,))


def _tests(knowledge: Knowledge, head: Sha) -> Iterator[Window]:
    telling = [site for site in knowledge.tests if not _imports_only(site, knowledge.tests)]
    in_file: Counter[str] = Counter()
    for site in _spread(telling)[:_MOST_TESTS]:
        in_file[site.path] += 1
        if in_file[site.path] <= _MOST_TESTS_OF_A_FILE:
            why = f"line {site.line}: a test that touches the change"
            start, end = max(site.line - _BEFORE_TEST, 1), site.line + _AFTER_TEST
            commit = site.commit or head
            yield Window(commit, site.path, start, end, TEST_RANK, (why,), frozenset())
