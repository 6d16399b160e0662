"""What a word of Ruby can mean by how it is written: a constant, a variable or a call. Pure.

A word that was given a value above is a variable, else a call of a method without arguments.
https://docs.ruby-lang.org/en/master/syntax/assignment_rdoc.html#label-Local+Variables+and+Methods
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workers.repository.outline import Outline, Use

_CONSTANTS = re.compile(r"(?:::)?[A-Z]\w*(?:::[A-Z]\w*)*|::")


def is_plain_word(use: Use) -> bool:
    """A bare word that begins small: a variable looks like a call without arguments."""
    return not use.receiver and not use.is_call and not use.name[:1].isupper()


_NEAR = "{0,200}"
"""So far from the word its signs are looked for. Without a bound one long line of a stranger's file
takes hours: each sign on it would look at all that follows."""


def is_constant(use: Use) -> bool:
    """A word with a capital and no arguments calls no method."""
    return use.name[:1].isupper() and not use.is_call


def names_constants(receiver: str) -> bool:
    """Whether `Shop::Basket`, `::Shop` or the lone `::` stands before the word."""
    return _CONSTANTS.fullmatch(receiver) is not None


def names_scope(receiver: str, container: str) -> bool:
    """Whether constants that resolve to nothing may be the end of this qualified name, in dots.

    After a leading `::` they are the whole of it.
    """
    written = receiver.removeprefix("::").replace("::", ".")
    return written == container or (
        not receiver.startswith("::") and container.endswith(f".{written}")
    )


def binding_lines(lines: Sequence[str], name: str) -> Iterator[int]:
    """The 1-based lines that may give a variable of this name a value."""
    word = rf"(?<![\w@$.:]){re.escape(name)}(?![\w?!])"
    given = re.compile(
        rf"{word}\s*(?:\*\*|\|\||&&|<<|>>|[-+*/%|&^])?=(?![=~>])"
        rf"|{word}\s*(?:,[^=|]{_NEAR})=(?![=~>])|\|[^|]{_NEAR}{word}[^|]{_NEAR}\|"
        rf"|(?:=>|\bfor)\s*{word}|\bdef\b.{_NEAR}[(\s*&]{word}|->[^{{)]{_NEAR}{word}"
    )
    for number, line in enumerate(lines, 1):
        if name in line and given.search(line):
            yield number


def seen_from(outline: Outline, line: int) -> int:
    """The line from which on a variable may be seen there: of the method, else of the type."""
    around = [each for each in outline.definitions if each.line <= line <= each.end_line]
    methods = [each.line for each in around if each.kind in ("method", "function")]
    types = [each.line for each in around if each.kind in ("class", "module")]
    return max(methods, default=max(types, default=1))
