"""What people taught about a repository, and what it is about. Pure.

Teachings that say the same, letter case and punctuation apart, make one learning: it is about
everything that any of them is about, and goes with the last of them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.finding import Category, Finding
from bot.domain.identifiers import RepositoryId
from bot.domain.path_patterns import matches, pattern_problem
from bot.domain.pull_request import RepositoryRef

LearningOrigin = Literal["remembered", "dismissed", "withdrawn"]

LONGEST_LEARNING = 500
"""Characters of a learning: a rule or a fact, not a page."""
MOST_LEARNINGS = 200
"""Of one repository. The oldest that no review was ever given leaves for a new one."""
MOST_PATTERNS = 10
"""Path patterns of one teaching."""

_MOST_SHOWN = 60

_WORD = re.compile(r"[^\W_]+|[<>=+#%$\u20ac\u00a3\u00a5]|!(?==)|(?<![\w-])-(?=\d)", re.UNICODE)
"""Also the marks without which a rule is another one: `< 0` and `> 0`, C++ and C#, -1 and 1."""


@dataclass(frozen=True, slots=True)
class Teaching:
    """One time that somebody taught something.

    `source` names what they did, once in a repository: what is done twice teaches once. `paths`
    are gitignore-style patterns, () for all; `category` None stands for all. `pull` is the number
    of the pull request in which it was said, 0 elsewhere. What a finding taught carries the
    finding's name, its fingerprint and the digests of its quotes. `date` is `2026-01-31`, of UTC;
    the store gives it.
    """

    source: str
    author: str
    origin: LearningOrigin = "remembered"
    link: str = ""
    paths: tuple[str, ...] = ()
    category: Category | None = None
    pull: int = 0
    finding: str = ""
    fingerprint: str = ""
    quotes: tuple[str, ...] = ()
    date: str = ""

    def covers(self, path: str, category: Category) -> bool:
        """Whether it was said about such findings in such a file."""
        return self.category in (None, category) and self.covers_path(path)

    def covers_path(self, path: str) -> bool:
        """Whether it was said about this file."""
        return not self.paths or matches(self.paths, path)


@dataclass(frozen=True, slots=True)
class Learning:
    """What a team taught. `number` is its repository's: it stays, and is never given twice.

    `repository` is where it was taught, `private` if that was so then or is not known. `promoted`:
    an admin made it the whole installation's. `offered` and `silenced` count the reviews that were
    given it, and those in which it took a finding off the table; `last_used` is a day, or "".
    """

    number: int
    text: str
    repository: RepositoryRef
    teachings: tuple[Teaching, ...]
    promoted: bool = False
    offered: int = 0
    silenced: int = 0
    last_used: str = ""

    @property
    def key(self) -> tuple[int, int]:
        """Which learning it is, however often it was used since."""
        return self.repository.id, self.number

    @property
    def first(self) -> Teaching:
        """The oldest teaching that still holds: whose word it is."""
        return self.teachings[0]

    @property
    def paths(self) -> tuple[str, ...]:
        """All patterns; () if any teaching is about the whole repository."""
        if not all(one.paths for one in self.teachings):
            return ()
        return tuple(dict.fromkeys(path for one in self.teachings for path in one.paths))

    @property
    def categories(self) -> tuple[Category, ...]:
        """All categories; () if any teaching is about all."""
        named = [one.category for one in self.teachings if one.category is not None]
        return tuple(dict.fromkeys(named)) if len(named) == len(self.teachings) else ()

    def covers(self, path: str, category: Category) -> bool:
        """Whether it is about such findings in such a file."""
        return any(one.covers(path, category) for one in self.teachings)

    def in_scope(self, paths: Iterable[str]) -> bool:
        """Whether it is about any of these files."""
        return any(one.covers_path(path) for path in paths for one in self.teachings)

    def label(self, home: RepositoryId) -> str:
        """Its number as people of a repository know it: with its own one's name elsewhere."""
        if home == self.repository.id:
            return f"{self.number}"
        return f"{self.repository.full_name} {self.number}"

    def apart_from(self, repository: RepositoryRef, pull: int) -> Learning | None:
        """As it is without what was said in this pull request; None if nothing is left."""
        if repository.id != self.repository.id:
            return self
        left = tuple(one for one in self.teachings if one.pull != pull)
        return replace(self, teachings=left) if left else None


@dataclass(frozen=True, slots=True)
class Taught:
    """What came of a teaching. `known`: others had said it before; `left` made room for it."""

    learning: Learning
    known: bool = False
    left: Learning | None = None


def visible_in(learning: Learning, repository: RepositoryRef) -> bool:
    """Whether a repository may be told of it.

    Its own repository always; others of the installation when it was promoted, and never a public
    one what a private one taught.
    """
    taught_in = learning.repository
    if taught_in.installation != repository.installation:
        return False
    if taught_in.id == repository.id:
        return True
    return learning.promoted and (repository.private or not taught_in.private)


def teaching_problem(words: str, paths: Sequence[str]) -> str:
    """What keeps this from being taught, with the remedy; "" if nothing does."""
    if not words:
        return "Nothing is said. Write one rule or fact."
    if len(words) > LONGEST_LEARNING:
        return f"It has {len(words):,} characters. Say it in {LONGEST_LEARNING}."
    if len(paths) > MOST_PATTERNS:
        return f"{len(paths)} path patterns are given. Give at most {MOST_PATTERNS}."
    for path in paths:
        problem = pattern_problem(path)
        if problem is not None:
            shown = path if len(path) <= _MOST_SHOWN else f"{path[:_MOST_SHOWN]}..."
            return f"The path pattern `{shown}` {problem[0]}. {problem[1]}"
    return ""


def one_line(text: str) -> str:
    """The text with each run of white space as one blank."""
    return " ".join(text.split())


def sameness(text: str) -> str:
    """Equal for two texts that say the same words: case, punctuation and emphasis do not count."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    shown = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    return " ".join(_WORD.findall(shown)) or one_line(shown)


def from_finding(finding: Finding, teaching: Teaching) -> Teaching | None:
    """The teaching as one about this kind of finding: its category, in its file.

    None where no pattern can name the file: it would be about more than was meant.
    """
    pattern = _pattern_of(finding.path)
    if not pattern:
        return None
    return replace(
        teaching,
        paths=(pattern,),
        category=finding.category,
        finding=finding.name,
        fingerprint=finding.fingerprint,
        quotes=quote_digests(finding),
    )


def cites_the_same(finding: Finding, teaching: Teaching) -> bool:
    """Whether all that a finding cites of its own file was cited by the one that taught this.

    One common line proves nothing: two defects of a function may both quote its head.
    """
    own = tuple(proof for proof in finding.evidence if proof.path == finding.path)
    cited = quote_digests(replace(finding, evidence=own or finding.evidence))
    return bool(cited) and set(cited) <= set(teaching.quotes)


def quote_digests(finding: Finding) -> tuple[str, ...]:
    """What tells whether a finding cites the same code again, white space apart; no code."""
    texts = dict.fromkeys(one_line(proof.quote) for proof in finding.evidence)
    return tuple(
        hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16] for text in texts
    )


def _pattern_of(path: str) -> str:
    """The pattern of one file; "" where none can name it."""
    pattern = f"/{_literal(path)}"
    return pattern if pattern_problem(pattern) is None and matches((pattern,), path) else ""


def _literal(path: str) -> str:
    """A path as a pattern that matches it alone. https://git-scm.com/docs/gitignore"""
    return re.sub(r"([\\*?\[\]]|\s(?=$|/))", r"\\\1", path)
