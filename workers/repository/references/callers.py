"""The callers of definitions, their callers too, to any depth that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from workers.repository.graph import Site
from workers.repository.outlines import language_of
from workers.repository.references.constructing import may_construct
from workers.repository.references.finding import Found, Target, find_references, is_constructor
from workers.repository.references.scopes import is_type
from workers.repository.references.tracing import Tracer

FILES_AT_DEPTH = (60, 40)
"""Files examined for direct uses, and at each depth beyond."""
NAMES_PER_LEVEL = 40
DEPTH_CAP = 8


def find_callers(
    tracer: Tracer,
    targets: Sequence[Target],
    skip: Callable[[str], bool],
    depth: int = 2,
    late: Callable[[str], bool] = lambda _: False,
) -> Found:
    """Sites of the targets and of their callers, theirs too, to this depth (at most eight).

    A deeper level is reached only over resolved calls outside tests. `late(what)` is asked before
    each level; true stops there.
    """
    found = find_references(tracer, targets, skip, FILES_AT_DEPTH[0])
    reached = {target: {target} for target in targets}
    level = dict(found.sites)
    for deeper in range(2, min(depth, DEPTH_CAP) + 1):
        origins = _callers(tracer, level, reached)
        if not origins or late(f"callers at depth {deeper}"):
            break
        asked = list(origins)[:NAMES_PER_LEVEL]
        if len(origins) > len(asked):
            cut = f"{len(origins) - len(asked)} of {len(origins)} callers not followed"
            found.notes.append(f"callers at depth {deeper}: {cut}")
        beyond = find_references(tracer, asked, skip, FILES_AT_DEPTH[1], deeper)
        found.notes += beyond.notes
        level = {caller: _running(tracer, caller, beyond.sites[caller]) for caller in asked}
        reached.update({caller: origins[caller] for caller in asked})
        _place(found, level, reached)
    return found


def _callers(
    tracer: Tracer, level: Mapping[Target, list[Site]], reached: Mapping[Target, set[Target]]
) -> dict[Target, set[Target]]:
    """The definitions around these sites that were not asked about yet, with whom they lead to."""
    origins: dict[Target, set[Target]] = {}
    for target, sites in level.items():
        entry = tracer.snapshot.outline(target.path).find(target.name)
        edges = ("calls",) if is_type(entry) else ("calls", "reads")  # a type's name runs nothing
        for site in sites:
            follows = site.edge in edges and not site.is_test and site.commit is None
            if site.inside and follows:
                caller = target_at(site.path, named_by_callers(site.inside))
                if caller not in reached:
                    origins.setdefault(caller, set()).update(reached[target])
    return origins


def _running(tracer: Tracer, caller: Target, sites: list[Site]) -> list[Site]:
    """Of the uses of a type that is a caller by its constructor, those that may run that."""
    outline = tracer.snapshot.outline
    if not is_type(outline(caller.path).find(caller.name)):
        return sites
    return [site for site in sites if may_construct(site, caller.simple, outline(site.path))]


def target_at(path: str, name: str) -> Target:
    """A definition to look for, in the language of its path."""
    language = language_of(path)
    return Target(path, name, language.name if language is not None else "")


def named_by_callers(name: str) -> str:
    """A constructor is called by its type's name."""
    container = name.rpartition(".")[0]
    return container if container and is_constructor(name) else name


def _place(
    found: Found, level: Mapping[Target, list[Site]], reached: Mapping[Target, set[Target]]
) -> None:
    for caller, sites in level.items():
        reaching = [replace(site, via=(caller.path, caller.name)) for site in sites]
        for target in reached[caller]:
            taken = {(site.path, site.line) for site in found.sites[target]}
            fresh = (each for each in reaching if (each.path, each.line) not in taken)
            found.sites[target] += fresh
