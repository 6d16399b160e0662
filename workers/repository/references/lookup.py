"""Definitions and references of a name at one commit: for one who asks, not for a change.

Where a language has no grammar, the text decides, and says so by its tier.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.domain.identifiers import Sha
from bot.ports import Code
from workers.repository.graph import Definition, Site, definition_of
from workers.repository.outline import Outline
from workers.repository.outlines import language_of
from workers.repository.references.asked_name import AskedName, Spelling
from workers.repository.references.callers import find_callers
from workers.repository.references.finding import Target
from workers.repository.references.tracing import Tracer
from workers.repository.snapshot import Hit, Snapshot
from workers.repository.test_paths import is_test_path

FILES = 60
"""Files outlined for one question; those whose text looks like a definition come first."""
TARGETS = 6
"""Definitions of one name whose users are told apart; more are no question but a word."""
SECONDS = 10.0
"""After it no further level of callers is begun."""
_DEFINES = (
    r"\b(?:def|class|func|function|fn|fun|struct|interface|type|enum|trait|const|let|var|val|module"
    r"|namespace|record|object|macro|define|impl|static|public|private|protected)\b"
    r"(?:\s*\([^)]*\))?[^=;(]*?(?<!\w){name}(?!\w)"  # in brackets: a receiver of Go
)
_ASSIGNS = r"^\s*(?:export\s+)?{name}\s*(?::[^=]+)?(?::=|=(?!=)|:\s*$)"


@dataclass(frozen=True, slots=True)
class Defined:
    """Where a name is defined: by outline, and by the look of a line where no grammar helps.

    `unread` counts files that hold the name and were not outlined, beyond the cap.
    """

    definitions: tuple[Definition, ...] = ()
    lookalikes: tuple[Hit, ...] = ()
    unread: int = 0


@dataclass(frozen=True, slots=True)
class References:
    """Who uses a name: by definition (at most TARGETS of `defined`), then the lines left over.

    `by_name` are the T3 lines: they hold the name, and nothing says which definition they mean.
    `withheld` counts lines of files that are not shown.
    """

    defined: Defined
    sites: tuple[tuple[Definition, tuple[Site, ...]], ...] = ()
    by_name: tuple[Hit, ...] = ()
    withheld: int = 0
    notes: tuple[str, ...] = ()


class Lookup:
    """The names of one commit. Safe for several threads, which take turns.

    `skip(path)` is true for files that are not shown: they are not read either.
    """

    def __init__(self, code: Code, commit: Sha, skip: Callable[[str], bool]) -> None:
        self._snapshot = Snapshot(code, commit)
        self._skip = skip
        self._turn = threading.RLock()

    @cached_property
    def _tracer(self) -> Tracer:
        return Tracer(self._snapshot)

    def outline(self, path: str) -> Outline:
        """One file's outline; its `note` says why it is empty."""
        with self._turn:
            return self._snapshot.outline(path)

    def defined(self, name: AskedName, path: str = "") -> Defined:
        """The definitions of a name, qualified by its owner or not; only in `path` if it is given.

        A qualified name means the last of its parts within the others.
        """
        with self._turn:
            return self._spelt(name, path).defined

    def references(
        self, name: AskedName, path: str = "", under: str = "", depth: int = 1
    ) -> References:
        """Users of the definitions of a name, those of `path` if it is given; only below `under`.

        Sites deeper than 1 rely on a caller; see `find_callers`.
        """
        with self._turn:
            spelt = self._spelt(name, path)
            if spelt.by.is_operator:
                return _unnamed(name, spelt.defined)
            targets = {_target(entry): entry for entry in spelt.defined.definitions[:TARGETS]}
            below, late = _below(under), _Clock()
            found = find_callers(
                self._tracer,
                list(targets),
                lambda path: self._skip(path) or not below(path),
                depth,
                late,
            )
        sites = tuple(
            (entry, tuple(found.sites.get(target, ()))) for target, entry in targets.items()
        )
        known = {(site.path, site.line) for _, some in sites for site in some}
        heads = ((entry.path, _head(entry, spelt.hits)) for entry in targets.values())
        known |= {(path, line) for path, lines in heads for line in lines}
        rest = [hit for hit in spelt.hits if hit[:2] not in known and below(hit[0])]
        near = tuple(_nearest(rest, targets))
        notes = (*found.notes, *late.notes)
        return References(spelt.defined, sites, near, spelt.withheld, notes)

    def _spelt(self, name: AskedName, path: str) -> _Spelt:
        """The first spelling by which something is defined, in `path` if given; else as asked."""
        tried: list[_Spelt] = []
        for spelling in name.spellings():
            found = [hit for hit in self._snapshot.grep(spelling.words) if spelling.is_in(hit[2])]
            shown = [hit for hit in found if not self._skip(hit[0])]
            defined = self._defined(name, spelling, [h for h in shown if path in ("", h[0])])
            tried.append(_Spelt(spelling, shown, len(found) - len(shown), defined))
            if defined.definitions or defined.lookalikes:
                return tried[-1]
        return tried[0]

    def _defined(self, name: AskedName, spelling: Spelling, hits: list[Hit]) -> Defined:
        written = re.escape(spelling.name)
        looks = re.compile(f"{_DEFINES}|{_ASSIGNS}".replace("{name}", written))
        alike = [hit for hit in hits if looks.search(hit[2][:400])]
        likely = dict.fromkeys(path for path, _, _ in alike)
        others = dict.fromkeys(path for path, _, _ in hits)
        parsed = [path for path in (likely | others) if language_of(path) is not None]
        self._snapshot.prefetch(parsed[:FILES])
        commit = self._snapshot.commit
        definitions = [
            definition_of(path, commit, entry)
            for path in parsed[:FILES]
            for entry in self._snapshot.outline(path).definitions
            if spelling.is_name_of(entry.simple)
        ]
        unparsed = {path for path in likely if self._by_text(path)}
        return Defined(
            tuple(sorted(_meant(name, definitions), key=_importance)),
            tuple(hit for hit in alike if hit[0] in unparsed),
            max(0, len(parsed) - FILES),
        )

    def _by_text(self, path: str) -> bool:
        """No outline can be had: no grammar, or too large."""
        return language_of(path) is None or bool(self._snapshot.outline(path).note)


@dataclass(frozen=True, slots=True)
class _Spelt:
    """What one spelling of a name finds: its lines in files that may be shown, its definitions.

    `withheld` counts the lines of files that may not.
    """

    by: Spelling
    hits: list[Hit]
    withheld: int
    defined: Defined


class _Clock:
    """True when time is up, and notes for what."""

    def __init__(self) -> None:
        self._deadline = time.monotonic() + SECONDS
        self.notes: list[str] = []

    def __call__(self, what: str) -> bool:
        if time.monotonic() < self._deadline:
            return False
        self.notes.append(f"{what}: not looked for, {SECONDS:.0f} seconds were used up")
        return True


def _unnamed(name: AskedName, defined: Defined) -> References:
    """All that can be said of who uses an operator: no word stands where it is used."""
    targets = defined.definitions[:TARGETS]
    note = f"who uses the operator {name.simple!r} is not looked up by name: try `search`"
    return References(defined, tuple((entry, ()) for entry in targets), notes=(note,))


def _meant(asked: AskedName, definitions: list[Definition]) -> list[Definition]:
    """Those whose owner is the asked one; where none has it, it is a module: those without any."""
    if not asked.owners:
        return definitions
    owner = asked.owners[-1]
    owned = [entry for entry in definitions if entry.name.split(".")[:-1][-1:] == [owner]]
    return owned or [entry for entry in definitions if "." not in entry.name]


def _target(entry: Definition) -> Target:
    rules = language_of(entry.path)
    return Target(entry.path, entry.name, rules.name if rules is not None else "")


def _importance(entry: Definition) -> tuple[bool, bool, int, str, int]:
    """Code before tests, types and functions before values, those at the top before members."""
    value = entry.kind in ("variable", "constant", "field")
    return (is_test_path(entry.path), value, entry.name.count("."), entry.path, entry.line)


def _head(entry: Definition, hits: Iterable[Hit]) -> Iterator[int]:
    """The lines of a definition's own signature that hold its name."""
    rows = entry.signature.count("\n") + 1
    for path, line, _ in hits:
        if path == entry.path and entry.line <= line < entry.line + rows:
            yield line


def _below(under: str) -> Callable[[str], bool]:
    return lambda path: not under or path == under or path.startswith(f"{under}/")


def _nearest(hits: list[Hit], targets: Collection[Target]) -> list[Hit]:
    """Lines in files of the definitions' languages first, tests after code; else as found."""
    languages = {target.language for target in targets}

    def rank(hit: Hit) -> tuple[bool, bool]:
        rules = language_of(hit[0])
        return (rules is None or rules.name not in languages, is_test_path(hit[0]))

    return sorted(hits, key=rank)
