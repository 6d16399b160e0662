"""A made-up repository with a planted call graph: the truth about who calls what is known. Pure.

The same seed gives the same bytes. Some names are unique, as in real code, and most are not: the
same name is defined in other modules, which call their own.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.knowledge.dialects import DIALECTS, Dialect, Place

MODULES_PER_PACKAGE = 20
FUNCTIONS_PER_MODULE = 14
BODY_LINES = 13
CALLERS = (1, 3, 8, 20, 45)
"""So many modules call the planted functions, one after the other; fewer than are looked into."""

DECOYS = 4
"""So many other modules define a planted function's name too, and call their own."""

_VERBS = (
    "settle open close merge split load store parse render check bind issue cancel route sort rank "
    "fold trim pack scan lift post fetch draft weigh audit claim quote bill refund ship"
).split()
_NOUNS = (
    "invoice ledger parcel order stock price ticket account branch record batch window report "
    "route balance label customer carrier session quota header message signal buffer token"
).split()
_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Target:
    """A planted function. `calls` and `imports` are the (path, line) that stand for it."""

    language: str
    path: str
    name: str
    calls: frozenset[tuple[str, int]]
    imports: frozenset[tuple[str, int]]


@dataclass(slots=True)
class _Module:
    at: Place
    names: list[str]
    imports: list[tuple[Place, str]] = field(default_factory=list)
    calls: dict[int, tuple[Place, str]] = field(default_factory=dict)
    """By the number of the function whose first statement is the call."""

    version: int = 0
    wider: str = ""
    """The function that took one more parameter."""


class Planted:
    """One language's share of the repository, in one state; `text` writes any module of it."""

    def __init__(self, dialect: Dialect, lines: int, seed: int) -> None:
        """Some `lines` lines, the targets planted."""
        self.dialect = dialect
        self._random = random.Random(f"{dialect.name} {lines} {seed}")  # noqa: S311 - a made-up text
        words = [f"{self._random.choice(_NOUNS)}_{number}" for number in range(_WORDS)]
        pairs = [(self._random.choice(words), self._random.choice(words)) for _ in words]
        self._fillers = [dialect.filler(*pair, at) for at, pair in enumerate(pairs)]
        count = max(len(CALLERS) * 10, lines // (FUNCTIONS_PER_MODULE * (BODY_LINES + 4)))
        self.modules = [self._module(number) for number in range(count)]
        self.planted = [self._plant(number, callers) for number, callers in enumerate(CALLERS)]

    def _module(self, number: int) -> _Module:
        at = Place(number // MODULES_PER_PACKAGE, number % MODULES_PER_PACKAGE)
        verbs = self._random.sample(_VERBS, FUNCTIONS_PER_MODULE)
        names = [
            f"{verb}_{self._random.choice(_NOUNS)}_{number if part % 2 else number % 40}"
            for part, verb in enumerate(verbs)
        ]
        return _Module(at, [self.dialect.spelled(name) for name in names])

    def _plant(self, number: int, callers: int) -> tuple[_Module, str]:
        """Define it, have it called, and define the same name elsewhere."""
        name = self.dialect.spelled(f"planted_{_VERBS[number]}_{_NOUNS[number]}")
        free = [module for module in self.modules if not module.imports and not module.wider]
        per_package: dict[int, list[_Module]] = defaultdict(list)
        for module in self._random.sample(free, len(free)):
            per_package[module.at.package].append(module)
        home, *others = [modules[0] for modules in per_package.values()]
        home.names[0] = name
        home.wider = "-"  # taken: nothing else is planted here
        decoys, rest = others[:DECOYS], [m for m in free if m.at.package != home.at.package]
        for decoy in decoys:
            decoy.names[0], decoy.calls[1] = name, (decoy.at, name)
            decoy.wider = "-"
        packages = {decoy.at.package for decoy in decoys}
        asked = [m for m in rest if m.at.package not in packages or self.dialect.name != "go"]
        for caller in [m for m in asked if m not in decoys][:callers]:
            caller.imports.append((home.at, name))
            caller.calls[self._random.randrange(1, FUNCTIONS_PER_MODULE)] = (home.at, name)
        return home, name

    def targets(self) -> list[Target]:
        """The planted functions and the truth about them."""
        return [self._target(home, name) for home, name in self.planted]

    def _target(self, home: _Module, name: str) -> Target:
        calls: set[tuple[str, int]] = set()
        imports: set[tuple[str, int]] = set()
        for module in self.modules:
            if (home.at, name) not in module.imports:
                continue
            path = self.dialect.path(module.at)
            lines = self.text(module).split("\n")
            call = self.dialect.call(module.at, home.at, name)
            calls |= {(path, number) for number, line in enumerate(lines, 1) if call in line}
            imports |= {
                (path, number)
                for number, line in enumerate(lines, 1)
                if "import" in line and name in line
            }
        where = self.dialect.path(home.at)
        return Target(self.dialect.name, where, name, frozenset(calls), frozenset(imports))

    def files(self) -> Iterator[tuple[str, str]]:
        """Every module's path and text."""
        for module in self.modules:
            yield self.dialect.path(module.at), self.text(module)

    def widened(self, number: int) -> tuple[str, str]:
        """A target's file after its function took one more parameter."""
        home, name = self.planted[number]
        return self.dialect.path(home.at), self.text(replace(home, wider=name))

    def edited(self, seed: int, count: int) -> list[tuple[str, str]]:
        """So many modules with another body, none that is planted; they stay edited."""
        chosen = random.Random(seed).sample(self.modules, count * 4)  # noqa: S311 - a made-up text
        free = [module for module in chosen if not (module.imports or module.wider)][:count]
        for module in free:
            module.version += 1
        return [(self.dialect.path(module.at), self.text(module)) for module in free]

    def text(self, module: _Module) -> str:
        """A module as it stands now."""
        own = random.Random(f"{module.at} {len(self.modules)}")  # noqa: S311 - a made-up text
        lines = self.dialect.header(module.at, module.imports)
        for number, name in enumerate(module.names):
            body = own.choices(self._fillers, k=BODY_LINES)
            if number == 2:
                body[0] = self.dialect.filler("version", "total", module.version)
            if number in module.calls:
                body[0] = self.dialect.call(module.at, *module.calls[number])
            parameters = ["first", "second", *(["third"] if name == module.wider else [])]
            lines += self.dialect.function(name, parameters, body)
        return "\n".join([*lines, *self.dialect.footer(), ""])


def plant(lines: int, seed: int = 1) -> list[Planted]:
    """A repository of so many lines, a quarter in each language."""
    return [Planted(dialect, lines // len(DIALECTS), seed) for dialect in DIALECTS]


def found_and_true(target: Target, found: Sequence[tuple[str, int]]) -> tuple[int, int, int]:
    """(planted calls found, planted calls, false ones among what was found)."""
    places = frozenset(found)
    false = places - target.calls - target.imports
    return len(places & target.calls), len(target.calls), len(false)
