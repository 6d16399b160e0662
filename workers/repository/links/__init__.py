"""Edges that are not calls: strings that a change touches and that stand in other files too.

A string match is evidence of little: it is "possible" (T3), and T2 at best. So links are few,
ranked and capped, each with the count of what was cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bot.domain.diff import ChangeSet
from workers.repository.file_kinds import CATALOGUES, kind_of_path
from workers.repository.graph import ChangedSymbol
from workers.repository.links import routes, settings, tables, templates
from workers.repository.links.keys import keys_of
from workers.repository.links.link import (
    LONGEST_LINE,
    Key,
    Link,
    Place,
    Role,
    changed_lines,
    strings_in,
)
from workers.repository.outlines import language_of
from workers.repository.snapshot import Hit, Snapshot

__all__ = ["Key", "Link", "Place", "find_links", "worth_telling"]

MOST_KEYS = 60
MOST_LINKS = 20
MOST_PLACES = 6
MOST_TOLD = 8
COMMON = 60
"""A key on more lines than this is a word of the language of this code; it ties nothing."""
_ROLES: tuple[Role, ...] = ("reads", "defines", "names", "tests", "documents")


def find_links(
    change: ChangeSet,
    changed: Sequence[ChangedSymbol],
    before: Snapshot,
    after: Snapshot,
    skip: Callable[[str], bool],
) -> tuple[list[Link], list[str]]:
    """(the links of a change, the most telling first; notes on what was cut)."""
    keys = keys_of(change, changed, after, skip)
    notes = []
    if len(keys) > MOST_KEYS:
        notes.append(
            f"strings that tie files: {len(keys) - MOST_KEYS} of {len(keys)} not looked up"
        )
        keys = keys[:MOST_KEYS]
    hits = [hit for hit in _hits(keys, after) if not skip(hit[0])]
    added = (line for file in change.files for line in changed_lines(file) if line.added)
    known = {(line.path, line.line) for line in added}
    known |= {(site.path, site.line) for symbol in changed for site in symbol.sites}
    links = list(_links(keys, hits, known, before, after))
    ranked = sorted(links, key=_rank)
    if len(ranked) > MOST_LINKS:
        notes.append(f"strings that tie files: the first {MOST_LINKS} of {len(ranked)} are given")
    return ranked[:MOST_LINKS], notes


def worth_telling(links: Sequence[Link]) -> list[Link]:
    """Those that a model should be told of without asking: what is gone, or long and specific."""
    return [link for link in links if _tells(link)][:MOST_TOLD]


def _tells(link: Link) -> bool:
    """Something is gone, does not fit, or is tied by a long key; one more reader is no news."""
    if all(place.role in ("tests", "documents") for place in link.places):
        return False
    if link.key.change == "removed" or link.detail:
        return True
    return link.tier == "T2" and (link.key.kind, link.key.change) != ("setting", "added")


def _hits(keys: Sequence[Key], after: Snapshot) -> Iterator[Hit]:
    """Plain words apart from the others: an index answers for those at once."""
    plain = {key.word for key in keys if re.fullmatch(r"\w+", key.word)}
    yield from after.grep(plain)
    yield from after.grep({key.word for key in keys} - plain)


def _links(
    keys: Sequence[Key],
    hits: Sequence[Hit],
    known: set[tuple[str, int]],
    before: Snapshot,
    after: Snapshot,
) -> Iterator[Link]:
    """A line that holds the longer name of a template counts for no shorter one."""
    taken: set[tuple[str, str, int]] = set()
    for key in keys:
        places = [
            place
            for place in _places(key, hits)
            if (place.path, place.line) not in known
            and (key.change == "removed" or (place.path, place.line) != (key.path, key.line))
            and (key.path, place.path, place.line) not in taken
        ]
        if not places or len(places) > COMMON:
            continue
        if key.kind == "template":
            taken |= {(key.path, place.path, place.line) for place in places}
        places.sort(key=lambda place: (_ROLES.index(place.role), place.path == key.path))
        detail = _unfit_template(key, places, before, after) if key.kind == "template" else ""
        shown = tuple(places[:MOST_PLACES])
        yield Link(key, "T2" if key.specific else "T3", shown, len(places) - len(shown), detail)


def _places(key: Key, hits: Sequence[Hit]) -> Iterator[Place]:
    after = r"(?![\w/-]|\.\w)" if key.kind == "template" else r"(?!\w)"
    word = re.compile(rf"(?<!\w){re.escape(key.word)}{after}")
    for path, line, text in hits:
        if word.search(text[:LONGEST_LINE]):
            role = _role(key, path, text[:LONGEST_LINE])
            if role is not None:
                yield Place(path, line, text.strip(), role)


def _role(key: Key, path: str, text: str) -> Role | None:
    """What a place does with the key; None where the match means something else."""
    kind = kind_of_path(path)
    if kind in ("lock", "generated", "vendored") or path.endswith(CATALOGUES):
        return None
    role: Role | None = "names"
    match key.kind:
        case "setting":
            role = settings.setting_role(path, text, key.word)
        case "route":
            role = routes.route_role(path, text, key.word)
        case "table":
            role = "names" if key.specific or tables.names_table(text, key.word) else None
        case "name":  # outside of strings it is an import or a use, which the tracer resolves
            quoted = any(key.word in known for known in strings_in(path, text))
            role = "names" if quoted or language_of(path) is None else None
        case "column" | "template":
            role = "names"
    if kind == "documentation":
        return "documents"
    return "tests" if role is not None and kind == "test" else role


def _unfit_template(key: Key, places: Sequence[Place], before: Snapshot, after: Snapshot) -> str:
    """Variables that the change makes a template name, and that no code that names it holds.

    A template that others include gets its variables from them, so nothing is said of it.
    """
    callers = {place.path for place in places if place.role == "names"}
    if key.change == "removed" or not callers or any(map(templates.is_template, callers)):
        return ""
    known = set(templates.variables_in(before.lines(key.path)))
    texts = [after.text(path) or "" for path in sorted(callers)[:MOST_PLACES]]
    missing = [
        f"`{name}`"
        for name in dict.fromkeys(templates.variables_in(after.lines(key.path)))
        if name not in known and not any(re.search(rf"\b{name}\b", text) for text in texts)
    ]
    return f"no code that renders it names {', '.join(missing[:5])}" if missing else ""


def _rank(link: Link) -> tuple[bool, bool, bool, bool, str, str]:
    return (
        link.key.change != "removed",
        not link.detail,
        link.tier != "T2",
        all(place.role in ("tests", "documents") for place in link.places),
        link.key.kind,
        link.key.word,
    )
