"""Who imports a package that moved, and which of its names are used: by outlines, tier T1 only."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.identifiers import Sha
from bot.errors import LimitExceeded, UserError
from bot.ports import Code
from workers.repository.dependencies.bumps import Bump
from workers.repository.dependencies.import_names import import_names
from workers.repository.dependencies.listing import Ecosystem
from workers.repository.outline import Import
from workers.repository.parsed import Parsed
from workers.repository.resolution import resolve
from workers.repository.resolution.layout import Layout
from workers.repository.snapshot import Snapshot

MOST_PACKAGES = 40
MOST_FILES = 40
"""Of one package, outlined for the names that they use; all are counted."""
MOST_OUTLINED = 80
"""Of all packages together, the most telling first: to parse them takes most of the time."""
MOST_USES = 12
MOST_NAMES = 60
_MATCHES = 5_000
_SPECIAL = re.compile(r"[.^$*+?()\[\]{}|\\]")


@dataclass(frozen=True, slots=True)
class NameUse:
    """A line that uses a name of the package; `name` is "" for the import of the whole."""

    path: str
    line: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Users:
    """Who imports one package. `capped`: there may be more files, or more names, than told."""

    files: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    uses: tuple[NameUse, ...] = ()
    capped: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    """How code of an ecosystem imports: a POSIX pattern with a hole for names, and the files."""

    pattern: str
    extensions: tuple[str, ...]


_RULES: dict[Ecosystem, _Rule] = {
    "python": _Rule(r"^[[:space:]]*(from|import)[[:space:]].*(%s)", (".py", ".pyi")),
    "npm": _Rule(
        r"""["'](%s)(/[^"']*)?["']""",
        (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"),
    ),
    "go": _Rule(r'"(%s)(/[^"]*)?"', (".go",)),
    "cargo": _Rule(r"(^|[^[:alnum:]_])(%s)(::|;)", (".rs",)),
    "bundler": _Rule(r"""require[( ]+["'](%s)""", (".rb", ".rake", ".ru")),
    "maven": _Rule(r"^[[:space:]]*import[[:space:]].*(%s)\.", (".java", ".kt", ".kts")),
    "composer": _Rule(r"^[[:space:]]*use[[:space:]].*(%s)", (".php",)),
}


def users_of(
    bumps: Sequence[Bump], code: Code, head: Sha, skip: Callable[[str], bool], deadline: float
) -> dict[str, Users]:
    """`ecosystem package` to its users, of the first packages that some rule knows how to find.

    After the deadline (of `time.monotonic()`) files are counted by their text alone.
    """
    asked = {
        key_of(bump): (bump.ecosystem, names)
        for bump in bumps[:MOST_PACKAGES]
        if bump.ecosystem in _RULES
        and (names := import_names(bump.ecosystem, bump.package, bump.namespaces))
    }
    if not asked:
        return {}
    hits, cut = _hits(asked.values(), code, head, skip)
    snapshot = Snapshot(code, head)
    plans = _plans(asked, hits, deadline)
    snapshot.prefetch(path for plan in plans.values() for path in plan.read)
    importers = _Importers(snapshot)
    return {key: importers.users(asked[key][1], plan, cut) for key, plan in plans.items()}


def key_of(bump: Bump) -> str:
    """Names a package across ecosystems."""
    return f"{bump.ecosystem} {bump.package}"


_Hits = dict[Ecosystem, dict[str, list[str]]]
"""By ecosystem: path to the texts of its lines that may import one of the packages."""


def _hits(
    asked: Iterable[tuple[Ecosystem, tuple[str, ...]]],
    code: Code,
    head: Sha,
    skip: Callable[[str], bool],
) -> tuple[_Hits, bool]:
    """One search of the commit for each ecosystem; True where its cap may have cut it."""
    wanted: dict[Ecosystem, set[str]] = {}
    for ecosystem, names in asked:
        wanted.setdefault(ecosystem, set()).update(names)
    hits: _Hits = {}
    cut = False
    for ecosystem, every in wanted.items():
        rule = _RULES[ecosystem]
        escaped = "|".join(_SPECIAL.sub(r"\\\g<0>", name) for name in sorted(every))
        try:
            found = code.search(head, rule.pattern % escaped, limit=_MATCHES)
        except (UserError, LimitExceeded):
            found, cut = (), True
        cut = cut or len(found) >= _MATCHES
        hits[ecosystem] = {}
        for path, _, text in found:
            if path.endswith(rule.extensions) and not skip(path):
                hits[ecosystem].setdefault(path, []).append(text)
    return hits, cut


@dataclass(frozen=True, slots=True)
class _Plan:
    """The files that seem to import one package: those to outline, and those only counted."""

    read: tuple[str, ...]
    counted: tuple[str, ...]


def _plans(
    asked: Mapping[str, tuple[Ecosystem, tuple[str, ...]]], hits: _Hits, deadline: float
) -> dict[str, _Plan]:
    """The most telling packages first, as far as the cap for all of them together allows."""
    outlined: set[str] = set()
    plans: dict[str, _Plan] = {}
    for key, (ecosystem, names) in asked.items():
        found = hits[ecosystem].items()
        likely = [path for path, rows in found if _mention(rows, names)]
        room = MOST_OUTLINED - len(outlined) if time.monotonic() < deadline else 0
        fresh = [path for path in likely[:MOST_FILES] if path not in outlined]
        outlined.update(fresh[:room])
        read = tuple(path for path in likely[:MOST_FILES] if path in outlined)
        plans[key] = _Plan(read, tuple(path for path in likely if path not in read))
    return plans


class _Importers:
    """Reads who imports what in files that are parsed already."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._layout = Layout(snapshot.paths, snapshot.content)

    def users(self, names: tuple[str, ...], plan: _Plan, cut: bool) -> Users:
        files: list[str] = []
        uses: list[NameUse] = []
        for path in plan.read:
            imports = list(self._imports(path, names))
            if imports:
                files.append(path)
                uses += dict.fromkeys(self._uses(path, imports))
        files += plan.counted
        used = tuple(dict.fromkeys(use.name for use in uses if use.name))
        capped = cut or bool(plan.counted) or len(used) > MOST_NAMES
        return Users(tuple(files), used[:MOST_NAMES], tuple(_spread(uses)), capped)

    def _imports(self, path: str, names: Sequence[str]) -> Iterator[Import]:
        """Its imports of the package that leave the repository: a folder may bear the same name."""
        outline = self._snapshot.outline(path)
        for entry in outline.imports:
            if belongs(entry, names) and not self._is_own(outline.language, path, entry.module):
                yield entry

    def _is_own(self, language: str, path: str, module: str) -> bool:
        return bool(resolve(language, self._layout, path, module))

    def _uses(self, path: str, imports: Sequence[Import]) -> Iterator[NameUse]:
        """The imported names where they are used, and what is taken from imported modules."""
        lines, parsed = self._snapshot.lines(path), self._snapshot.parsed(path)
        for entry in imports:
            named = entry.name not in ("", "*", "default")
            text = lines[entry.line - 1].strip() if entry.line <= len(lines) else ""
            yield NameUse(path, entry.line, entry.name if named else "", text[:200])
            for line, name in _names_used(parsed, lines, entry.alias, entry.name if named else ""):
                if line != entry.line:
                    yield NameUse(path, line, name, lines[line - 1].strip()[:200])


def belongs(entry: Import, names: Iterable[str]) -> bool:
    """Whether the import names one of these, or something below it."""
    whole = entry.module or entry.name
    for name in names:
        rest = whole[len(name) :]
        if whole.startswith(name) and (not rest or not (rest[0].isalnum() or rest[0] in "_-@")):
            return True
        if f"{entry.module}.{entry.name}" == name:
            return True  # `from google.cloud import storage`, `from ruamel import yaml`
    return False


def _mention(rows: Iterable[str], names: Iterable[str]) -> bool:
    return any(name.rpartition(".")[2] in row for row in rows for name in names)


def _names_used(
    parsed: Parsed, lines: Sequence[str], alias: str, name: str
) -> Iterator[tuple[int, str]]:
    """(line, name of the package) of each use of what an import binds."""
    if not alias:
        return
    word = re.compile(rf"(?<![\w.$]){re.escape(alias)}(?![\w$])(?:(?:\.|::)\s*(\w+))?")
    holding = ((number, row) for number, row in enumerate(lines, 1) if alias in row)
    found = [(number, match) for number, row in holding for match in word.finditer(row)]
    numbers = [number for number, _ in found]
    if name:
        simple = re.split(r"\.|::", alias)[-1]
        yield from ((use.line, name) for use in parsed.uses({simple}, numbers) if not use.receiver)
        return
    words = {match[1] for _, match in found if match[1]}
    for use in parsed.uses(words, numbers):
        if use.receiver == alias:
            yield use.line, use.name


def _spread(uses: Sequence[NameUse]) -> list[NameUse]:
    """One use of each name first: more of the same teach less."""
    turn: dict[tuple[str, bool], int] = {}
    order: list[tuple[bool, int, int]] = []
    for number, use in enumerate(uses):
        plain = not use.name
        turn[use.name, plain] = turn.get((use.name, plain), 0) + 1
        order.append((plain, turn[use.name, plain], number))
    return [uses[number] for _, _, number in sorted(order)[:MOST_USES]]
