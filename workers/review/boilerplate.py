"""What a description says once its template is taken away (pure).

Nobody wrote comments, check boxes, lines of the template and headings with nothing below them for
this change. A line that the author filled in differs from the template's, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

_Kind = Literal["text", "heading", "wordless"]
_WORD = re.compile(r"\w")

_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")
_BOX = re.compile(r"\[[ xX]\](?:\s+|\Z)")
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})(?:[ \t].*|\Z)")
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<name>[^*_\s](?:[^*_]*[^*_\s])?:?)(?P=mark):?")
_UNDERLINE = re.compile(r" {0,3}(?:={2,}|-{2,})[ \t]*")
_RULE = re.compile(r"(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|={3,}")
_FENCE = re.compile(r"(?P<fence>`{3,}|~{3,})[^`]*")
_MOST_WORDS = 6
"""A bold or underlined line of more words says something, as does one that ends a sentence."""
_BOLD_LEVEL = 7
_LEVELS = range(1, _BOLD_LEVEL + 1)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines that stay or go together. `level`: of a heading, 1 to 6, and 7 of a bold line."""

    kind: _Kind
    lines: tuple[str, ...]
    level: int = 0


def template_lines(templates: Iterable[str]) -> frozenset[str]:
    """The lines of these templates, as `without_boilerplate` compares them."""
    rows = (row for text in templates for row in _uncommented(text).split("\n"))
    return frozenset(folded for folded in map(_folded, rows) if folded)


def without_boilerplate(markdown: str, template: frozenset[str] = frozenset()) -> str:
    """What is left of a description or an issue.

    Args:
        markdown: as GitHub keeps it.
        template: of the repository, by `template_lines`.
    """
    pieces = [
        piece
        for piece in _pieces(_uncommented(markdown).split("\n"))
        if piece.kind != "text" or not _is_of(template, piece)
    ]
    text = "\n".join(row for piece in _filled(pieces) for row in piece.lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip() if _WORD.search(text) else ""


def _uncommented(markdown: str) -> str:
    return _HTML_COMMENT.sub("", markdown.replace("\r\n", "\n"))


def _folded(row: str) -> str:
    """A line less list marker, box and white space; "" where it holds no word."""
    bare = row.strip()
    marker = _MARKER.match(bare)
    bare = bare[marker.end() :] if marker else bare
    box = _BOX.match(bare)
    bare = " ".join((bare[box.end() :] if box else bare).split())
    return bare if _WORD.search(bare) else ""


def _is_of(template: frozenset[str], piece: _Piece) -> bool:
    """Whether each of its lines that holds a word is the template's."""
    said = [folded for folded in map(_folded, piece.lines) if folded]
    return bool(said) and template.issuperset(said)


def _pieces(rows: list[str]) -> Iterator[_Piece]:
    """The lines by what they are; check boxes, rules and blocks of code that hold no word go."""
    at = 0
    while at < len(rows):
        row = rows[at]
        bare = row.strip()
        fence = _FENCE.fullmatch(bare)
        if fence is not None:
            block = _block(rows, at, fence["fence"])
            at += len(block)
            if any(map(_folded, block[1:])):
                yield _Piece("text", block)
            continue
        at += 1
        if _is_underlined(rows, at - 1):
            yield _Piece("heading", (row, rows[at]), 1 if "=" in rows[at] else 2)
            at += 1
        elif not _is_box(bare) and not _RULE.fullmatch(bare):
            yield _piece(row, bare)


def _block(rows: list[str], start: int, fence: str) -> tuple[str, ...]:
    """A block of code with its fences; one that nobody closed goes to the end."""
    for end in range(start + 1, len(rows)):
        bare = rows[end].strip()
        if bare.startswith(fence) and not bare.strip(fence[0]):
            return tuple(rows[start : end + 1])
    return tuple(rows[start:])


def _is_underlined(rows: list[str], at: int) -> bool:
    """Whether the line, a paragraph of its own, is made a heading by the one below it."""
    row = rows[at]
    return (
        at + 1 < len(rows)
        and _UNDERLINE.fullmatch(rows[at + 1]) is not None
        and (at == 0 or not rows[at - 1].strip())
        and _MARKER.match(row.strip()) is None
        and _HEADING.fullmatch(row) is None
        and _names_a_section(row)
    )


def _is_box(bare: str) -> bool:
    marker = _MARKER.match(bare)
    return marker is not None and _BOX.match(bare, marker.end()) is not None


def _piece(row: str, bare: str) -> _Piece:
    heading = _HEADING.fullmatch(row)
    if heading is not None:
        return _Piece("heading", (row,), len(heading["marks"]))
    bold = _BOLD.fullmatch(bare)
    if bold is not None and _names_a_section(bold["name"]):
        return _Piece("heading", (row,), _BOLD_LEVEL)
    return _Piece("text" if _folded(row) else "wordless", (row,))


def _names_a_section(text: str) -> bool:
    words = text.split()
    return 0 < len(words) <= _MOST_WORDS and not words[-1].endswith((".", "!"))


def _filled(pieces: list[_Piece]) -> list[_Piece]:
    """All but the headings that have no text before the next one of their level or above."""
    kept: list[_Piece] = []
    has_text = dict.fromkeys(_LEVELS, False)
    for piece in reversed(pieces):
        if piece.kind == "text":
            has_text = dict.fromkeys(_LEVELS, True)
        elif piece.kind == "heading":
            filled = has_text[piece.level]
            has_text |= dict.fromkeys(range(piece.level, _BOLD_LEVEL + 1), False)
            if not filled:
                continue
        kept.append(piece)
    return kept[::-1]
