"""The uses of names that a Python module shows, as values."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from workers.repository.python.scopes import Imported


@dataclass(frozen=True, slots=True)
class ModuleImport:
    """One name of an import statement. `guard` says why it may fail without harm, or ""."""

    imported: Imported
    line: int
    guard: str


@dataclass(frozen=True, slots=True)
class NameUse:
    """A dotted read such as `mod.Class.method` outside import statements.

    `imported` is what the first name was imported as, None for a global of this module; `chain`
    are the names after it. `typed`: the last name belongs to an instance of the class before it
    (`x = Foo(); x.m` reads as `Foo` and `m`); `exact`: of that very class, no subclass.
    """

    name: str
    imported: Imported | None
    chain: tuple[str, ...]
    line: int
    end_line: int
    guard: str
    call: ast.Call | None
    inside: str
    typed: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class SelfUse:
    """`self.name`, `cls.name` or (`after_self`) `super().name` in a top-level class."""

    class_name: str
    name: str
    line: int
    end_line: int
    guard: str
    call: ast.Call | None
    after_self: bool = False


@dataclass(frozen=True, slots=True)
class ModuleUses:
    """Everything that one module takes from elsewhere, or from its own top level."""

    imports: tuple[ModuleImport, ...]
    names: tuple[NameUse, ...]
    selves: tuple[SelfUse, ...]
