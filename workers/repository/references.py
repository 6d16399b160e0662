"""Where a definition is used, and how sure that is. Only resolved uses may carry a finding."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from workers.repository.graph import Site, SiteTier
from workers.repository.outline import Outline, Use
from workers.repository.resolution.layout import folder_of
from workers.repository.test_paths import is_test_path
from workers.repository.tracing import Tracer

COMMON_NAME_FILES = 300
"""A name in more files than this says nothing; it is dropped and the count is told."""
_SELF = ("self", "this", "cls", "super()", "Self")


@dataclass(frozen=True, slots=True)
class Target:
    """A definition whose users are looked for; `name` is qualified."""

    path: str
    name: str
    language: str

    @property
    def simple(self) -> str:
        """The word that stands at a use."""
        return self.name.rpartition(".")[2]

    @property
    def container(self) -> str:
        """The innermost type around it, unqualified; "" for a top-level name."""
        return self.name.rpartition(".")[0].rpartition(".")[2]


@dataclass(slots=True)
class Found:
    """Sites by target, name-only counts by target, and what was cut, in words."""

    sites: dict[Target, list[Site]] = field(default_factory=lambda: defaultdict(list))
    possible: dict[Target, int] = field(default_factory=lambda: defaultdict(int))
    notes: list[str] = field(default_factory=list)


def find_references(
    tracer: Tracer,
    targets: Sequence[Target],
    skip: Callable[[str], bool],
    files: int,
    depth: Literal[1, 2] = 1,
) -> Found:
    """The sites of each target in at most `files` files, nearest first."""
    found = Found()
    by_word: dict[str, list[Target]] = defaultdict(list)
    for target in targets:
        by_word[target.simple].append(target)
    hits = _hit_files(tracer, by_word, skip, found)
    chosen = _nearest(hits, {target.path for target in targets})
    if len(chosen) > files:
        found.notes.append(
            f"callers at depth {depth}: {len(chosen) - files} of {len(chosen)} files not examined"
        )
    tracer.snapshot.prefetch(chosen[:files])
    complete = len(chosen) <= files
    unique = _unique_names(tracer, chosen[:files], by_word) if complete else frozenset()
    for path in chosen[:files]:
        _read_file(_File(tracer, path, unique, depth), by_word, hits[path], found)
    return found


def _hit_files(
    tracer: Tracer,
    by_word: Mapping[str, list[Target]],
    skip: Callable[[str], bool],
    found: Found,
) -> dict[str, set[str]]:
    """Path to the words it holds, without names too common to mean anything."""
    holders: dict[str, set[str]] = defaultdict(set)
    words = re.compile("|".join(rf"(?<![\w$]){re.escape(word)}(?![\w$])" for word in by_word))
    for path, _, text in tracer.snapshot.grep(by_word) if by_word else ():
        if not skip(path):
            for word in words.findall(text):
                holders[word].add(path)
    hits: dict[str, set[str]] = defaultdict(set)
    for word, paths in sorted(holders.items()):
        if len(paths) > COMMON_NAME_FILES:
            found.notes.append(
                f"callers of {word!r}: not followed, {len(paths)} files hold the name"
            )
            continue
        for path in paths:
            hits[path].add(word)
    return hits


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


def _unique_names(
    tracer: Tracer, paths: Sequence[str], by_word: Mapping[str, list[Target]]
) -> frozenset[str]:
    """Names with at most one definition in the whole repository (all hit files are outlined)."""
    count: dict[str, int] = dict.fromkeys(by_word, 0)
    for path in paths:
        for entry in tracer.snapshot.outline(path).definitions:
            if entry.simple in count:
                count[entry.simple] += 1
    return frozenset(word for word, times in count.items() if times <= 1)


@dataclass(slots=True)
class _File:
    """One file in which names were found, with what its imports bind."""

    tracer: Tracer
    path: str
    unique: frozenset[str]
    depth: Literal[1, 2]
    outline: Outline = field(init=False)
    lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.outline = self.tracer.snapshot.outline(self.path)
        self.lines = self.tracer.snapshot.lines(self.path)

    def names_of(self, target_path: str, name: str) -> set[str]:
        """How this file spells a top-level name of another file: `f`, `alias`, `module.f`."""
        if self.path == target_path:
            return {name}
        spelled: set[str] = set()
        for entry in self.outline.imports:
            origin = self.tracer.origin(self.path, entry)
            if origin is None or target_path not in origin.paths:
                continue
            if origin.name == name and entry.alias:
                spelled.add(entry.alias)
            elif origin.name == "" and entry.name == "*":
                spelled.add(name)
            elif origin.name == "" and entry.alias:
                spelled.add(f"{entry.alias}.{name}")
        if self.outline.language == "go" and folder_of(self.path) == folder_of(target_path):
            spelled.add(name)
        return spelled

    def site(self, use: Use, tier: SiteTier) -> Site:
        inside = self.outline.enclosing(use.line)
        snapshot = self.tracer.snapshot
        commit = snapshot.commit_of(self.path)
        return Site(
            path=self.path,
            line=use.line,
            text=self.lines[use.line - 1].strip(),
            tier=tier,
            inside=inside.name if inside is not None else "",
            is_test=is_test_path(self.path),
            depth=self.depth,
            commit=None if commit == snapshot.commit else commit,
        )


def _read_file(
    file: _File, by_word: Mapping[str, list[Target]], words: Iterable[str], found: Found
) -> None:
    for word in sorted(words):
        for target in by_word[word]:
            if file.outline.language and not _same_family(file.outline.language, target.language):
                continue
            _sites_of(file, target, found)


def _same_family(one: str, other: str) -> bool:
    script = ("javascript", "typescript", "tsx")
    return one == other or (one in script and other in script)


def _sites_of(file: _File, target: Target, found: Found) -> None:
    top = target.name.partition(".")[0]
    spelled = file.names_of(target.path, top)
    words = {target.simple} | (
        {name.rpartition(".")[2] for name in spelled if "." not in target.name}
    )
    pattern = re.compile("|".join(rf"(?<![\w$]){re.escape(word)}(?![\w$])" for word in words))
    lines = [number for number, text in enumerate(file.lines, 1) if pattern.search(text)]
    parsed = file.tracer.snapshot.parsed(file.path)
    own = {entry.name_line for entry in file.outline.definitions if entry.simple == target.simple}
    best: dict[int, tuple[SiteTier, Use]] = {}
    for use in parsed.uses(words, lines):
        if use.line in own and not use.receiver and not use.is_call:
            continue
        tier = _tier(file, target, use, spelled)
        if tier is not None and (use.line not in best or tier < best[use.line][0]):
            best[use.line] = (tier, use)
    for tier, use in best.values():
        if tier == "T3":
            found.possible[target] += 1
        else:
            found.sites[target].append(file.site(use, tier))


def _tier(file: _File, target: Target, use: Use, spelled: set[str]) -> SiteTier | None:
    """How this use resolves to the target; None where it is another name of the file."""
    written = f"{use.receiver}.{use.name}" if use.receiver else use.name
    if not target.container:
        if written in spelled or _imports_it(file, target, use):
            return "T1"
        if use.name != target.simple:
            return None
    else:
        typed = _member_tier(file, target, use, spelled)
        if typed is not None:
            return typed
    return "T1" if use.name in file.unique and _can_reach(file, target) else "T3"


def _can_reach(file: _File, target: Target) -> bool:
    """A unique name counts across files only where no import would have to say so."""
    explicit = ("python", "javascript", "typescript", "tsx", "go")
    return bool(target.container) or file.outline.language not in explicit


def _imports_it(file: _File, target: Target, use: Use) -> bool:
    for entry in file.outline.imports:
        if entry.line == use.line and use.name in (entry.name, entry.alias):
            origin = file.tracer.origin(file.path, entry)
            if origin and target.path in origin.paths and origin.name == target.simple:
                return True
    return False


def _member_tier(file: _File, target: Target, use: Use, spelled: set[str]) -> SiteTier | None:
    """A method or field: named through its class (T1), or by a receiver typed nearby (T2)."""
    around = file.outline.enclosing(use.line)
    inside = around.name.split(".") if around is not None else []
    same_class = file.path == target.path and target.container in inside
    if not use.receiver:
        implicit = file.outline.language in ("java", "ruby")
        return "T1" if same_class and implicit else None
    classes = spelled | ({target.container} if same_class else set())
    if use.receiver in classes:
        return "T1"
    if use.receiver in _SELF or use.receiver.startswith("super("):
        return "T2" if same_class or _inherits(file, inside, classes) else None
    start, end = (around.line, around.end_line) if around is not None else (1, use.line)
    text = "\n".join(file.lines[start - 1 : min(end, use.line)])
    return "T2" if any(_typed(use.receiver, name, text) for name in classes) else None


def _inherits(file: _File, inside: list[str], classes: set[str]) -> bool:
    return any(
        entry.simple in inside and set(entry.bases) & classes for entry in file.outline.definitions
    )


def _typed(receiver: str, type_name: str, text: str) -> bool:
    """Whether the text around makes `receiver` an instance of the type: built there or declared."""
    one, kind = re.escape(receiver), re.escape(type_name)
    if re.fullmatch(rf"(new\s+)?{kind}\(.*\)|{kind}::new\(.*\)|{kind}\.new(\(.*\))?", receiver):
        return True
    return any(
        re.search(rf"(?<![\w.]){pattern}", text)
        for pattern in (
            rf"{one}\s*(:\s*[^=\n]+)?:?=\s*(await\s+)?(new\s+|&)?{kind}\s*[({{]",
            rf"{one}\s*=\s*{kind}(\.|::)new\b",
            rf"{one}\s*:\s*&?(mut\s+)?[\"']?{kind}\b",
            rf"{one}\s+\*?{kind}\b",
            rf"{kind}(<[^>\n]*>)?\s+{one}\b",
        )
    )
