"""What a name or an expression can stand for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """A definition of the repository, or an instance of a type; `name` "" is the module itself."""

    path: str
    name: str
    instance: bool = False
