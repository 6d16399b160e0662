"""GraphQL's answer about a pull request, as values. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.identifiers import Sha
from bot.domain.pull_request import (
    Commit,
    EarlierReview,
    LinkedIssue,
    PullRef,
    PullRequest,
    PullState,
    ReviewThread,
    ThreadComment,
)
from bot.github.markers import markers_in

Json = Mapping[str, Any]

STATES: dict[str, PullState] = {"OPEN": "open", "CLOSED": "closed", "MERGED": "merged"}
DELETED_ACCOUNT = "ghost"


@dataclass(frozen=True, slots=True)
class Ourselves:
    """The login under which we write, as REST spells it: `plumbline[bot]`, or a person's.

    GraphQL spells a bot's login without the `[bot]` and gives its type beside it, so that a person
    who took the App's slug as a name is not taken for the App.
    """

    login: str

    @property
    def is_bot(self) -> bool:
        """Whether we are an App."""
        return self.login.endswith("[bot]")

    @property
    def slug(self) -> str:
        """As GraphQL spells the login."""
        return self.login.removesuffix("[bot]")

    def wrote(self, author: Json | None) -> bool:
        """Whether this GraphQL `author` is us."""
        if author is None:
            return False
        is_bot = author["__typename"] == "Bot"
        same = author["login"].removesuffix("[bot]") == self.slug
        return bool(same) and is_bot == self.is_bot

    def reviewed(self, body: str) -> bool:
        """Whether a review that we wrote is Plumbline's: a person writes others by hand."""
        return self.is_bot or bool(markers_in(body))


def parse_pull(
    ref: PullRef, pull: Json, ourselves: Ourselves, merge_base: Sha, notes: Sequence[str]
) -> PullRequest:
    """The first page of everything. `ref` carries the repository's current name."""
    author = pull["author"] or {"login": DELETED_ACCOUNT, "__typename": "User"}
    return PullRequest(
        ref=ref,
        title=pull["title"],
        body=pull["body"] or "",
        author=author["login"],
        author_is_bot=author["__typename"] == "Bot",
        state=STATES[pull["state"]],
        base_branch=pull["baseRefName"],
        head_branch=pull["headRefName"],
        base_tip=base_tip(pull),
        merge_base=merge_base,
        head=Sha(pull["headRefOid"]),
        draft=pull["isDraft"],
        fork=pull["isCrossRepository"],
        url=pull["url"],
        labels=tuple(label["name"] for label in nodes(pull, "labels")),
        commits=tuple(_commit(node["commit"]) for node in nodes(pull, "commits")),
        issues=tuple(_issue(node) for node in nodes(pull, "closingIssuesReferences")),
        threads=parse_threads(pull, ourselves),
        reviews=parse_reviews(pull, ourselves),
        notes=(*notes, *_cut(pull)),
    )


def base_tip(pull: Json) -> Sha:
    """The tip of the base branch; where the branch is gone, the last one GitHub knew."""
    branch = pull.get("baseRef")
    return Sha(branch["target"]["oid"] if branch else pull["baseRefOid"])


def parse_threads(pull: Json, ourselves: Ourselves) -> tuple[ReviewThread, ...]:
    """The threads on this page."""
    return tuple(parse_thread(node, ourselves) for node in nodes(pull, "reviewThreads"))


def parse_thread(node: Json, ourselves: Ourselves) -> ReviewThread:
    """One thread."""
    return ReviewThread(
        node_id=node["id"],
        path=node["path"],
        line=node["line"],
        resolved=node["isResolved"],
        outdated=node["isOutdated"],
        comments=tuple(_comment(entry, ourselves) for entry in nodes(node, "comments")),
    )


def parse_reviews(pull: Json, ourselves: Ourselves) -> tuple[EarlierReview, ...]:
    """Our own reviews on this page, oldest first, pending ones included."""
    return tuple(
        parse_review(node)
        for node in nodes(pull, "reviews")
        if ourselves.wrote(node["author"]) and ourselves.reviewed(node["body"] or "")
    )


def parse_review(node: Json) -> EarlierReview:
    """One review."""
    commit = node["commit"]
    return EarlierReview(
        id=int(node["fullDatabaseId"]),
        node_id=node["id"],
        body=node["body"] or "",
        state=node["state"],
        commit=Sha(commit["oid"] if commit else ""),
    )


def nodes(holder: Json, connection: str) -> list[Json]:
    """The nodes of a connection; those that GitHub withheld (null, with an error) are left out."""
    found = holder.get(connection) or {}
    return [node for node in found.get("nodes") or () if node is not None]


def _commit(node: Json) -> Commit:
    return Commit(sha=Sha(node["oid"]), message=node["message"])


def _issue(node: Json) -> LinkedIssue:
    return LinkedIssue(
        number=node["number"], title=node["title"], body=node["body"] or "", url=node["url"]
    )


def _comment(node: Json, ourselves: Ourselves) -> ThreadComment:
    author = node["author"] or {"login": DELETED_ACCOUNT, "__typename": "User"}
    return ThreadComment(
        id=int(node["fullDatabaseId"]),
        body=node["body"] or "",
        author=author["login"],
        ours=ourselves.wrote(author),
        url=node["url"],
    )


def _cut(pull: Json) -> list[str]:
    """What the first page left out and no further page brings, in words."""
    notes = []
    for connection, name in (("commits", "commits"), ("closingIssuesReferences", "linked issues")):
        total = (pull.get(connection) or {}).get("totalCount", 0)
        read = len(nodes(pull, connection))
        if total > read:
            notes.append(f"Only {read} of {total} {name} were read.")
    long = sum(
        1
        for thread in nodes(pull, "reviewThreads")
        if thread["comments"]["totalCount"] > len(nodes(thread, "comments"))
    )
    if long:
        notes.append(f"Of {long} long review threads only the first 50 comments were read.")
    return notes
