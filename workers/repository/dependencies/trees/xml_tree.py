"""XML with lines by expat. A document type or an entity ends the reading: nothing is expanded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from workers.repository.dependencies.listing import Unreadable
from workers.repository.dependencies.trees.node import DEEPEST, MOST_NODES

_LONGEST_TEXT = 4_000
"""Characters kept of one element's text: it comes in pieces, and to join many is slow."""


@dataclass(slots=True, eq=False)
class Element:
    """One element; `tag` has no namespace, `text` is that before its first child, stripped."""

    tag: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, tag: str) -> Iterator[Element]:
        """Its children of this tag."""
        return (child for child in self.children if child.tag == tag)

    def at(self, *tags: str) -> Element:
        """The first element below these tags; an empty one where there is none."""
        found = self
        for tag in tags:
            found = next(found.all(tag), Element("", self.line))
        return found

    def below(self, tag: str) -> Iterator[Element]:
        """Every element of this tag at any depth, in order."""
        for child in self.children:
            if child.tag == tag:
                yield child
            yield from child.below(tag)


def xml_tree(text: str) -> Element:
    """The root.

    Raises:
        Unreadable: it is not XML, it declares a document type, or it is too deep or too large.
    """
    builder = _Builder()
    try:
        builder.parser.Parse(text.encode(), True)
    except (expat.ExpatError, ValueError) as error:
        raise error if isinstance(error, Unreadable) else Unreadable("it is not XML") from error
    return builder.top.children[0]


class _Builder:
    """The handlers of one reading."""

    def __init__(self) -> None:
        self.top = Element("", 0)
        self._open = [self.top]
        self._count = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refused
        self.parser.EntityDeclHandler = self._refused

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > DEEPEST or self._count > MOST_NODES:
            raise Unreadable("its XML is too deep or has too many elements")
        made = Element(name.rpartition(":")[2], self.parser.CurrentLineNumber, attributes)
        self._open[-1].children.append(made)
        self._open.append(made)

    def _end(self, _name: str) -> None:
        closed = self._open.pop()
        closed.text = closed.text.strip()

    def _text(self, data: str) -> None:
        here = self._open[-1]
        if not here.children and len(here.text) < _LONGEST_TEXT:
            here.text += data[:_LONGEST_TEXT]

    def _refused(self, *_: object) -> NoReturn:
        raise Unreadable("its XML declares a document type or an entity")
