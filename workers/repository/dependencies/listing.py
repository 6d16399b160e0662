"""What one manifest or lock file says: plain values with the line on which each stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ecosystem = Literal[
    "python", "npm", "go", "cargo", "maven", "bundler", "composer", "nuget", "actions", "image",
]  # fmt: skip

MOST_ENTRIES = 20_000
"""Requirements, and locked packages, of one file. More are cut, and the note says so."""


class Unreadable(ValueError):
    """A file that cannot be read as what its name says: not well-formed, too deep or too large.

    The only error of all readers; its text is shown, so it quotes nothing of the file.
    """


@dataclass(frozen=True, slots=True)
class Requirement:
    """One declared dependency.

    `constraint` is as written (`^1.2`, `>=1,<2`, a tag, a branch; "" is any version). `scope` is ""
    for what runs in production, else the group's name. `source` is "" for the ecosystem's own
    index, else `git URL`, `path DIR`, `url URL` or `index NAME`. `hashes` are `algorithm:value`.
    `conditional`: it holds only on some platforms or under some condition.
    """

    name: str
    constraint: str
    line: int
    scope: str = ""
    source: str = ""
    hashes: tuple[str, ...] = ()
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Locked:
    """One resolved package. `wanted`: requirement texts that led to it, where the lock keeps them.

    `source` is as in `Requirement`; `namespaces` are the code's own, where the lock tells them.
    """

    name: str
    version: str
    line: int
    source: str = ""
    hashes: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """One file. `direct` names what the lock itself calls direct; None where it does not tell.

    `includes` are paths, relative to the file, whose requirements count too (pip's `-r`).
    `provided` are names that need no entry in the lock: members of a workspace, what another
    package stands in for. `overridden`: the manifest says elsewhere what is locked instead.
    `indexes` are the addresses that the file names to take packages from.
    """

    ecosystem: Ecosystem
    requirements: tuple[Requirement, ...] = ()
    locked: tuple[Locked, ...] = ()
    direct: frozenset[str] | None = None
    includes: tuple[str, ...] = ()
    provided: frozenset[str] = frozenset()
    overridden: bool = False
    indexes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
