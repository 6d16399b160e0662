"""The author's words as data: title, body, commit messages and linked issues, less boilerplate.

Only room 2 imports this. The words go between marker lines that nobody can guess (a nonce), below
the instructions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.domain.intent import PromiseWhere
from bot.domain.pull_request import PullRequest
from workers.model.markers import fresh_marker
from workers.model.redaction import redact
from workers.model.rendering import visible
from workers.model.tokens import bytes_of, estimated_tokens
from workers.review.boilerplate import without_boilerplate

T = TypeVar("T")

_TRAILER = re.compile(
    r"^(?:co-authored-by|signed-off-by|change-id|reviewed-by):.*$", re.IGNORECASE | re.MULTILINE
)
_MOST_BODY = 20_000
_MOST_ISSUES = 10
_MOST_ISSUE = 6_000
_MOST_COMMITS = 50
_MOST_COMMIT = 2_000
_LEAST_WORDS = 300
"""Tokens: without any of them there is nothing to judge."""
_HOLDS_NO_MORE = "the model holds no more at once"
_WORDS = re.compile(r"\w+")
_BLANK = "[the author's words]"
_RUN = 5
"""Words in a row that two people hardly choose by chance."""


@dataclass(frozen=True, slots=True)
class AuthorsWords:
    """`text` is what the model reads; `sources` is what quotes are held against."""

    text: str
    sources: Mapping[PromiseWhere, str]
    notes: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    """What they said when an earlier review listened, and may have edited since."""

    @property
    def empty(self) -> bool:
        """Nothing was said that could promise anything."""
        return not any(part.strip() for part in self.sources.values())

    @property
    def vocabulary(self) -> frozenset[str]:
        """Each word of theirs, in lower case."""
        return frozenset(_WORDS.findall(self.text.lower()))

    def blanked_in(self, text: str) -> str:
        """The text without runs of the author's own words, or all of a shorter saying."""
        parts: list[str] = []
        end = 0
        for first, last in self._repeats(text):
            parts += [text[end:first], _BLANK] if first > end or not parts else []
            end = max(end, last)
        return "".join((*parts, text[end:]))

    def _repeats(self, text: str) -> list[tuple[int, int]]:
        """Where runs stand, in order; they may overlap. One word alone frames nothing."""
        told = (*self.sources.values(), *self.before)
        said = [_WORDS.findall(part.lower()) for part in told]
        runs = {tuple(words[n : n + _RUN]) for words in said for n in _starts(words)}
        lengths = sorted({len(run) for run in runs if len(run) > 1})
        held = list(_WORDS.finditer(text))
        words = [match[0].lower() for match in held]
        return [
            (held[n].start(), held[n + length - 1].end())
            for n in range(len(held))
            for length in lengths
            if n + length <= len(held) and tuple(words[n : n + length]) in runs
        ]

    def within(self, tokens: float) -> AuthorsWords:
        """As many of the words as fit, and a note where some do not; quotes count from all."""
        if estimated_tokens(self.text) <= tokens:
            return self
        most = bytes_of(max(int(tokens), _LEAST_WORDS))
        kept = self.text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
        note = f"only the first {len(kept)} of {len(self.text)} characters of the author's words"
        return replace(self, text=kept, notes=(*self.notes, f"{note} were read: {_HOLDS_NO_MORE}"))

    def with_quotes(self, quotes: Iterable[str]) -> AuthorsWords:
        """The same, and what was quoted of them before: only `blanked_in` knows of it."""
        return replace(self, before=tuple(dict.fromkeys(quotes)))

    def says(self, where: PromiseWhere, quote: str) -> PromiseWhere | None:
        """Where these words stand, white space apart: the named place first; None: nowhere."""
        wanted = " ".join(quote.split())
        if len(wanted) < 3:
            return None
        for place in dict.fromkeys((where, *self.sources)):
            if wanted in " ".join(self.sources.get(place, "").split()):
                return place
        return None


def _starts(words: Sequence[str]) -> range:
    """Where a run may begin; a shorter saying is one."""
    return range(max(len(words) - _RUN + 1, 1) if words else 0)


def authors_words(pull: PullRequest, template: frozenset[str] = frozenset()) -> AuthorsWords:
    """Everything that the author says the change is, trimmed of templates and capped.

    `template`: the lines of the repository's own, by `template_lines`.
    """
    cut = _Cut([])
    issues = [
        f"Issue #{issue.number}: {_clean(issue.title).strip()}\n"
        + cut.text(without_boilerplate(_clean(issue.body)), _MOST_ISSUE, f"issue #{issue.number}")
        for issue in cut.list(pull.issues, _MOST_ISSUES, "linked issues")
    ]
    commits = [
        cut.text(
            _TRAILER.sub("", _clean(commit.message)).strip(),
            _MOST_COMMIT,
            f"the message of commit {commit.sha[:10]}",
        )
        for commit in cut.list(pull.commits, _MOST_COMMITS, "commit messages")
    ]
    title = _clean(pull.title).strip()
    said = without_boilerplate(_clean(pull.body), template)
    body = cut.text(said, _MOST_BODY, "the description")
    fresh = [commit for commit in commits if not _repeats(commit, f"{title}\n{body}")]
    sources: dict[PromiseWhere, str] = {
        "title": title,
        "body": body,
        "commit": "\n\n".join(fresh),
        "issue": "\n\n".join(issues),
    }
    text = "\n\n".join(f"[{name}]\n{part}" for name, part in sources.items() if part)
    return AuthorsWords(text, sources, tuple(cut.notes))


def _repeats(commit: str, said: str) -> bool:
    """Whether title and description say every paragraph of the message already."""
    known = " ".join(said.split())
    return all(" ".join(part.split()) in known for part in commit.split("\n\n"))


def _clean(text: str) -> str:
    """People paste credentials into descriptions too; no model reads them."""
    return visible(redact(text.replace("\r\n", "\n"))[0])


@dataclass(frozen=True, slots=True)
class _Cut:
    """Keeps to the limits, and notes each time what was left unread."""

    notes: list[str]

    def text(self, text: str, most: int, what: str) -> str:
        if len(text) > most:
            self.notes.append(f"only the first {most} characters of {what} were read")
        return text[:most]

    def list(self, items: Sequence[T], most: int, what: str) -> Sequence[T]:
        if len(items) > most:
            self.notes.append(f"only the first {most} of {len(items)} {what} were read")
        return items[:most]


def nonce() -> str:
    """A marker line that text written before now cannot contain."""
    return fresh_marker()
