"""The little Markdown that a model writes, for a terminal: bold, code, lists, headings, fences.

Everything else stays as it was written. Without colour a code span keeps its backticks, as nothing
else would set it apart; bold text loses its asterisks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["blank", "heading", "item", "code", "line"]

_SPAN = re.compile(
    r"(?<!`)(?P<run>`{1,3})(?!`)(?P<code>[^\n]+?)(?<!`)(?P=run)(?!`)"
    r"|(?P<mark>\*\*|(?<!\w)__)(?=\S)(?P<bold>[^\n]+?)(?<=\S)(?P=mark)(?!\w)"
)
_ITEM = re.compile(r"(?P<bullet>[-*+]|\d{1,3}[.)]) +(?P<text>.*)")
_HEADING = re.compile(r"#{1,6} +(?P<text>.*?)(?: +#+)?")
_FENCE = re.compile(r"(?P<fence>`{3,}|~{3,})[^`]*")


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the text; `indent` are the spaces before it, `bullet` a list item's mark."""

    kind: BlockKind
    text: str = ""
    indent: int = 0
    bullet: str = ""


def blocks(text: str) -> Iterator[Block]:
    """The lines of a text with what each of them is; lines of fenced code as they stand."""
    fence = ""
    for line in text.strip("\n").split("\n"):
        bare = line.strip()
        if fence:
            if bare.startswith(fence) and not bare.strip(fence[0]):
                fence = ""
            else:
                yield Block("code", line)
        elif opening := _FENCE.fullmatch(bare):
            fence = opening["fence"]
        else:
            yield _block(bare, len(line) - len(line.lstrip()))


def _block(bare: str, indent: int) -> Block:
    if not bare:
        return Block("blank")
    if heading := _HEADING.fullmatch(bare):
        return Block("heading", heading["text"], indent)
    if item := _ITEM.fullmatch(bare):
        bullet = item["bullet"] if item["bullet"][0].isdigit() else "-"
        return Block("item", item["text"], indent, bullet)
    return Block("line", bare, indent)


def spans(text: str, style: str, colour: bool) -> Iterator[tuple[str, str]]:
    """One line in parts of (text, style): `style`, or "code", or "title" for what is bold."""
    position = 0
    for match in _SPAN.finditer(text):
        if match.start() > position:
            yield text[position : match.start()], style
        if match["code"] is None:
            yield from spans(match["bold"], "title", colour)
        elif colour:
            yield match["code"].strip() or match["code"], "code"
        else:
            yield match[0], style
        position = match.end()
    if position < len(text):
        yield text[position:], style
