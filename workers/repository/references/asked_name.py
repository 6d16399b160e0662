"""A symbol's name as it is asked for: `Config.parse`, `Basket#total=`, `Basket::<<`. Pure.

A name is more than a word: Ruby has `valid?`, `call!`, `total=` and operators
(https://docs.ruby-lang.org/en/master/syntax/methods_rdoc.html#label-Method+Names), C++ `operator==`
and `~Basket`, JavaScript `#secret`, Kotlin names in backticks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

_LONGEST = 400
_WORD = r"(?:[$~#]|@@?|r#)?[^\W\d][\w$]{0,199}[!?=]?|\$\w{1,199}|`[^`]{1,199}`"
_RUBY = r"\[\]=?|\*\*|<=>|={2,3}|=~|!~|!=?|<<|>>|<=|>=|[-+~]@?|[*/%<>&|^]"
_CPP = r"operator(?:\s*(?:\(\)|\[\]|->\*?|[-+*/%^&|~!=<>,]{1,3}|\"\"\s*\w{1,99})|\s+[\w:]{1,99})"
_NAME = re.compile(rf"(?:(?P<owners>.*)(?:\.|::|->|(?<=\w)#))??(?P<simple>{_CPP}|{_WORD}|{_RUBY})")
_SEPARATORS = re.compile(r"\.|::|#|->")
_SIGNS = re.compile(r"\A(?:[$#]|@@?|r#)|[!?=]\Z")


@dataclass(frozen=True)
class Spelling:
    """One way in which code may write a name."""

    name: str

    @cached_property
    def is_operator(self) -> bool:
        """Whether it is used without its name being written: no search tells who uses it."""
        return re.fullmatch(_WORD, self.name) is None

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What to search for as whole words. `is_in` says which of the lines are meant."""
        if self.name.startswith("operator"):
            return ("operator",) if self.is_operator else (self.name,)
        if self.is_operator:
            return (f"def {self.name}", f"def self.{self.name}")
        return (self.name.removesuffix("="),)

    def is_in(self, line: str) -> bool:
        """Whether a line that holds one of the words may mean the name."""
        return self._written.search(line) is not None

    def is_name_of(self, simple: str) -> bool:
        """Whether a definition that is called so is meant; `#secret` is by `secret` as well."""
        return _squeezed(simple) in (_squeezed(self.name), f"#{self.name}")

    @cached_property
    def _written(self) -> re.Pattern[str]:
        if self.name.startswith("operator") and self.is_operator:
            parts = (re.escape(part) for part in re.findall(r"\w+|[^\w\s]", self.name))
            spaced = r"\s*".join(parts)
            return re.compile(rf"\b{spaced}(?![\w=<>&|+*-])")
        if self.name.endswith("=") and not self.is_operator:
            plain = re.escape(self.name[:-1])
            return re.compile(rf"(?<!\w){plain}\s*=(?![=~>])|\battr_.*:{plain}\b")
        return re.compile(re.escape(self.name))


@dataclass(frozen=True, slots=True)
class AskedName:
    """`simple` is the name itself, `owners` what it is said to stand in, outermost first."""

    owners: tuple[str, ...]
    simple: str

    @classmethod
    def of(cls, text: str) -> Self | None:
        """None for a text that names no symbol."""
        bare = text.strip()
        found = _NAME.fullmatch(bare) or _NAME.fullmatch(bare.removesuffix("()"))
        if found is None or len(bare) > _LONGEST or not bare.isprintable():
            return None
        owners = _SEPARATORS.split(found["owners"] or "")
        return cls(tuple(filter(None, owners)), found["simple"])

    def spellings(self) -> Iterator[Spelling]:
        """As asked; then without the signs that a definition lacks: the field behind `total=`."""
        asked = Spelling(self.simple)
        yield asked
        plain = _SIGNS.sub("", self.simple)
        if plain != self.simple and not asked.is_operator:
            yield Spelling(plain)


def _squeezed(name: str) -> str:
    """`operator==` of `operator ==`; a space between two words stays."""
    return re.sub(r"\s+(?=\W)|(?<=\W)\s+", "", name) if name.startswith("operator") else name
