"""`python -m evals references`: what is found of random definitions, and by a language server.

The server reads the working copy, we the commit that is checked out there.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evals.references.language_server import LanguageServer
from workers.repository.clones.local import open_local, resolve_range
from workers.repository.outline import OutlinedDefinition
from workers.repository.outlines import language_of
from workers.repository.references.finding import Target, find_references
from workers.repository.references.tracing import Tracer
from workers.repository.snapshot import Snapshot
from workers.repository.test_paths import is_test_path

_KINDS = ("function", "method", "class", "interface")
_FILES = 400
"""Files from which definitions are drawn."""
_FILES_READ = 2_000
_HEAD = """
| | symbols | uses | T1 right | T2 right | found |
|---|---|---|---|---|---|
"""


@dataclass(slots=True)
class Tally:
    """Lines of code over all definitions of one group."""

    symbols: int = 0
    truth: int = 0
    found: dict[str, int] = field(default_factory=lambda: {"T1": 0, "T2": 0})
    right: dict[str, int] = field(default_factory=lambda: {"T1": 0, "T2": 0})
    possible: int = 0

    def row(self, name: str) -> str:
        """One line of the table."""
        shares = [_share(self.right[tier], self.found[tier]) for tier in ("T1", "T2")]
        recall = _share(sum(self.right.values()), self.truth)
        return f"| {name} | {self.symbols} | {self.truth} | {' | '.join(shares)} | {recall} |"


def main(arguments: Sequence[str]) -> int:
    """Print each difference and the table. Exit status 2 for a repository that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m evals references", description=__doc__)
    parser.add_argument("--repo", type=Path, required=True, help="a clean working copy")
    parser.add_argument("--server", required=True, help='e.g. "pyright-langserver --stdio"')
    parser.add_argument("--suffix", default=".py", help="of the files to draw from")
    parser.add_argument("--symbols", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    _, head, _ = resolve_range(asked.repo, "HEAD..HEAD")
    with (
        open_local(asked.repo, head, head) as code,
        LanguageServer(asked.server, asked.repo) as lsp,
    ):
        snapshot = Snapshot(code, head)
        drawn = list(_drawn(snapshot, asked.suffix, asked.seed))[: asked.symbols]
        for path, entry in drawn:  # a server answers rightly once it has read the project
            _asked(snapshot, lsp, path, entry)
        tallies = {"top level": Tally(), "members": Tally()}
        for path, entry in drawn:
            tally = tallies["members" if entry.container else "top level"]
            _compare(snapshot, lsp, path, entry, tally)
    sys.stdout.write(_HEAD)
    sys.stdout.writelines(f"{tally.row(name)}\n" for name, tally in tallies.items())
    return 0


def _drawn(snapshot: Snapshot, suffix: str, seed: int) -> Iterator[tuple[str, OutlinedDefinition]]:
    """Definitions outside tests that others can name, in random order."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    files = [path for path in sorted(snapshot.paths) if path.endswith(suffix)]
    files = [path for path in files if not is_test_path(path)]
    chosen = chance.sample(files, min(len(files), _FILES))
    snapshot.prefetch(chosen)
    found = [(path, entry) for path in chosen for entry in snapshot.outline(path).definitions]
    named = [pair for pair in found if _can_be_named(snapshot, *pair)]
    chance.shuffle(named)
    yield from named


def _can_be_named(snapshot: Snapshot, path: str, entry: OutlinedDefinition) -> bool:
    outer = snapshot.outline(path).find(entry.container) if entry.container else None
    local = outer is not None and outer.kind in ("function", "method")
    special = entry.simple.startswith("__") or entry.simple in ("constructor", "default", "exports")
    return entry.kind in _KINDS and not local and not special


def _compare(
    snapshot: Snapshot, lsp: LanguageServer, path: str, entry: OutlinedDefinition, tally: Tally
) -> None:
    language = language_of(path)
    if language is None:
        return
    target = Target(path, entry.name, language.name)
    found = find_references(Tracer(snapshot), [target], lambda _: False, _FILES_READ)
    sites = {(site.path, site.line): site for site in found.sites[target]}
    heirs = {place for place, site in sites.items() if site.edge in ("overrides", "implements")}
    truth = {
        place
        for place in _asked(snapshot, lsp, path, entry)
        if place != (path, entry.name_line) and place not in heirs
        if place[0] in snapshot.paths and _is_code(snapshot, place, entry.simple)
    }
    tally.symbols += 1
    tally.truth += len(truth)
    tally.possible += found.possible[target]
    for place in sites.keys() - heirs:
        tally.found[sites[place].tier] += 1
        tally.right[sites[place].tier] += place in truth
    for sign, places in (("-", truth - sites.keys()), ("+", sites.keys() - heirs - truth)):
        for where, line in sorted(places):
            text = snapshot.lines(where)[line - 1].strip()
            sys.stdout.write(f"{sign} {entry.name} {where}:{line} {text[:100]}\n")


def _asked(
    snapshot: Snapshot, lsp: LanguageServer, path: str, entry: OutlinedDefinition
) -> set[tuple[str, int]]:
    column = snapshot.lines(path)[entry.name_line - 1].find(entry.simple)
    return lsp.references(path, entry.name_line, column) if column >= 0 else set()


def _is_code(snapshot: Snapshot, place: tuple[str, int], name: str) -> bool:
    """Whether the name is neither a mere word nor one more definition there. An alias is code."""
    path, line = place
    definitions = snapshot.outline(path).definitions
    if any((each.simple, each.name_line) == (name, line) for each in definitions):
        return False
    return name not in snapshot.lines(path)[line - 1] or bool(
        snapshot.parsed(path).uses({name}, [line])
    )


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.3f})" if whole else "none"
