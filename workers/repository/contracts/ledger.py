"""The call-site ledger: each changed contract with what is known of every use of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.plural import plural
from bot.domain.review import CallSite, Fact, LedgerEntry, Tier
from workers.repository.checks import Contracts
from workers.repository.contracts.aspects import beyond_documentation
from workers.repository.contracts.changed_symbols import HEADING
from workers.repository.contracts.contract import Call
from workers.repository.contracts.site_verdicts import Verdict, settled_by_check, verdict
from workers.repository.contracts.wording import said
from workers.repository.graph import ChangedSymbol, Definition, Site
from workers.repository.outline import VALUES
from workers.repository.references.finding import CONSTRUCTORS, is_constructor
from workers.repository.snapshot import Snapshot
from workers.repository.test_paths import is_test_path

_MOST_MOVED = 3
_UNPARSED = "its file could not be parsed, the line was found by the name"


def called_by_no_name(symbol: ChangedSymbol) -> bool:
    """Test functions, which a runner calls, and methods that syntax calls."""
    simple = symbol.name.rpartition(".")[2]
    if simple.startswith("__") and simple.endswith("__"):
        return simple not in CONSTRUCTORS
    return is_test_path(symbol.path) and simple.lower().startswith("test")


def is_followed(symbol: ChangedSymbol) -> bool:
    """Whether the users of a changed definition are looked for."""
    if symbol.change in ("added", "documentation") or symbol.kind == HEADING:
        return False
    return not called_by_no_name(symbol)


def ledger_of(
    after: Snapshot, changed: list[ChangedSymbol], contracts: Contracts
) -> Iterator[LedgerEntry]:
    """One entry a changed contract: what plain code decided of each use, and the rest with why."""
    listed: set[tuple[str, str]] = set()
    calls = _calls(after, changed)
    for symbol in changed:
        named = symbol.before or symbol.after
        if named is None or symbol.change == "added" or symbol.kind == HEADING:
            continue
        judged = contracts.judged.of(named.path, named.name)
        if not judged and (not symbol.concerns_users or symbol.kind in VALUES):
            continue
        listed.add((named.path, named.name))
        sites = _sites(_Uses(after, calls, contracts), symbol, judged)
        possible = symbol.possible + symbol.unfollowed.all
        if sites or possible:
            ordered = tuple(sites[place] for place in sorted(sites))
            yield LedgerEntry(symbol.name, change_in_words(symbol), ordered, possible)
    for (path, name), change, judged in contracts.judged.contracts():
        if (path, name) not in listed:
            ordered = tuple(judged[place] for place in sorted(judged))
            yield LedgerEntry(name or path, change, ordered)


def change_in_words(symbol: ChangedSymbol) -> str:
    """`became async; may now return None`, `renamed from old`, `removed`."""
    aspects = "; ".join(said(symbol.aspects, symbol.language))
    if symbol.change == "renamed" and symbol.before is not None:
        return "; ".join(filter(None, (f"renamed from {symbol.before.name}", aspects)))
    return aspects if aspects and symbol.change != "removed" else symbol.change


@dataclass(frozen=True, slots=True)
class _Uses:
    """What the sites are judged by: their files, the calls on their lines, the checks' word."""

    after: Snapshot
    calls: Mapping[str, Sequence[Call]]
    contracts: Contracts


def _calls(after: Snapshot, changed: Sequence[ChangedSymbol]) -> dict[str, tuple[Call, ...]]:
    """The calls on the lines that use a changed contract, by file; each file is read once."""
    lines: dict[str, set[int]] = defaultdict(set)
    for symbol in changed:
        if symbol.contracts is not None and symbol.concerns_users:
            for site in symbol.sites:
                if site.depth == 1 and site.tier != "T3":
                    lines[site.path].add(site.line)
    return {path: after.calls(path, numbers) for path, numbers in lines.items()}


def _sites(
    uses: _Uses, symbol: ChangedSymbol, judged: dict[tuple[str, int], CallSite]
) -> dict[tuple[str, int], CallSite]:
    """Every resolved use: as a check judged it, else as plain code can tell, else not inspected."""
    module = uses.contracts.judged.of(symbol.before.path, "") if symbol.before else {}
    sites = {place: settled_by_check(symbol, site) for place, site in judged.items()}
    for site in symbol.sites:
        place = (site.path, site.line)
        if site.depth > 1 or site.tier == "T3" or place in sites:
            continue
        if place in module:
            sites[place] = module[place]
        elif not _is_another_matter(uses.after, symbol, site):
            calls = uses.calls.get(site.path, ())
            sites[place] = _call_site(site, verdict(symbol, site, calls))
    for site in symbol.unparsed:
        unread = CallSite(site.path, site.line, "T3", "not_inspected", _UNPARSED)
        sites.setdefault((site.path, site.line), unread)
    return sites


def _call_site(site: Site, found: Verdict) -> CallSite:
    tier: Tier = "T1" if site.tier == "T1" else "T2"
    return CallSite(site.path, site.line, tier, found.status, found.why)


def _is_another_matter(after: Snapshot, symbol: ChangedSymbol, site: Site) -> bool:
    """An import line relies on the name, not on the signature; a type, not on its constructor."""
    if symbol.change not in ("signature", "body"):
        return False
    if site.edge == "reads" and is_constructor(symbol.name):
        return True
    imports = after.outline(site.path).imports
    return site.edge == "imports" or any(entry.line == site.line for entry in imports)


def facts_about(changed: list[ChangedSymbol]) -> Iterator[Fact]:
    """One line a changed contract, for a model; what moved as a file in one line."""
    moved: dict[tuple[str, str, str], list[ChangedSymbol]] = {}
    told = {
        symbol.name
        for symbol in changed
        if symbol.kind not in VALUES and beyond_documentation(symbol.aspects)
    }
    for symbol in changed:
        if not symbol.concerns_users or called_by_no_name(symbol):
            continue
        if symbol.kind in VALUES and (not symbol.sites or symbol.name.rpartition(".")[0] in told):
            continue
        if symbol.change == "moved" and symbol.before is not None:
            moved.setdefault(_from_and_to(symbol.before, symbol), []).append(symbol)
        else:
            yield _fact(symbol)
    for (where, old, new), symbols in moved.items():
        if len(symbols) <= _MOST_MOVED:
            yield from map(_fact, symbols)
        else:
            text = f"{len(symbols)} definitions moved from {old} to {new}{where}"
            yield Fact("contract", f"{text}: {_relied_on(symbols)}", symbols[0].path)


def _fact(symbol: ChangedSymbol) -> Fact:
    return Fact("contract", f"{_subject(symbol)}: {_relied_on([symbol])}", symbol.path)


def _from_and_to(before: Definition, symbol: ChangedSymbol) -> tuple[str, str, str]:
    """Between two files, or between two definitions of one file; paths stand in parentheses."""
    if before.path != symbol.path:
        return "", f"({before.path})", f"({symbol.path})"
    old, new = (name.rpartition(".")[0] or "the top" for name in (before.name, symbol.name))
    return f" ({symbol.path})", old, new


def _relied_on(symbols: list[ChangedSymbol]) -> str:
    near = [site for symbol in symbols for site in symbol.sites if site.depth == 1]
    adapted = {(site.path, site.line) for site in near if site.adapted}
    places = {(site.path, site.line) for site in near}
    files = len({path for path, _ in places})
    possible = sum(symbol.possible for symbol in symbols)
    new = f" ({len(adapted)} by its new place or name)" if adapted else ""
    found = f"{plural(len(places), 'resolved use')} in {plural(files, 'file')}{new}"
    found += f", {plural(possible, 'more line')} by name only" if possible else ""
    return "; ".join((found, *_not_looked_at(symbols)))


def _not_looked_at(symbols: list[ChangedSymbol]) -> Iterator[str]:
    """What the count of uses leaves out, so that none is taken for none."""
    unread = sum(symbol.unfollowed.all for symbol in symbols)
    unparsed = len({site.path for symbol in symbols for site in symbol.unparsed})
    if unread:
        yield f"not followed: {plural(unread, 'more file')} with the name"
    if unparsed:
        yield f"not parsed: {plural(unparsed, 'file')} with the name"
    if any(symbol.unfollowed.unasked for symbol in symbols):
        yield "who uses it was not looked for"


def _subject(symbol: ChangedSymbol) -> str:
    """The definition, where it stands, and what became of it."""
    before = symbol.before
    aspects = "; ".join(said(symbol.aspects, symbol.language))
    name = f"{symbol.kind} {symbol.name} ({symbol.path})"
    if symbol.change == "renamed" and before is not None:
        also = f"; {aspects}" if aspects else ""
        return f"{before.name} ({symbol.path}) was renamed to {symbol.name}{also}"
    if symbol.change == "removed":
        return f"{name} was removed"
    if symbol.change == "moved" and before is not None:
        return f"{name}, before {before.name} ({before.path}): {aspects}"
    return f"{name}: {aspects}"
