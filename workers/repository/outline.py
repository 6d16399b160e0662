"""The outline of one source file: what it defines, what it imports, and where it uses a name.

Plain values only: no parser's node leaves this package, so outlines can be stored and compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workers.repository.documentation import Documentation

DefinitionKind = Literal[
    "function", "method", "class", "interface", "struct", "enum", "trait", "type", "module",
    "constant", "variable", "field",
]  # fmt: skip
VALUES = ("variable", "constant", "field")
"""The kinds that hold a value."""

_VALUES = ("constant", "variable", "field")

SIZE_CAP_BYTES = 600_000
"""Larger files are not parsed: the slowest real file below it took 0.4 s."""


@dataclass(frozen=True, slots=True)
class OutlinedDefinition:
    """One definition. `name` is qualified (`Class.method`); `line` counts its decorators in.

    `signature` is the text before the body, as written; `bases` are the written names of what it
    extends, embeds or implements; `extends` is the type that an extension function (Kotlin, C#)
    adds to. `documentation` is where its comment or doc string stands.
    """

    name: str
    kind: DefinitionKind
    line: int
    name_line: int
    end_line: int
    signature: str
    bases: tuple[str, ...] = ()
    extends: str = ""
    documentation: Documentation | None = None

    @property
    def simple(self) -> str:
        """`method` of `Class.method`."""
        return self.name.rpartition(".")[2]

    @property
    def container(self) -> str:
        """`Class` of `Class.method`; "" for a definition at the top."""
        return self.name.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Import:
    """One imported thing: `from module import name as alias`.

    `module` is as written (`..pkg`, `./file.js`, `a/b`). `name` is "" where the module itself is
    bound, "*" where everything is; `alias` is the local name ("" where nothing is bound).
    `exported` marks a re-export (`export {a} from './b'`, `pub use`).
    """

    module: str
    name: str
    alias: str
    line: int
    exported: bool = False


KEYWORD = "="
"""The `receiver` of a name that only labels an argument or a key."""


@dataclass(frozen=True, slots=True)
class Use:
    """An identifier outside comments and strings.

    `receiver` is the expression before its dot, without arguments (`Basket().owner`), or "", or
    `KEYWORD`.
    """

    name: str
    receiver: str
    line: int
    is_call: bool


RETURNED = "()"
"""The `name` of a `Typed` that says what the definition around it returns."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Evidence, written on `line`, that `name` holds an instance of a type on lines `start`..`end`.

    `name` is a local name (`basket`, `$basket`), a field of the type around (`self.basket`,
    whatever the language writes), or `RETURNED`. Either `type` is a type as declared (`Basket |
    None`), or `value` is the expression that it was given, without arguments (`Basket()`, `other`),
    `items[]` for one of them, "?" for something of which nothing is known.
    """

    name: str
    line: int
    start: int
    end: int
    type: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A file's outline. `note` says why it is empty, when it was not read.

    `package` is the namespace or package that the file declares, as written; "" where its
    language has none. `documentation` is the file's own: of a module, a package. `errors` are the
    lines, from and to, that the grammar could not read, the first of them: syntax errors, and in
    C and C++ macros too. What is defined there may be missing.
    """

    language: str = ""
    definitions: tuple[OutlinedDefinition, ...] = ()
    imports: tuple[Import, ...] = ()
    note: str = ""
    typed: tuple[Typed, ...] = ()
    package: str = ""
    documentation: Documentation | None = None
    errors: tuple[tuple[int, int], ...] = ()

    @property
    def lines_in_error(self) -> int:
        """How many lines the grammar could not read."""
        return sum(last - first + 1 for first, last in self.errors)

    def enclosing(self, line: int) -> OutlinedDefinition | None:
        """The innermost definition around a line."""
        around = [entry for entry in self.definitions if entry.line <= line <= entry.end_line]
        heads = {entry.name for entry in around if entry.name_line == line}
        held = [
            entry
            for entry in around
            if not (entry.kind in _VALUES and entry.container in heads)  # a field in a class's head
        ]
        return max(held, key=lambda entry: (entry.line, -entry.end_line), default=None)

    def find(self, name: str) -> OutlinedDefinition | None:
        """The last definition of this qualified name: the one that counts at run time."""
        return next((entry for entry in reversed(self.definitions) if entry.name == name), None)
