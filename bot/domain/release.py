"""A released package, and what one release breaks of another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Release:
    """One version of a package of an ecosystem ("python", "npm").

    `hashes` are what the lock file says, `sha256:hex` or `sha512-base64`; () where it says nothing.
    """

    ecosystem: str
    package: str
    version: str
    hashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Breakage:
    """What no longer holds of a public name. `name` is dotted, below the package; `what` is prose.

    `parameter` is the parameter that it is about, if any.
    """

    name: str
    what: str
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the newer release breaks. `note` says why nothing could be compared, or what was cut.

    `modules` are the names by which the older release is imported, where its files tell them.
    """

    breakages: tuple[Breakage, ...] = ()
    note: str = ""
    modules: tuple[str, ...] = ()
