"""How one function, its import and its call are written in each of four languages. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A module of the made-up repository: a package and a number in it."""

    package: int
    module: int

    @property
    def name(self) -> str:
        """`m0012`: unique in the whole repository."""
        return f"m{self.package:03}{self.module:02}"


class Python:
    """`from big.p003.m00312 import settle`, then `settle(a, b)`."""

    name = "python"

    def path(self, at: Place) -> str:
        """Where the module lies."""
        return f"big/p{at.package:03}/{at.name}.py"

    def spelled(self, words: str) -> str:
        """A function's name from `two_words`."""
        return words

    def header(self, at: Place, imports: Sequence[tuple[Place, str]]) -> list[str]:
        """The lines before the functions; one an import, in the order given."""
        lines = [f'"""Module {at.name}."""', ""]
        lines += [
            f"from big.p{there.package:03}.{there.name} import {name}" for there, name in imports
        ]
        return [*lines, ""]

    def function(self, name: str, parameters: Sequence[str], body: Sequence[str]) -> list[str]:
        """A whole function."""
        first = f"def {name}({', '.join(parameters)}):"
        return ["", first, *(f"    {line}" for line in body), "    return total", ""]

    def footer(self) -> list[str]:
        """The lines after the functions."""
        return []

    def call(self, here: Place, there: Place, name: str) -> str:
        """A statement that calls the function of another module."""
        del here, there
        return f"total = {name}(first, second)"

    def filler(self, one: str, two: str, number: int) -> str:
        """A statement that calls nothing."""
        return f"{one} = {two} + {number}  # {two} of {one}"


class TypeScript(Python):
    """`import { settle } from "../p003/m00312"`, then `settle(a, b)`."""

    name = "typescript"

    def path(self, at: Place) -> str:
        """Where the module lies."""
        return f"typescript/src/p{at.package:03}/{at.name}.ts"

    def spelled(self, words: str) -> str:
        """`twoWords`."""
        head, *rest = words.split("_")
        return head + "".join(word.title() for word in rest)

    def header(self, at: Place, imports: Sequence[tuple[Place, str]]) -> list[str]:
        """The lines before the functions."""
        lines = [f"// Module {at.name}.", ""]
        lines += [
            f'import {{ {name} }} from "../p{there.package:03}/{there.name}";'
            for there, name in imports
        ]
        return [*lines, ""]

    def function(self, name: str, parameters: Sequence[str], body: Sequence[str]) -> list[str]:
        """A whole function."""
        typed = ", ".join(f"{parameter}: number" for parameter in parameters)
        first = f"export function {name}({typed}): number {{"
        return ["", first, *(f"  {line};" for line in body), "  return total;", "}"]

    def filler(self, one: str, two: str, number: int) -> str:
        """A statement that calls nothing."""
        return f"const {self.spelled(one)} = {self.spelled(two)} + {number}"


class Go(Python):
    """`import "example.com/big/go/p003"`, then `p003.Settle(a, b)`."""

    name = "go"

    def path(self, at: Place) -> str:
        """Where the file lies."""
        return f"go/p{at.package:03}/{at.name}.go"

    def spelled(self, words: str) -> str:
        """`TwoWords`."""
        return "".join(word.title() for word in words.split("_"))

    def header(self, at: Place, imports: Sequence[tuple[Place, str]]) -> list[str]:
        """The lines before the functions."""
        there = sorted(
            {f"p{place.package:03}" for place, _ in imports if place.package != at.package}
        )
        lines = [f"// Package p{at.package:03} does its part.", f"package p{at.package:03}", ""]
        return [*lines, *(f'import "example.com/big/go/{name}"' for name in there), ""]

    def function(self, name: str, parameters: Sequence[str], body: Sequence[str]) -> list[str]:
        """A whole function."""
        first = f"func {name}({', '.join(parameters)} int) int {{"
        return ["", first, *(f"\t{line}" for line in body), "\treturn total", "}"]

    def call(self, here: Place, there: Place, name: str) -> str:
        """A statement that calls the function of another file."""
        prefix = "" if here.package == there.package else f"p{there.package:03}."
        return f"total = {prefix}{name}(first, second)"

    def filler(self, one: str, two: str, number: int) -> str:
        """A statement that calls nothing."""
        return f"{one} := {two} + {number} // {two} of {one}"


class Java(Python):
    """`import com.big.p003.M00312`, then `M00312.settle(a, b)`."""

    name = "java"

    def path(self, at: Place) -> str:
        """Where the class lies."""
        return f"java/src/main/java/com/big/p{at.package:03}/{at.name.title()}.java"

    def spelled(self, words: str) -> str:
        """`twoWords`."""
        return TypeScript().spelled(words)

    def header(self, at: Place, imports: Sequence[tuple[Place, str]]) -> list[str]:
        """The lines before the functions."""
        classes = dict.fromkeys(
            f"com.big.p{there.package:03}.{there.name.title()}" for there, _ in imports
        )
        lines = [f"package com.big.p{at.package:03};", "", *(f"import {name};" for name in classes)]
        return [*lines, "", f"public final class {at.name.title()} {{"]

    def function(self, name: str, parameters: Sequence[str], body: Sequence[str]) -> list[str]:
        """A whole method."""
        typed = ", ".join(f"int {parameter}" for parameter in parameters)
        first = f"    public static int {name}({typed}) {{"
        return ["", first, *(f"        {line};" for line in body), "        return total;", "    }"]

    def footer(self) -> list[str]:
        """The lines after the functions."""
        return ["}"]

    def call(self, here: Place, there: Place, name: str) -> str:
        """A statement that calls the method of another class."""
        del here
        return f"total = {there.name.title()}.{name}(first, second)"

    def filler(self, one: str, two: str, number: int) -> str:
        """A statement that calls nothing."""
        return f"int {self.spelled(one)} = {self.spelled(two)} + {number}"


Dialect = Python
DIALECTS: tuple[Dialect, ...] = (Python(), TypeScript(), Go(), Java())
