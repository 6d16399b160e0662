"""Where a definition is used, and how sure that is. Only resolved uses may carry a finding."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workers.repository.file_kinds import FIRST_LINES, nobody_wrote
from workers.repository.graph import EdgeKind, Site
from workers.repository.outlines import language_of
from workers.repository.references.go_interfaces import implementers
from workers.repository.references.meaning import Meaning
from workers.repository.references.meanings import Meanings
from workers.repository.references.question_files import OUTLINES_CAP
from workers.repository.references.same_thing import other_places
from workers.repository.references.scopes import is_type
from workers.repository.references.sites import SitesInFile, Target, site_at
from workers.repository.references.tracing import Tracer
from workers.repository.resolution.layout import folder_of
from workers.repository.test_paths import is_test_path

__all__ = ["Found", "Target", "find_references"]

COMMON_NAME_FILES = 300
"""A name in more files than this says nothing; it is dropped and the count is told."""
TEXT_SITES = 20
"""Lines of one file that no parser could read, that are named one by one."""
OTHER_NAMES = 10
"""Names under which targets are exported elsewhere, that are looked for in a second search."""
_FOLDER_MODULES = frozenset({"index", "__init__", "mod", "main"})
_FAMILIES = (("javascript", "typescript", "tsx"), ("java", "kotlin"), ("c", "cpp"))
"""Languages whose files name each other's definitions."""
CONSTRUCTORS = frozenset({"__init__", "constructor", "initialize", "__construct"})


def is_constructor(name: str) -> bool:
    """Whether this qualified name is called by its type's: in Java and C++ it repeats it."""
    container, _, simple = name.rpartition(".")
    return simple in CONSTRUCTORS or (bool(container) and simple == container.rpartition(".")[2])


@dataclass(slots=True)
class Found:
    """Sites by target, name-only counts by target, and what was cut, in words.

    `unfollowed`: files of a target's language that hold its name and were not read; `unparsed`:
    lines with its name in files that no parser could read. `cuts` are the notes that `unfollowed`
    tells of as well. `same`: the other targets that are one thing with a target.
    """

    sites: dict[Target, list[Site]] = field(default_factory=lambda: defaultdict(list))
    possible: dict[Target, int] = field(default_factory=lambda: defaultdict(int))
    unfollowed: dict[Target, set[str]] = field(default_factory=lambda: defaultdict(set))
    unparsed: dict[Target, list[Site]] = field(default_factory=lambda: defaultdict(list))
    notes: list[str] = field(default_factory=list)
    cuts: list[str] = field(default_factory=list)
    same: dict[Target, list[Target]] = field(default_factory=dict)


@dataclass(slots=True)
class _Search:
    """One question: its targets, the words to look for, and what is found so far."""

    meanings: Meanings
    skip: Callable[[str], bool]
    depth: int
    places: dict[Target, frozenset[Meaning]] = field(default_factory=dict)
    words: dict[str, list[Target]] = field(default_factory=dict)
    found: Found = field(default_factory=Found)
    examined: set[str] = field(default_factory=set)
    read: dict[tuple[Target, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    counted: dict[tuple[Target, str], int] = field(default_factory=dict)

    def keep(self, target: Target, path: str, sites: list[Site], possible: int) -> None:
        """What one file holds; it takes the place of what was found there by fewer words."""
        known = self.found.sites[target]
        place = next((at for at, site in enumerate(known) if site.path == path), len(known))
        others = [site for site in known if site.path != path]
        self.found.sites[target] = [*others[:place], *sites, *others[place:]]
        self.found.possible[target] += possible - self.counted.get((target, path), 0)
        self.counted[target, path] = possible

    def know(self, word: str, target: Target) -> None:
        """Look for a target under this word as well."""
        self.words.setdefault(word, [])
        if target not in self.words[word]:
            self.words[word].append(target)


def find_references(
    tracer: Tracer,
    targets: Sequence[Target],
    skip: Callable[[str], bool],
    files: int,
    depth: int = 1,
) -> Found:
    """The sites of each target in at most `files` files, nearest first.

    At depth 1 also the methods that override or implement it.
    """
    sought = [(target.path, name) for target in targets for name in _with_outers(target.name)]
    search = _Search(Meanings(tracer, sought), skip, depth)
    for target in targets:
        if target.simple not in ("default", "exports"):
            search.know(target.simple, target)
        for word in _default_names(tracer, target):
            search.know(word, target)
    types = {target.container.rpartition(".")[2] for target in targets} - {""}
    search.meanings.look_up({*search.words, *types})
    for target in targets:
        others = other_places(search.meanings, target.path, target.name)
        search.places[target] = others | {Meaning(target.path, target.name)}
        search.found.same[target] = [
            each for each in targets if Meaning(each.path, each.name) in others
        ]
    renamed = _examine(search, list(search.words), targets, files)
    more = [word for word in sorted(renamed) if word not in search.words][:OTHER_NAMES]
    for word in more:
        for target in renamed[word]:
            search.know(word, target)
    search.meanings.look_up(more)
    _examine(search, more, targets, files)
    for target in targets if depth == 1 else ():
        search.found.sites[target] += _overriders(search, target)
    if search.meanings.is_exhausted:
        search.found.notes.append(
            f"callers at depth {depth}: only {OUTLINES_CAP} files were outlined to resolve names"
        )
    return search.found


def _with_outers(name: str) -> Iterator[str]:
    """`A.b.c`, `A.b`, `A`."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def _default_names(tracer: Tracer, target: Target) -> Iterator[str]:
    """The words by which importers may call a default export: they stem from its file's name."""
    outline = tracer.snapshot.outline(target.path)
    top = target.name.partition(".")[0]
    default = top in ("default", "exports") or any(
        entry.alias == "default" and entry.exported and entry.name == top
        for entry in outline.imports
    )
    if default and "." not in target.name:
        stem = target.path.rpartition("/")[2].partition(".")[0]
        folder = folder_of(target.path).rpartition("/")[2]
        named = folder if stem in _FOLDER_MODULES and folder else stem
        yield max(re.findall(r"[\w$]+", named), key=len, default=named)


def _examine(
    search: _Search, words: Collection[str], targets: Sequence[Target], files: int
) -> dict[str, set[Target]]:
    """Read the nearest files that hold the words. Returns other names that they export."""
    hits = _hit_files(search, words)
    chosen = _nearest(hits, {target.path for target in targets})
    fresh = [path for path in chosen if path not in search.examined]
    left_out = set(fresh[max(files - len(search.examined), 0) :])
    if left_out:
        cut = f"{len(left_out)} of {len(fresh)} files not examined"
        _cut(search, f"callers at depth {search.depth}: {cut}", {p: hits[p] for p in left_out})
    search.meanings.tracer.snapshot.prefetch([path for path in chosen if path not in left_out])
    unique = frozenset() if left_out else _unique_names(search, chosen)
    renamed: dict[str, set[Target]] = defaultdict(set)
    for path in chosen:
        if path in left_out:
            continue
        search.examined.add(path)
        for word, target in _read_file(search, path, hits[path], unique):
            renamed[word].add(target)
    return renamed


def _hit_files(search: _Search, words: Iterable[str]) -> dict[str, set[str]]:
    """Path to the words it holds, without names too common to mean anything."""
    hits: dict[str, set[str]] = defaultdict(set)
    for word in sorted(words):
        paths = [path for path in search.meanings.holders(word) if not search.skip(path)]
        crowded = word in search.meanings.crowded
        if len(paths) > COMMON_NAME_FILES or crowded:
            count = f"{len(paths)} or more" if crowded else f"{len(paths)}"
            note = f"callers of {word!r}: not followed, {count} files hold the name"
            _cut(search, note, {path: {word} for path in paths})
            continue
        for path in paths:
            hits[path].add(word)
    return hits


def _cut(search: _Search, note: str, unread: Mapping[str, set[str]]) -> None:
    """Files with the words that they hold are not read; told, and entered for each target."""
    search.found.notes.append(note)
    search.found.cuts.append(note)
    for path, words in unread.items():
        for target in {target for word in words for target in search.words[word]}:
            if path != target.path and _same_family(_language(path), target.language):
                search.found.unfollowed[target].add(path)


def _nearest(hits: Mapping[str, set[str]], homes: set[str]) -> list[str]:
    """Paths ordered: the definition's own file, its folder, the same top folder, then tests."""
    folders = {folder_of(home) for home in homes}
    tops = {home.partition("/")[0] for home in homes}

    def rank(path: str) -> tuple[bool, bool, bool, bool, str]:
        near = folder_of(path) in folders
        return (
            path not in homes,
            is_test_path(path),
            not near,
            path.partition("/")[0] not in tops,
            path,
        )

    return sorted(hits, key=rank)


def _unique_names(search: _Search, paths: Sequence[str]) -> frozenset[str]:
    """Names with at most one definition in the whole repository (all hit files are outlined)."""
    count: dict[str, int] = dict.fromkeys(search.words, 0)
    for path in paths:
        for entry in search.meanings.outline(path).definitions:
            if entry.simple in count:
                count[entry.simple] += 1
    return frozenset(word for word, times in count.items() if times <= 1)


def _read_file(
    search: _Search, path: str, words: Iterable[str], unique: frozenset[str]
) -> Iterator[tuple[str, Target]]:
    """Keep the file's sites. Yields other names under which it exports a target."""
    if _language(path) and search.meanings.tracer.snapshot.outline(path).note:
        _read_as_text(search, path, words)
        return
    file = SitesInFile(search.meanings, path, unique, search.depth, search.places)
    by_target: dict[Target, set[str]] = defaultdict(set)
    for word in sorted(words):
        for target in search.words[word]:
            if not file.outline.language or _same_family(file.outline.language, target.language):
                by_target[target].add(word)
    for target, known in by_target.items():
        search.keep(target, path, *file.of(target, known | search.read[target, path]))
        search.read[target, path] |= known
        for word in file.other_names(target, known):
            yield word, target


def _read_as_text(search: _Search, path: str, words: Iterable[str]) -> None:
    """Lines that hold the names, in a file that no parser could read: neither used nor unused.

    A file that nobody wrote counts by name alone; one that cannot be read either is not followed.
    """
    lines = search.meanings.tracer.snapshot.lines(path)
    by_name = nobody_wrote(path, lines[:FIRST_LINES])
    for target in {target: None for word in sorted(words) for target in search.words[word]}:
        if not _same_family(_language(path), target.language):
            continue
        held = [word for word in words if target in search.words[word]]
        found = list(_text_sites(search, path, lines, held))
        if not found:
            search.found.unfollowed[target].add(path)
        kept = [] if by_name else found[:TEXT_SITES]
        search.found.unparsed[target] += kept
        search.found.possible[target] += len(found) - len(kept)


def _text_sites(
    search: _Search, path: str, lines: Sequence[str], words: Sequence[str]
) -> Iterator[Site]:
    holds = re.compile("|".join(rf"(?<![\w$]){re.escape(word)}(?![\w$])" for word in words))
    for number, text in enumerate(lines, 1):
        if holds.search(text):
            yield Site(path, number, text.strip()[:200], "T3", "", is_test_path(path), search.depth)


def _language(path: str) -> str:
    known = language_of(path)
    return known.name if known is not None else ""


def _same_family(one: str, other: str) -> bool:
    return one == other or any(one in family and other in family for family in _FAMILIES)


def _overriders(search: _Search, target: Target) -> Iterator[Site]:
    """Methods of the same name in types whose base chain reaches the target's."""
    if not target.container or is_constructor(target.name):
        return
    homes = sorted(search.places[target], key=lambda each: each.path)
    types = [Meaning(each.path, target.container) for each in homes]
    around = next((each for each in types if is_type(search.meanings.definition(each))), None)
    found = search.meanings.definition(around) if around is not None else None
    if around is None or found is None:
        return
    edge: EdgeKind = "implements" if found.kind in ("interface", "trait") else "overrides"
    if target.language == "go" and found.kind == "interface":
        for path, _, entry in implementers(search.meanings, around):
            if entry.simple == target.simple and not search.skip(path):
                yield site_at(search.meanings, path, entry.name_line, "T2", search.depth, edge)
    for child, _ in search.meanings.hierarchy.below(around):
        name = f"{child.name}.{target.simple}"
        method = search.meanings.find(child.path, name)
        if method is not None and not search.skip(child.path):
            line = method.name_line
            yield site_at(search.meanings, child.path, line, "T1", search.depth, edge)
