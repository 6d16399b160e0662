"""The call-site ledger: each changed contract with what is known of every use of it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.review import CallSite, Fact, LedgerEntry
from workers.repository.checks import Contracts
from workers.repository.graph import ChangedSymbol, Site
from workers.repository.snapshot import Snapshot
from workers.repository.test_paths import is_test_path

CONSTRUCTORS = ("__init__", "constructor", "initialize", "__construct")
"""Named at a call by their class."""
VALUES = ("variable", "constant", "field")
CONTRACTS = ("removed", "renamed", "signature")


def called_by_no_name(symbol: ChangedSymbol) -> bool:
    """Test functions, which a runner calls, and methods that syntax calls."""
    simple = symbol.name.rpartition(".")[2]
    if simple.startswith("__") and simple.endswith("__"):
        return simple not in CONSTRUCTORS
    return is_test_path(symbol.path) and simple.lower().startswith("test")


def ledger_of(
    after: Snapshot, changed: list[ChangedSymbol], contracts: Contracts
) -> Iterator[LedgerEntry]:
    """One entry a changed contract: what the checks judged, and the rest as not inspected."""
    listed: set[tuple[str, str]] = set()
    for symbol in changed:
        named = symbol.before or symbol.after
        if symbol.change not in CONTRACTS or named is None:
            continue
        judged = contracts.judged.get((named.path, named.name), {})
        if symbol.kind in VALUES and not judged:
            continue
        listed.add((named.path, named.name))
        sites = {**_unjudged(after, symbol, contracts), **judged}
        if sites or symbol.possible:
            ordered = tuple(sites[place] for place in sorted(sites))
            yield LedgerEntry(symbol.name, symbol.change, ordered, symbol.possible)
    for (path, name), judged in sorted(contracts.judged.items()):
        if (path, name) not in listed and judged:
            ordered = tuple(judged[place] for place in sorted(judged))
            yield LedgerEntry(name or path, "removed", ordered)


def _unjudged(
    after: Snapshot, symbol: ChangedSymbol, contracts: Contracts
) -> dict[tuple[str, int], CallSite]:
    """The resolved uses that no check decided, unless the whole module's removal decides them."""
    module = contracts.judged.get((symbol.before.path, ""), {}) if symbol.before else {}
    sites: dict[tuple[str, int], CallSite] = {}
    for site in symbol.sites:
        if site.depth == 2 or site.tier == "T3" or _only_imports(after, symbol, site):
            continue
        place = (site.path, site.line)
        why = contracts.why_not(symbol.path)
        unknown = CallSite(site.path, site.line, site.tier, "not_inspected", why)
        sites[place] = module.get(place, unknown)
    return sites


def _only_imports(after: Snapshot, symbol: ChangedSymbol, site: Site) -> bool:
    """An import line relies on the name, not on the signature."""
    imports = after.outline(site.path).imports
    return symbol.change == "signature" and any(entry.line == site.line for entry in imports)


def facts_about(changed: list[ChangedSymbol]) -> Iterator[Fact]:
    """One line a changed contract, for a model."""
    for symbol in changed:
        if symbol.change not in CONTRACTS or called_by_no_name(symbol):
            continue
        near = [site for site in symbol.sites if site.depth == 1]
        files = len({site.path for site in near})
        uses = (
            f"{_said(symbol)}: {len(near)} resolved uses in {files} files, "
            f"{symbol.possible} more lines match by name only"
        )
        yield Fact("contract", uses, symbol.path)


def _said(symbol: ChangedSymbol) -> str:
    if symbol.change == "renamed" and symbol.before:
        return f"{symbol.before.name} ({symbol.path}) was renamed to {symbol.name}"
    if symbol.change == "removed":
        return f"{symbol.kind} {symbol.name} ({symbol.path}) was removed"
    before = " ".join(symbol.before.signature.split()) if symbol.before else ""
    after = " ".join(symbol.after.signature.split()) if symbol.after else ""
    return f"{symbol.name} ({symbol.path}): `{before}` became `{after}`"
