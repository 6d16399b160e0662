"""Where else the names of the changed lines stand: one line each, the telling names first.

A call graph ends at a field, a dictionary or a key that changed lines write and other files read.
Those readers carry the same name, and a name that few files hold is a thread worth following.
Lines found so are name matches (T3): a place to look, no proof of a relation.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.diff import FileChange
from bot.domain.identifiers import Sha
from workers.context.fragment import Fragment
from workers.context.sources import SourceHit, Sources
from workers.repository.file_kinds import file_kind
from workers.repository.test_paths import is_test_path

_NAME = re.compile(r"[^\W\d]\w{3,}")
_BARE_WORD = re.compile(r"[a-z]+|[A-Z][a-z]+|[A-Z]+")
_REACHED = re.compile(r"(?:\.|->|::|['\"`@$#])\s?([^\W\d]\w{3,})|([^\W\d]\w{3,})(?:\(|::)")
_COMMENT = re.compile(r"^\s*(?:#(?!\[)|//|/?\*|--|<!--)")
_DEFINES = (
    r"\b(?:def|class|func|function|fn|fun|struct|interface|type|enum|trait|const|let|var|val|static"
    r"|public|private|protected|#define)\b[^=;(]*(?<!\w){name}(?!\w)"
)
_PROSE = (".md", ".rst", ".txt", ".adoc")
_NO_CODE = (*_PROSE, ".html", ".yml", ".yaml")
_TYPE = (
    r"\b(?:class|struct|interface|type|enum|trait|record|object|func|fun|fn)\s+(?:\([^)]*\)\s*)?"
    r"{name}\b|^\s+{name}\s+[\w\[\]*.]+(?:\s+`|$)"  # the last: a field of a Go struct
)
_VALUE = r"(?<!\w){name}\s*(?::?=(?!=)|:(?!:)|\?:)|" + _DEFINES
"""What a line that makes a name this repository's own looks like."""
_MOST_NAMES = 14
_MOST_FILES = 30
"""Files of code: a name that more of them hold says little about any of them."""
_MOST_FILES_OF_A_WORD = 6
"""The same of a name that is one plain word, such as `update`."""
_LINES_OF_A_NAME = 16
_LINES_OF_A_WORD = 6
_FEW = 6
"""So few lines of code are shown with what surrounds them."""
_AROUND = 6
_DEFINITION_LINES = 16
_LONGEST_LINE = 140
_SECONDS = 6.0
TITLE_OF_LINES = "other lines with the name"


@dataclass(frozen=True, slots=True)
class _Found:
    """One name and the lines elsewhere that hold it, in the order of what they tell."""

    name: str
    about: frozenset[str]
    hits: tuple[SourceHit, ...]
    files: int  # of code, tests apart

    @property
    def code(self) -> tuple[SourceHit, ...]:
        """The lines of code that is no test."""
        return tuple(hit for hit in self.hits if not _is_aside(hit.path))


def shared_name_fragments(
    read: Sequence[FileChange],
    sources: Sources,
    head: Sha,
    shown: Mapping[str, frozenset[int]],
    known: Collection[str] = (),
) -> list[Fragment]:
    """The definition of each name that has but one, then the lines; none for a change of prose.

    `shown`: the head's lines that are printed already, by path. `known` names are those
    whose definition and users are shown as such.
    """
    found = list(_elsewhere(telling_names(read, known), sources, head, shown))
    few = [one for one in found if len(one.code) <= _FEW]
    return [
        *_definitions(found, sources, head),
        *_surroundings(few, sources, head),
        *(_lines(one) for one in found if one not in few),
    ]


def telling_names(
    read: Sequence[FileChange], known: Collection[str] = ()
) -> dict[str, frozenset[str]]:
    """Names of changed lines of code, the telling first, with the changed files that hold them.

    Telling: reached through something (`a.name`, `name(`, "name"), made of several words, long.
    """
    where: dict[str, set[str]] = {}
    weight: dict[str, int] = {}
    for file in read:
        if file_kind(file) != "source":
            continue
        for text in _changed_texts(file):
            reached = {name for pair in _REACHED.findall(text) for name in pair if name}
            for name in set(_NAME.findall(text)).difference(known):
                where.setdefault(name, set()).add(file.path)
                weight[name] = max(weight.get(name, 0), _weight(name, name in reached))
    ranked = sorted((name for name in where if weight[name] > 0), key=lambda n: (-weight[n], n))
    return {name: frozenset(where[name]) for name in ranked[:_MOST_NAMES]}


def _changed_texts(file: FileChange) -> Iterator[str]:
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.kind != " " and not _COMMENT.match(line.text):
                yield line.text


def _weight(name: str, reached: bool) -> int:
    """0 for a plain word that nothing reaches: a keyword, a local variable, prose in a string."""
    parts = _parts(name)
    if parts < 2 and not reached:
        return 0
    return 4 * min(parts, 3) + (3 if reached else 0) + min(len(name), 16) // 4


def _parts(name: str) -> int:
    return len(_BARE_WORD.findall(name))


def _elsewhere(
    names: Mapping[str, frozenset[str]],
    sources: Sources,
    head: Sha,
    shown: Mapping[str, frozenset[int]],
) -> Iterator[_Found]:
    deadline = time.monotonic() + _SECONDS
    for name, about in names.items():
        if time.monotonic() > deadline:
            return
        everywhere = sources.lines_with(head, name)
        if not _is_ours(name, everywhere):
            continue
        hits = [
            hit
            for hit in everywhere
            if not hit.path.endswith(_PROSE)
            and hit.line not in shown.get(hit.path, frozenset())
            and not _COMMENT.match(hit.text)
        ]
        files = {hit.path for hit in hits if not _is_aside(hit.path)}
        if files and len(files) <= (_MOST_FILES if _parts(name) > 1 else _MOST_FILES_OF_A_WORD):
            ranked = sorted(hits, key=lambda hit: _rank(hit, name, about))
            yield _Found(name, about, tuple(_spread(ranked)), len(files))


def _is_ours(name: str, hits: Iterable[SourceHit]) -> bool:
    """Whether a line defines or sets it here; else it is a name of the language or a library."""
    pattern = _TYPE if name[:1].isupper() and not name.isupper() else _VALUE
    owns = re.compile(pattern.replace("{name}", re.escape(name)))
    return any(owns.search(hit.text) for hit in hits if not _is_aside(hit.path))


def _is_aside(path: str) -> bool:
    """Tests, prose and configuration tell less of who relies on a name than code does."""
    return is_test_path(path) or path.endswith(_NO_CODE)


def _rank(hit: SourceHit, name: str, about: frozenset[str]) -> tuple[bool, bool, int, str, int]:
    """Code first, other files before the changed one; then lines that hand the name on."""
    handed = re.search(rf"[(,*&]\s*(?:\w+(?:\.|->|::))*{re.escape(name)}\s*[,)]", hit.text)
    reached = re.search(rf"(?:\.|->|::|\[['\"]){re.escape(name)}\b", hit.text)
    telling = 0 if handed else 1 if reached else 2
    return (_is_aside(hit.path), hit.path in about, telling, hit.path, hit.line)


def _spread(hits: Sequence[SourceHit]) -> Iterator[SourceHit]:
    """One line of each file in turn: different files use a name in different ways."""
    turns: dict[str, int] = {}
    order: list[tuple[bool, int, int, SourceHit]] = []
    for number, hit in enumerate(hits):
        turns[hit.path] = turns.get(hit.path, 0) + 1
        order.append((_is_aside(hit.path), turns[hit.path], number, hit))
    return (hit for *_, hit in sorted(order, key=lambda entry: entry[:3]))


def _definitions(found: Iterable[_Found], sources: Sources, head: Sha) -> Iterator[Fragment]:
    """The code of names of which only one line of code looks like a definition."""
    for one in found:
        looks = re.compile(_DEFINES.replace("{name}", re.escape(one.name)))
        defining = [hit for hit in one.code if looks.search(hit.text)]
        if len(defining) == 1 and len(one.code) > _FEW:
            hit = defining[0]
            text = sources.excerpt(head, hit.path, hit.line - 1, hit.line + _DEFINITION_LINES)
            yield Fragment(f"{hit.path}: where {one.name} seems to be defined", text, one.about)


def _surroundings(few: Sequence[_Found], sources: Sources, head: Sha) -> Iterator[Fragment]:
    """Lines with rare names and what surrounds them; those of one file that touch are one."""
    named: dict[tuple[str, int], list[_Found]] = {}
    for one in few:
        for hit in one.code:
            named.setdefault((hit.path, hit.line), []).append(one)
    stretch: list[tuple[str, int]] = []
    for path, line in sorted(named):
        if stretch and (stretch[-1][0] != path or line - stretch[-1][1] > 2 * _AROUND):
            yield _stretch(stretch, named, sources, head)
            stretch = []
        stretch.append((path, line))
    if stretch:
        yield _stretch(stretch, named, sources, head)


def _stretch(
    places: Sequence[tuple[str, int]],
    named: Mapping[tuple[str, int], Sequence[_Found]],
    sources: Sources,
    head: Sha,
) -> Fragment:
    (path, first), (_, last) = places[0], places[-1]
    found = [one for place in places for one in named[place]]
    names = ", ".join(dict.fromkeys(one.name for one in found))
    text = sources.excerpt(head, path, first - _AROUND, last + _AROUND)
    about = frozenset[str]().union(*(one.about for one in found))
    return Fragment(f"{path}: also names {names}", text, about)


def _lines(one: _Found) -> Fragment:
    most = _LINES_OF_A_NAME if _parts(one.name) > 1 else _LINES_OF_A_WORD
    rows = [
        f"{hit.path}:{hit.line}: {hit.text.strip()[:_LONGEST_LINE]}"
        for hit in sorted(one.hits[:most], key=lambda hit: (hit.path, hit.line))
    ]
    rest = len(one.hits) - len(rows)
    rows += [f"[{rest} more lines; {one.files} files of code hold the name]"] if rest else []
    return Fragment(f"{TITLE_OF_LINES} {one.name}", "\n".join(rows), one.about)
