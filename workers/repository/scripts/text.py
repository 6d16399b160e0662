"""JavaScript and TypeScript as text with places: comments and strings blanked, brackets counted.

The parser's outline has neither columns nor statements; what is read here needs both. Text that
does not read as a script gives None, so that nothing is concluded from it.
https://tc39.es/ecma262/#sec-ecmascript-language-lexical-grammar
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from workers.repository.outline import SIZE_CAP_BYTES

SUFFIXES = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts")

_LITERALS = r"""//[^\n]*|/\*(?:[\s\S]*?\*/)?|'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*\""""
_PIECE = re.compile(rf"{_LITERALS}|[^`'\"/]+|.")
_PIECE_IN_TEMPLATE = re.compile(rf"{_LITERALS}|[^`'\"/{{}}]+|.")
_LAST = re.compile(r"(\w+|\S)\s*$")
_TEMPLATE = re.compile(r"(?:\\[\s\S]|[^`\\$]|\$(?!\{))*(`|\$\{)")
_LINE = re.compile(r"(?:\\[\s\S]|[^\\\n])*")
"""To the end of a line, or of the lines that a backslash joins."""
_REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]*")
_BEFORE_REGEX = frozenset("(,=:[!&|?{;+-*%>~^")
_WORDS_BEFORE_REGEX = frozenset(
    ("return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "await", "yield")
)
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Bracket:
    """An opening bracket: where it stands, where it closes, how many are open around it."""

    kind: str
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class ScriptText:
    """`code` is `text` with comments and the insides of literals turned into spaces."""

    text: str
    code: str
    brackets: tuple[Bracket, ...]
    line_starts: tuple[int, ...]

    def line(self, offset: int) -> int:
        """The 1-based line of an offset."""
        return bisect_right(self.line_starts, offset)

    def around(self, offset: int) -> list[Bracket]:
        """The brackets that enclose an offset, outermost first."""
        return [one for one in self.brackets if one.start < offset < one.end]

    def depth(self, offset: int) -> int:
        """How many brackets are open."""
        return len(self.around(offset))

    def closing(self, start: int) -> int:
        """Where the bracket that opens at `start` closes; -1 if none opens there."""
        return next((one.end for one in self.brackets if one.start == start), -1)

    def is_tried(self, offset: int) -> bool:
        """Whether a failure here is caught: inside `try { }`."""
        return any(
            one.kind == "{" and re.search(r"\btry\s*$", self.code[: one.start][-20:])
            for one in self.around(offset)
        )


def script_text(text: str) -> ScriptText | None:
    """The text with its places; None where it is too large or does not read as a script."""
    if len(text) > SIZE_CAP_BYTES:
        return None
    code = _blanked(text)
    brackets = _brackets(code) if code is not None else None
    if code is None or brackets is None:
        return None
    starts = (0, *(found.end() for found in re.finditer("\n", text)))
    return ScriptText(text, code, brackets, starts)


def _blanked(text: str) -> str | None:
    try:
        return _Blanking(text).done()
    except _NoScriptError:
        return None


class _NoScriptError(Exception):
    """A comment, template or regular expression does not end: the text is no script."""


class _Blanking:
    """Copies a script literal by literal, word by word."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.pieces: list[str] = []
        self.before = ""
        """The last word or sign that is neither space nor comment."""
        self.templates: list[int] = []
        """The braces that are open inside each `${`."""
        self.unclosed: dict[str, int] = {}
        """Up to where no string in such quotes ends: that is looked for once, not by each quote."""

    def done(self) -> str:
        """The whole text, blanked. Raises _NoScriptError."""
        while self.at < len(self.text):
            self._next()
        if self.templates:
            raise _NoScriptError
        return "".join(self.pieces)

    def _next(self) -> None:
        if self.at < self.unclosed.get(self.text[self.at], 0):
            self._put(self.text[self.at], " ", self.before)
            return
        pattern = _PIECE_IN_TEMPLATE if self.templates else _PIECE
        piece = _required(pattern.match(self.text, self.at))[0]
        if piece == "`" or (piece == "}" and self.templates[-1:] == [0]):
            self._template(piece)
        elif piece == "/*":
            raise _NoScriptError  # else each further one looked for its end in all that follows
        elif piece.startswith(("//", "/*")):
            self._put(piece, _spaces(piece), self.before)
        elif piece == "/" and _may_be_regex(self.before):
            regex = _required(_REGEX.match(self.text, self.at))
            self._put(regex[0], _hollow(regex[0]), ")")
        elif piece in ("'", '"'):
            # No string ends on its line: text of an element.
            self.unclosed[piece] = _required(_LINE.match(self.text, self.at + 1)).end()
            self._put(piece, " ", self.before)
        elif piece[0] in "'\"":
            self._put(piece, _hollow(piece), ")")
        else:
            if self.templates and piece in ("{", "}"):
                self.templates[-1] += 1 if piece == "{" else -1
            last = _LAST.search(piece[-200:])
            self._put(piece, piece, last[1] if last else self.before)

    def _template(self, piece: str) -> None:
        """From a back quote, or the brace that ends a `${`, to the next of either."""
        found = _required(_TEMPLATE.match(self.text, self.at + 1))
        if piece == "}":
            self.templates.pop()
        if found[1] == "${":
            self.templates.append(0)
        whole = self.text[self.at : found.end()]
        self._put(whole, _hollow(whole), "(" if found[1] == "${" else ")")

    def _put(self, taken: str, shown: str, before: str) -> None:
        self.pieces.append(shown)
        self.before = before
        self.at += len(taken)


def _required(found: re.Match[str] | None) -> re.Match[str]:
    if found is None:
        raise _NoScriptError
    return found


def _may_be_regex(before: str) -> bool:
    return not before or before[-1] in _BEFORE_REGEX or before in _WORDS_BEFORE_REGEX


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _hollow(text: str) -> str:
    """A literal without its inside; what brackets a template opens stays a pair of quotes."""
    return f'"{_spaces(text[1:-1])}"' if len(text) > 1 else '"'


def _brackets(code: str) -> tuple[Bracket, ...] | None:
    found: list[Bracket] = []
    waiting: list[tuple[str, int]] = []
    for match in re.finditer(r"[(){}\[\]]", code):
        kind = match[0]
        if kind in "([{":
            waiting.append((kind, match.start()))
        elif not waiting or waiting[-1][0] != _PAIRS[kind]:
            return None
        else:
            opened, start = waiting.pop()
            found.append(Bracket(opened, start, match.start(), len(waiting)))
    return None if waiting else tuple(sorted(found, key=lambda one: one.start))


def items(script: ScriptText, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans between the commas of a list or object that opens at `start`."""
    begin, at = start + 1, start + 1
    inner = {one.start: one.end for one in script.brackets if start < one.start < end}
    while at < end:
        if at in inner:
            at = inner[at]
        elif script.code[at] == ",":
            yield begin, at
            begin = at + 1
        at += 1
    if script.code[begin:end].strip():
        yield begin, end
