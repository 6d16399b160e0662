"""The author's words as data: title, body, commit messages and linked issues, less boilerplate.

Only room 2 imports this. The words go between marker lines that nobody can guess (a nonce), below
the instructions.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.intent import PromiseWhere
from bot.domain.pull_request import PullRequest

_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CHECK_BOX = re.compile(r"^\s*[-*]\s+\[[ xX]\].*$", re.MULTILINE)
_EMPTY_HEADING = re.compile(r"^#{1,6}[^\n]*\n(?=\s*(?:#{1,6}\s|\Z))", re.MULTILINE)
_TRAILER = re.compile(
    r"^(?:co-authored-by|signed-off-by|change-id|reviewed-by):.*$", re.IGNORECASE | re.MULTILINE
)
_MOST_BODY = 20_000
_MOST_ISSUE = 6_000
_MOST_COMMITS = 50
_MOST_COMMIT = 2_000


@dataclass(frozen=True, slots=True)
class AuthorsWords:
    """`text` is what the model reads; `sources` is what quotes are held against."""

    text: str
    sources: Mapping[PromiseWhere, str]
    notes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing was said that could promise anything."""
        return not any(part.strip() for part in self.sources.values())

    def says(self, where: PromiseWhere, quote: str) -> PromiseWhere | None:
        """Where these words stand, white space apart: the named place first; None: nowhere."""
        wanted = " ".join(quote.split())
        if len(wanted) < 3:
            return None
        for place in dict.fromkeys((where, *self.sources)):
            if wanted in " ".join(self.sources.get(place, "").split()):
                return place
        return None


def authors_words(pull: PullRequest) -> AuthorsWords:
    """Everything that the author says the change is, trimmed of templates and capped."""
    body = without_boilerplate(pull.body)
    issues = "\n\n".join(
        f"Issue #{i.number}: {i.title}\n{without_boilerplate(i.body)[:_MOST_ISSUE]}"
        for i in pull.issues
    )
    commits = "\n\n".join(
        _TRAILER.sub("", commit.message).strip()[:_MOST_COMMIT]
        for commit in pull.commits[:_MOST_COMMITS]
    )
    sources: dict[PromiseWhere, str] = {
        "title": pull.title.strip(),
        "body": body[:_MOST_BODY],
        "commit": commits,
        "issue": issues,
    }
    notes = []
    if len(body) > _MOST_BODY:
        notes.append(f"only the first {_MOST_BODY} characters of the description were read")
    if len(pull.commits) > _MOST_COMMITS:
        notes.append(f"only the first {_MOST_COMMITS} commit messages were read")
    text = "\n\n".join(f"[{name}]\n{part}" for name, part in sources.items() if part)
    return AuthorsWords(text, sources, tuple(notes))


def without_boilerplate(markdown: str) -> str:
    """The text without HTML comments, check boxes and headings with nothing below them."""
    text = _CHECK_BOX.sub("", _HTML_COMMENT.sub("", markdown.replace("\r\n", "\n")))
    previous = None
    while previous != text:
        previous = text
        text = _EMPTY_HEADING.sub("", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def nonce() -> str:
    """A marker line that text written before now cannot contain."""
    return f"=====AUTHOR {secrets.token_hex(8)}====="
