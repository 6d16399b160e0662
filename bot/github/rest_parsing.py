"""REST's answers about a pull request, as values. Pure.

Shapes: https://docs.github.com/en/rest/pulls
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.identifiers import Sha
from bot.domain.pull_request import (
    Commit,
    EarlierReview,
    LinkedIssue,
    PullState,
    ReviewThread,
    ThreadComment,
)
from bot.github.graphql_parsing import DELETED_ACCOUNT

Json = Mapping[str, Any]

_CLOSES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d{1,9})\b", re.IGNORECASE)


def pull_state(pull: Json) -> PullState:
    """REST says open or closed, and beside it when it was merged."""
    if pull.get("merged_at") or pull.get("merged"):
        return "merged"
    return "open" if pull["state"] == "open" else "closed"


def review_of(entry: Json) -> EarlierReview:
    """One review."""
    return EarlierReview(
        id=entry["id"],
        node_id=entry["node_id"],
        body=entry.get("body") or "",
        state=entry["state"],
        commit=Sha(entry.get("commit_id") or ""),
    )


def commit_of(entry: Json) -> Commit:
    """One commit."""
    return Commit(sha=Sha(entry["sha"]), message=entry["commit"]["message"])


def issue_of(entry: Json) -> LinkedIssue:
    """One issue."""
    return LinkedIssue(
        number=entry["number"],
        title=entry["title"],
        body=entry.get("body") or "",
        url=entry["html_url"],
    )


def login_of(user: Json | None) -> str:
    """The author's login; an account that was deleted is GitHub's `ghost`."""
    return str(user["login"]) if user else DELETED_ACCOUNT


def closed_issues(body: str) -> tuple[int, ...]:
    """Numbers of this repository's issues that the text says it closes, each once.

    https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
    """
    return tuple(dict.fromkeys(int(number) for number in _CLOSES.findall(body)))


def threads_of(comments: Iterable[Json], login: str) -> tuple[ReviewThread, ...]:
    """Review comments gathered into threads.

    REST knows neither a thread's node id nor whether it is resolved: those stay empty and False.
    """
    gathered: dict[int, list[Json]] = {}
    for comment in comments:
        gathered.setdefault(comment.get("in_reply_to_id") or comment["id"], []).append(comment)
    return tuple(_thread(entries, login) for entries in gathered.values())


def _thread(entries: list[Json], login: str) -> ReviewThread:
    first = entries[0]
    line = first.get("line")
    return ReviewThread(
        node_id="",
        path=first["path"],
        line=line,
        resolved=False,
        outdated=line is None and first.get("subject_type", "line") == "line",
        comments=tuple(
            ThreadComment(
                id=entry["id"],
                body=entry.get("body") or "",
                author=login_of(entry["user"]).removesuffix("[bot]"),
                ours=login_of(entry["user"]) == login,
                url=entry["html_url"],
            )
            for entry in entries
        ),
    )
