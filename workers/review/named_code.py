"""What a finding names is held against the code: no place is told that nobody can open.

A line beyond its file is struck, and a symbol that is nowhere is none. A title that names what
stands in no file, or a line of a file that is not there, may still be right (a library's method, a
name made at run time): whoever verifies is told, and has to say where it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import cache, cached_property

from bot.domain.finding import Fate, Finding, Origin
from bot.domain.identifiers import Sha
from bot.errors import LimitExceeded
from bot.ports import Code
from workers.review.code_names import CodeName, Place, name_of, names_in, places_in, with_places
from workers.review.evidence import Lines

_MOST_LOOKED_UP = 60
"""Words of one review; what is named beyond them is taken as known."""
_MOST_FILES = 20
"""Files of one name; a line of more is taken as known."""
_IMPORTS = re.compile(r"^\s*(?:import|from|use|using|#\s*include)\b|\brequire\b|^\s*\"[\w./-]+\"$")
_DEFINES = (
    r"(?:class|struct|interface|trait|type|enum|module|namespace|object|record|def|func|function|"
    r"fn|const|let|var|val)\s+(?:\w+[.:])*{name}\b|^\s*{name}\s*[:=]"
)


class NamedCode:
    """Looks names and places up at the commits of a review, each once.

    `said`: the author's words, in lower case; a finding of room 2 may name what they promise.
    """

    def __init__(
        self, code: Code, commits: Sequence[Sha], lines: Lines, said: frozenset[str] = frozenset()
    ) -> None:
        self._code = code
        self._commits = tuple(dict.fromkeys(commits))
        self._lines = lines
        self._said = said
        self._hits = cache(self._look_up)
        self._files = cache(self._named)
        self._looked_up = 0

    def struck(self, finding: Finding) -> Finding:
        """Without lines beyond their file, and without a symbol that no file holds."""
        name = name_of(finding.symbol)
        made_up = name is not None and self._missing(name, self._given(finding))
        symbol = "" if made_up else finding.symbol
        return _with_places(replace(finding, symbol=symbol), self._within_file)

    def unknown(self, finding: Finding) -> tuple[str, ...]:
        """What its title names, and no file holds; files that are not there, of which it tells
        a line.
        """
        if finding.origin is Origin.CHECK:
            return ()
        given = self._given(finding)
        words = (word for name in names_in(finding.title) for word in self._missing(name, given))
        places = places_in("\n".join((finding.title, finding.body, finding.trigger)))
        paths = (place.path for place in places if self._is_nowhere(place))
        return tuple(dict.fromkeys((*words, *paths)))

    def held_to(self, finding: Finding) -> Finding:
        """A verified finding; `unproven` where it names what the verification does not explain.

        The verification has to name it, beside a place that can be opened and none that can not.
        """
        if finding.fate is not None:
            return finding
        places = places_in(finding.verification)
        sound = bool(places) and not any(self._is_nowhere(place) for place in places)
        unexplained = [
            one for one in self.unknown(finding) if not (sound and one in finding.verification)
        ]
        if not unexplained:
            return _with_places(finding, self._openable)
        names = ", ".join(f"`{one}`" for one in unexplained)
        reason = f"it names {names}, which no file holds and the verification does not explain"
        return replace(finding, fate=Fate.UNPROVEN, reason=reason)

    def _given(self, finding: Finding) -> frozenset[str]:
        """The words of the code that it quotes, and those that room 2 has from the author."""
        quotes = "\n".join(proof.quote for proof in finding.evidence)
        said = self._said if finding.origin is Origin.INTENT else frozenset[str]()
        return said.union(re.findall(r"\w+", quotes))

    def _missing(self, name: CodeName, given: Collection[str]) -> tuple[str, ...]:
        """The parts that nothing holds; none of a name that begins in somebody else's code."""
        gone = tuple(part for part in name.told if not self._is_known(part, given))
        if gone and len(name.parts) > 1 and self._is_foreign(name.parts[0], given):
            return ()
        return gone

    def _is_known(self, word: str, given: Collection[str]) -> bool:
        plain = word.strip("$")
        return plain in given or plain.lower() in given or bool(self._hits(plain))

    def _is_foreign(self, first: str, given: Collection[str]) -> bool:
        """Whether it is a module that is only imported here, or not even named."""
        plain = first.strip("$")
        if not self._is_known(plain, given):
            return plain[:1].islower()
        defines = re.compile(_DEFINES.format(name=re.escape(plain)))
        rows = self._hits(plain)
        imported = any(_IMPORTS.search(row) for row in rows)
        return imported and not any(defines.search(row) for row in rows)

    def _look_up(self, word: str) -> tuple[str, ...]:
        """Lines, or paths, that hold the word; something where that cannot be known."""
        self._looked_up += 1
        if self._looked_up > _MOST_LOOKED_UP:
            return (word,)
        rows: list[str] = []
        for commit in self._commits:
            try:
                rows += (text for _, _, text in self._code.grep(commit, [word]))
            except LimitExceeded:
                return (word,)
            if rows:
                return tuple(rows)
        return tuple(path for path in self._paths if word in re.split(r"\W+", path))

    def _openable(self, place: Place) -> str:
        """The place; only the file where no such line can be opened."""
        return place.path if self._is_nowhere(place) else self._within_file(place)

    def _within_file(self, place: Place) -> str:
        """The place; of a file that is shorter, only the file."""
        files = self._files(place.path)
        if not files or len(files) > _MOST_FILES:
            return place.text
        lengths = [self._length(commit, path) for commit, path in files]
        return place.text if max(lengths) >= max(place.line, place.end) >= 1 else place.path

    def _is_nowhere(self, place: Place) -> bool:
        """Whether no file has that name, in a project that has files of its kind."""
        kind = f".{place.kind}"
        return not self._files(place.path) and any(path.endswith(kind) for path in self._paths)

    def _named(self, path: str) -> tuple[tuple[Sha, str], ...]:
        wanted = path.removeprefix("./")
        return tuple(
            (commit, other)
            for commit in self._commits
            for other in self._code.paths(commit)
            if other == wanted or other.endswith(f"/{wanted}")
        )

    def _length(self, commit: Sha, path: str) -> float:
        """In lines; without end, where they cannot be counted."""
        lines = self._lines(commit, path)
        return float("inf") if lines is None else len(lines)

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(path for commit in self._commits for path in self._code.paths(commit))


def _with_places(finding: Finding, told: Callable[[Place], str]) -> Finding:
    return replace(
        finding,
        title=with_places(finding.title, told),
        body=with_places(finding.body, told),
        trigger=with_places(finding.trigger, told),
        verification=with_places(finding.verification, told),
    )
