"""The small graph around a change: definitions, the places that rely on them, and what changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.domain.identifiers import Sha
from workers.repository.contracts.aspects import Aspect
from workers.repository.contracts.contract import Contract
from workers.repository.documentation import Documentation
from workers.repository.outline import OutlinedDefinition

SiteTier = Literal["T1", "T2", "T3"]
EdgeKind = Literal["calls", "reads", "imports", "overrides", "implements", "subclasses", "mentions"]
"""How a line relies on a definition. `mentions`: in a string or a file that is not code."""
SymbolChangeKind = Literal[
    "added", "removed", "renamed", "moved", "signature", "body", "documentation"
]


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition at one commit. `name` is qualified; lines are 1-based, decorators included.

    `documentation` is where its comment or doc string stands, as a rule outside of these lines.
    """

    path: str
    name: str
    kind: str
    line: int
    end_line: int
    signature: str
    commit: Sha
    documentation: Documentation | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A line that relies on a definition.

    T1: resolved (imports, same file, unique name); T2: typed by evidence nearby; T3: name only.
    `inside` is the qualified name of the definition around it, "" at the top of a file. `depth` 1
    relies on the definition itself, 2 on one that does, and so on; `via` is the (path, name) of
    that one, and tells no two sites apart. `commit` is None for a line of the head, and the base
    branch's tip for a line added there since. `adapted`: what moved or was renamed is named here by
    its new place or name.
    """

    path: str
    line: int
    text: str
    tier: SiteTier
    inside: str
    is_test: bool
    depth: int
    commit: Sha | None = None
    edge: EdgeKind = "calls"
    via: tuple[str, str] | None = field(default=None, compare=False)
    adapted: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """Where the users of a definition were not looked for.

    `files` of code, tests apart, and `tests` hold its name and were not read: it stands in too many
    of them. `unasked`: nobody looked at all, as too many names changed or no time was left.
    """

    files: int = 0
    tests: int = 0
    unasked: bool = False

    @property
    def all(self) -> int:
        """The files, those of tests too."""
        return self.files + self.tests


@dataclass(frozen=True, slots=True)
class ChangedSymbol:
    """A definition that the change touches. `name` is the head's, for a removed one the base's.

    `sites` holds T1 and T2 only; `possible` counts the lines that match by name alone, `unfollowed`
    the files that nobody read for it; `unparsed` are lines with its name in files of its language
    that could not be parsed, all T3. "signature"
    says that something before the body differs, "documentation" that nothing but its comment or
    doc string does; `aspects` say what, also of a body: what it returns, raises, or holds.
    `contracts` are the whole ones, where it stands on both sides.
    """

    path: str
    name: str
    kind: str
    change: SymbolChangeKind
    before: Definition | None
    after: Definition | None
    sites: tuple[Site, ...] = ()
    possible: int = 0
    unfollowed: Unfollowed = Unfollowed()
    unparsed: tuple[Site, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    language: str = ""
    contracts: tuple[Contract, Contract] | None = None

    @property
    def concerns_users(self) -> bool:
        """Whether code that uses it may have to change, or may behave otherwise."""
        if any(aspect.kind == "exported_again" for aspect in self.aspects):
            return any(a.concerns_users for a in self.aspects if a.kind != "place")
        if self.change in ("removed", "renamed"):
            return True
        return any(aspect.concerns_users for aspect in self.aspects)


def definition_of(path: str, commit: Sha, outlined: OutlinedDefinition) -> Definition:
    """An outlined definition with its place in history."""
    return Definition(
        path=path,
        name=outlined.name,
        kind=outlined.kind,
        line=outlined.line,
        end_line=outlined.end_line,
        signature=outlined.signature,
        commit=commit,
        documentation=outlined.documentation,
    )
