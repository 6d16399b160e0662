"""What a model reads of definitions, references and outlines: tiers shown, the surest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from workers.model.rendering import Line, numbered, shortened, shown_lines
from workers.repository.documentation import Documentation
from workers.repository.graph import Definition, Site
from workers.repository.outline import Outline, OutlinedDefinition
from workers.repository.references.lookup import FILES, TARGETS, Defined, References

MAX_DEFINITIONS = 6
WHOLE_DEFINITION = 60
"""Lines of the only definition; of several, each gets FIRST_LINES."""
FIRST_LINES = 14
MAX_SITES = 80
MAX_BY_NAME = 40
COMMON_NAME = 300

Lines = Callable[[str], Sequence[str]]
"""The lines of a file as they may be shown."""


def definitions_text(name: str, found: Defined, at: str, lines: Lines, limit: int) -> str:
    """Each definition with its lines, or the sentence that there is none."""
    shown = found.definitions[:MAX_DEFINITIONS]
    alike = () if shown else found.lookalikes[:MAX_DEFINITIONS]
    count = len(shown) + len(alike)
    if not count:
        return f"No definition of {name!r} was recognised at {at}; try `search`."
    most = WHOLE_DEFINITION if count == 1 else FIRST_LINES
    parts = [_definition(entry, at, lines, most, limit // count) for entry in shown]
    for path, line, _ in alike:
        body = numbered(lines(path)[line - 1 : line - 1 + FIRST_LINES], line, limit // count)
        parts.append(f"{path}:{line} at {at} (by its text, there is no outline):\n{body}")
    more = len(found.definitions or found.lookalikes) - count
    if more:
        parts.append(f"[{more} more definitions of that name; give `path` or the owner]")
    return "\n\n".join((*parts, *_unread(found)))


def _definition(entry: Definition, at: str, lines: Lines, most: int, limit: int) -> str:
    last = min(entry.end_line, entry.line + most - 1)
    text = lines(entry.path)
    place = entry.documentation
    inside = place is not None and entry.line <= place.line <= last
    said = "" if inside else _sentence(place, text)
    body = numbered(text[entry.line - 1 : last], entry.line, limit - len(said))
    shown = entry.line + body.count("\n")
    told = f" -- {said}" if said else ":"
    head = f"{entry.path}:{entry.line} at {at}, {entry.kind} {entry.name}{told}\n{body}"
    return head + (f"\n[continues to line {entry.end_line}]" if shown < entry.end_line else "")


def references_text(name: str, found: References, at: str, limit: int) -> str:
    """Resolved sites under the definition that they rely on, then the lines that only hold it."""
    parts: list[str] = []
    room = MAX_SITES
    for entry, sites in found.sites:
        if sites:
            ordered = sorted(sites, key=lambda site: (site.depth, site.tier, site.is_test))
            rows = [_site(site) for site in ordered[:room]]
            room -= len(rows)
            parts.append("\n".join((f"{_named(entry)}, {_counts(sites)} at {at}:", *rows)))
            if len(ordered) > len(rows):
                parts.append(f"[{len(ordered) - len(rows)} more; narrow it with `under`]")
    unused = [_named(entry) for entry, sites in found.sites if not sites]
    if unused:
        parts.append(f"No resolved reference at {at} to: {'; '.join(unused)}.")
    said = "\n".join(parts)
    rest = _by_name(name, found, at, limit - len(said))
    more = len(found.defined.definitions) - TARGETS
    others = f"[{more} more definitions of {name!r}: give `path`]" if more > 0 else ""
    hidden = f"[{found.withheld} more lines are withheld by policy]" if found.withheld else ""
    notes = (f"[{note}]" for note in found.notes)
    return "\n".join(filter(None, (said, rest, others, *notes, *_unread(found.defined), hidden)))


def _named(entry: Definition) -> str:
    return f"{entry.kind} {entry.name} ({entry.path}:{entry.line})"


def _site(site: Site) -> str:
    inside = f" in {site.inside}" if site.inside else ""
    depth = f" depth {site.depth}" if site.depth > 1 else ""
    edge = "" if site.edge in ("calls", "reads", "imports") else f" {site.edge}"
    test = " (test)" if site.is_test else ""
    place = f"{site.path}:{site.line}"
    return f"{site.tier}{depth}{edge} {place}{inside}{test}: {shortened(site.text)}"


def _counts(sites: Sequence[Site]) -> str:
    near = [site for site in sites if site.depth == 1]
    typed = sum(site.tier == "T2" for site in near)
    further = len(sites) - len(near)
    more = f", {further} deeper" if further else ""
    return f"{len(near) - typed} resolved (T1), {typed} typed (T2){more}"


def _by_name(name: str, found: References, at: str, limit: int) -> str:
    """The lines left over, fewer where there are so many that the name means nothing."""
    if not found.by_name:
        return "" if found.sites or found.notes else f"No lines name {name!r} at {at}."
    count = len(found.by_name)
    most = MAX_BY_NAME if count <= COMMON_NAME else MAX_BY_NAME // 2
    rows = shown_lines([Line(*hit) for hit in found.by_name], most, max(limit, 2_000))
    why = "only the name matches (T3)" if found.sites else "no definition was found; the name (T3)"
    marked = "\n".join(row if row.startswith("[") else f"T3 {row}" for row in rows.split("\n"))
    return f"{count} line{'s' if count > 1 else ''}, {why}:\n{marked}"


def _unread(found: Defined) -> Iterator[str]:
    if found.unread:
        yield f"[{found.unread} more files hold the name; definitions were looked for in {FILES}]"


def outline_text(path: str, outline: Outline, at: str, lines: Sequence[str], limit: int) -> str:
    """Each definition with its lines, signature and the first sentence of its documentation.

    They are nested as written; imports stand in one line. Of a long file those sentences are left
    out first, then values, then the ends of signatures, then the rest.
    """
    if not outline.definitions and not outline.imports:
        return f"{path} at {at} has no outline ({outline.note or 'it defines nothing'}): read it."
    modules = list(dict.fromkeys(entry.module for entry in outline.imports))[:40]
    head = [f"{path} at {at}, {outline.language}, {len(lines)} lines:"]
    head += [f"documented: {said}"] if (said := _sentence(outline.documentation, lines)) else []
    head += [f"imports {', '.join(modules)}"] if modules else []
    entries, width = list(outline.definitions), 160
    rows = [_entry(entry, width, lines) for entry in entries]
    if sum(len(row) + 1 for row in rows) > limit:
        rows = [_entry(entry, width) for entry in entries]
    if sum(map(len, rows)) > limit:
        entries = [entry for entry in entries if entry.kind not in _VALUES]
        rows = [_entry(entry, 70) for entry in entries]
    while sum(len(row) + 1 for row in rows) > limit:
        rows = rows[: len(rows) * 3 // 4]
    left = len(outline.definitions) - len(rows)
    return "\n".join((*head, *rows, *([f"[{left} more definitions]"] if left else [])))


_VALUES = ("variable", "constant", "field")


def _entry(entry: OutlinedDefinition, width: int, lines: Sequence[str] = ()) -> str:
    indent = "  " * entry.name.count(".")
    signature = " ".join(entry.signature.split())[:width]
    said = _sentence(entry.documentation, lines)
    told = f" -- {said}" if said else ""
    place = f"{entry.line:>5}-{entry.end_line:<5}"
    return f"{place} {indent}{entry.kind} {entry.simple}: {signature}{told}"


def _sentence(place: Documentation | None, lines: Sequence[str]) -> str:
    return place.sentence(lines) if place is not None else ""
