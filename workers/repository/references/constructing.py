"""Which uses of a type rely on its constructor: not those that only name the type. Pure."""

from __future__ import annotations

import re

from workers.repository.graph import Site
from workers.repository.outline import RETURNED, Outline

_MADE_UNNAMED = re.compile(r"\bnew\s*\(")
_CONSTRUCTS = r"(?:new|__new__|__init__|__construct|call|apply)\b"
"""Members that make one: `Basket::new`, `Basket.__init__(self)`, `Basket.call(this)`."""
_TESTS = (
    r"\b(?:isinstance|issubclass|instanceof|except|rescue|catch|raises|is_a\?|kind_of\?)"
    r"[^=;{]{0,200}?"
)
_MEMBER_FOLLOWS = rf"(?!\w|\s*(?:\.|::)\s*(?!{_CONSTRUCTS})[A-Za-z_])"


def may_construct(site: Site, type_name: str, outline: Outline) -> bool:
    """Whether a direct use of a type may run its constructor; `outline` is that of the site's file.

    An import does not, nor what stands as a declared type (`x: Basket`), before a member
    (`Basket.load()`) or as what a value is tested for (`except Basket`). The bare name as a value
    (`map(Basket, rows)`) may, and a declared type where the language makes one by it: C++'s
    `Basket b;`, C#'s `Basket b = new(3);`.
    """
    if site.edge == "imports":
        return False
    if site.edge != "reads" or outline.language == "cpp" or _MADE_UNNAMED.search(site.text):
        return True
    plain = rf"(?<!\w){re.escape(type_name)}"
    bare = len(re.findall(rf"{plain}{_MEMBER_FOLLOWS}", site.text))
    tested = len(re.findall(rf"{_TESTS}{plain}(?!\w)", site.text))
    return bare > max(_declared(site, type_name, outline), tested)


def _declared(site: Site, type_name: str, outline: Outline) -> int:
    """How often the line writes the name as a type: of values, or of what its function returns."""
    around = outline.enclosing(site.line)
    head = range(0)
    if around is not None and site.line <= around.line + around.signature.count("\n"):
        head = range(around.line, site.line + 1)
    types = {
        (each.name.removeprefix("self."), each.type)
        for each in outline.typed
        if each.line == site.line or (each.name == RETURNED and each.line in head)
    }
    word = re.compile(rf"(?<!\w){re.escape(type_name)}(?!\w)")
    return sum(len(word.findall(text)) for _, text in types)
