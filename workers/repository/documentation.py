"""What documents a definition: the place of its comment or doc string, and what that says. Pure.

An outline keeps the place only. The words stand in the file, which is at hand whenever they are
asked for, and whoever reads them from redacted lines shows no credential.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

LONGEST_SENTENCE = 200
"""Characters; what is longer is cut, and ends in three dots."""
_MOST_LINES = 60
_MOST_CHARACTERS = 1_000
"""Of a first paragraph, before it is cut to its first sentence."""
_STRING = re.compile(r"""[rRuU]{0,2}(\"{3}|'{3}|"|')""")
_BLOCK = re.compile(r"/\*+!?")
_LINE = re.compile(r"(?://[/!]*|#+)<?")
_HAS_WORD = re.compile(r"\w")
_FOR_TOOLS = re.compile(
    r"go:\w|nolint\b|NOLINT|\+build\b|clang-format\b|rubocop:|:nodoc:|:doc:|typed: |encoding: "
    r"|frozen_string_literal:|-\*-|!/|eslint|cspell:|noinspection\b|region\b|endregion\b"
)
"""What a line says to a program, not to a reader."""
_BRIEF = re.compile(r"[@\\](?:brief|short|summary|description|desc|details)\b:?\s*")
_TAG = re.compile(r"[@\\][A-Za-z]|:\w[^:]*:(?:\s|$)|#{1,6} |>>> |```|~~~")
"""Begins a list of parameters, a heading or an example: the prose is over."""
_INLINE = re.compile(r"\{@\w+\s*([^{}]*)\}")
_SUMMARY = re.compile(r"<summary>(.*?)(?:</summary>|$)", re.DOTALL)
_REFERENCE = re.compile(r"""<\w+\s+(?:cref|name|langword|href)="(?:[A-Z]:)?([^"<>]*)"\s*/>""")
_MARKUP = re.compile(
    r"</?(?:p|b|i|em|strong|code|tt|pre|br|ul|ol|li|a|h[1-6]|div|span|summary|remarks|para|c|see"
    r"|seealso|inheritdoc|param|returns|value|typeparam|exception|example)(?:\s[^<>]*)?/?>"
)
_END = re.compile(r"[.!?][\"')\]]*(?=\s|$)|[\u3002\uff01\uff1f]")
"""The last three are Chinese and Japanese."""
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:[A-Z]|e\.g|i\.e|etc|vs|cf|resp|approx|incl|Mr|Dr|No)$")


@dataclass(frozen=True, slots=True)
class Documentation:
    """The lines of a comment or doc string, 1-based, the last one included."""

    line: int
    end_line: int

    def sentence(self, lines: Sequence[str]) -> str:
        """Its first sentence, given all lines of the file."""
        return first_sentence(lines[self.line - 1 : self.end_line])

    def digest(self, lines: Sequence[str]) -> str:
        """A short digest of all its words, layout apart."""
        words = " ".join(prose(lines[self.line - 1 : self.end_line])).split()
        return blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=12).hexdigest()


def first_sentence(lines: Sequence[str]) -> str:
    """The first sentence of a comment or doc string on one line; "" where it says nothing.

    Where there is no prose, it is the first tag (`@return the name`).
    """
    text = " ".join(_first_paragraph(prose(lines[:_MOST_LINES])))[:_MOST_CHARACTERS]
    plain = " ".join(_INLINE.sub(r"\1", text).split())
    sentence = plain[: _end_of_sentence(plain)]
    if len(sentence) <= LONGEST_SENTENCE:
        return sentence
    return f"{sentence[: LONGEST_SENTENCE - 3].rstrip()}..."


def prose(lines: Sequence[str]) -> Iterator[str]:
    """What each line says without the marks of a comment: "" where it says nothing to a reader."""
    first = lines[0].strip() if lines else ""
    if opened := _STRING.match(first):
        rows = _until(opened[1], [first[opened.end() :], *lines[1:]])
    elif first.startswith("/*"):
        rows = (
            re.sub(r"^\s*\*", "", row)
            for row in _until("*/", [_BLOCK.sub("", first, count=1), *lines[1:]])
        )
    elif first.startswith("=begin"):
        rows = _until("=end", [first.removeprefix("=begin"), *lines[1:]])
    else:
        rows = (_LINE.sub("", row.strip(), count=1) for row in lines)
    for row in rows:
        said = row.strip()
        yield said if _HAS_WORD.search(said) and not _FOR_TOOLS.match(said) else ""


def _until(end: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        before, found, _ = line.partition(end)
        yield before
        if found:
            return


def _first_paragraph(rows: Iterator[str]) -> list[str]:
    """Up to a blank line or a tag; C#'s summary where there is one."""
    text = "\n".join(rows)
    if summary := _SUMMARY.search(text):
        text = summary[1]
    text = _MARKUP.sub("", _REFERENCE.sub(r"\1", text))
    found: list[str] = []
    tags: list[str] = []
    for row in map(str.strip, text.split("\n")):
        said = _BRIEF.sub("", row, count=1) if _BRIEF.match(row) else row
        if found and (not said or _TAG.match(said)):
            break
        if said:
            (tags if _TAG.match(said) else found).append(said)
    return found or tags[:1]


def _end_of_sentence(text: str) -> int:
    for end in _END.finditer(text):
        before = text[max(end.start() - 8, 0) : end.start()]
        if end[0][0] != "." or end.end() == len(text) or not _ABBREVIATION.search(before):
            return end.end()
    return len(text)
