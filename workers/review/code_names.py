"""Names of code and places in files that a sentence holds (pure).

A name is told by its form: `Ledger.close`, `parse_row`, `fetchAll`, `open()`. A word of plain
English, a command, a value or an expression has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_IDENTIFIER = r"[A-Za-z_$][\w$]*"
_NAME = re.compile(rf"{_IDENTIFIER}(?:(?:\.|::|#|->){_IDENTIFIER})*[!?]?(?:\(\))?")
_BETWEEN = re.compile(r"\.|::|#|->")
_TICKED = re.compile(r"`([^`\n]+)`")
_TOKEN = re.compile(rf"(?<![\w$./@-]){_NAME.pattern}(?![\w$/@-])")
_INNER_CAPITAL = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]")
_PLACE = re.compile(
    r"(?<![\w/.@:+-])(?P<path>(?:[\w.+-]+/)*[\w+-][\w.+-]*\.(?P<kind>[A-Za-z]\w{0,9}))"
    r":(?P<line>\d+)(?:-(?P<end>\d+))?(?![\w:])"
)
_LANGUAGE = re.compile(r"__\w+__|\w+(?:Error|Exception|Warning)")
"""Names that languages give: they stand in no file of most projects."""
_SPOKEN = frozenset(
    "anonymous class cls constructor default init lambda main module new prototype self static "
    "super this top".split()
)
_HOSTS = frozenset("com dev io local net org".split())
_FILE_KINDS = frozenset("conf css go html ini java js json lock md py rb rs sh sql toml ts".split())
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class CodeName:
    """`Ledger.close()` is ("Ledger", "close")."""

    parts: tuple[str, ...]

    @property
    def told(self) -> tuple[str, ...]:
        """The parts that a project gives itself."""
        return tuple(part for part in self.parts if _is_given(part))


@dataclass(frozen=True, slots=True)
class Place:
    """`path:line` or `path:line-end`; `text` is how it is written, `kind` the path's extension."""

    text: str
    path: str
    kind: str
    line: int
    end: int


def names_in(title: str) -> tuple[CodeName, ...]:
    """The names of code in one line of text, each once."""
    ticked = [_called(span) for span in _TICKED.findall(title)]
    found = [_name(span) for span in ticked if _NAME.fullmatch(span) and _has_form(span)]
    plain = _TOKEN.findall(_TICKED.sub(" ", title))
    found += [_name(token) for token in plain if _has_plain_form(token)]
    return tuple(dict.fromkeys(found))


def name_of(symbol: str) -> CodeName | None:
    """The name that a finding gives for what it is about; None for words that are no name."""
    text = _called(symbol)
    return _name(text) if _NAME.fullmatch(text) and _has_form(text) else None


def places_in(text: str) -> tuple[Place, ...]:
    """Each line of a file that the text points at; hosts with a port are none."""
    return tuple(_place(match) for match in _matches(text))


def with_places(text: str, told: Callable[[Place], str]) -> str:
    """The text with each place as `told` tells it."""
    parts, end = [], 0
    for match in _matches(text):
        parts += [text[end : match.start()], told(_place(match))]
        end = match.end()
    return "".join((*parts, text[end:]))


def _matches(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _PLACE.finditer(text) if match["kind"].lower() not in _HOSTS)


def _place(match: re.Match[str]) -> Place:
    line = int(match["line"])
    return Place(match[0], match["path"], match["kind"], line, int(match["end"] or line))


def _called(text: str) -> str:
    """`run(job, 2)` is `run()`."""
    before, called, _ = text.strip().partition("(")
    return f"{before}()" if called and text.rstrip().endswith(")") else text.strip()


def _name(text: str) -> CodeName:
    return CodeName(tuple(_BETWEEN.split(text.removesuffix("()").rstrip("!?"))))


def _has_form(text: str) -> bool:
    """As no word of plain English is written; not as a file is named."""
    parts = _name(text).parts
    if len(parts) > 1:
        return parts[-1].lower() not in _FILE_KINDS
    return text.endswith("()") or "_" in text.strip("_") or bool(_INNER_CAPITAL.search(text))


def _has_plain_form(token: str) -> bool:
    """Stricter, for what nobody marked as code: GitHub and example.com are no names of code."""
    parts = _name(token).parts
    if not _has_form(token) or parts[-1].lower() in _HOSTS:
        return False
    marked = token.endswith("()") or any(mark in token for mark in ("::", "#", "->"))
    marked = marked or any("_" in part.strip("_") for part in parts)
    return marked or (len(parts) > 1 and any(any(map(str.isupper, part)) for part in parts))


def _is_given(part: str) -> bool:
    plain = part.strip("$")
    if len(plain) < _SHORTEST or plain.lower() in _SPOKEN:
        return False
    return not _LANGUAGE.fullmatch(plain)
