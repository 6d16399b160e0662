"""A pull request's page as plain text, the same in every run: what people were told, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sandbox import Sandbox
from sandbox.driving.observations import ThreadView
from sandbox.state.checks import CheckRun
from sandbox.state.comments import IssueComment
from sandbox.state.pulls import PullRequest
from sandbox.state.reviews import Review

_GUID = re.compile(r"(?<=-)[0-9a-f]{8}((-[0-9a-f]{4}){3}-[0-9a-f]{12})?\b")
_RECORD = re.compile(r"`\d+/\d+/(\d+)/([^/`]+)/([^`]+)`")
_IDS = re.compile(r"\b1000\d{3}\b")
_MARK = re.compile(r"\n*<!--.*?-->", re.DOTALL)
_COST = re.compile(r"\| [\d,]+ \+ [\d,]+ tokens ")
_SECONDS = re.compile(r"(\||·) [\d.]+ s\b")
_MOMENT = re.compile(r"terminal-\d+")


class Page:
    """Reads one pull request. Heads are called HEAD1, HEAD2 ... as webhooks named them."""

    def __init__(self, github: Sandbox, pull: PullRequest) -> None:
        self._github, self._pull = github, pull

    def whole(self) -> str:
        """Checks of all heads, reviews, threads, comments: every text in full."""
        parts = [*self.checks(), *self._reviews(), *self._threads(), *self.comments()]
        return "\n\n".join(parts)

    def after_the_first_check(self) -> str:
        """The whole page, less what stands on it once a clean pull request was reviewed."""
        return self.whole().partition("\n\n")[2]

    def glance(self) -> str:
        """The same, of each text its first line."""
        return "\n".join(part.partition("\n")[0] for part in self.whole().split("\n\n=== "))

    def checks(self) -> list[str]:
        """One text for each check run of each head."""
        return [
            self.plain(_check(sha, run))
            for sha in self._heads()
            for run in self._github.checks(self._pull, sha)
        ]

    def comments(self) -> list[str]:
        """One text for each comment in the conversation, with the reactions to it."""
        return [self.plain(self._comment(one)) for one in self._github.comments(self._pull)]

    def plain(self, text: str) -> str:
        """Without what differs between two runs, and without hidden marks."""
        for name, sha in self._names():
            text = re.sub(f"{sha[:7]}[0-9a-f]{{0,33}}", name, text)
        text = text.replace(self._github.url, "https://github.test")
        text = _RECORD.sub(r"`\1/\2/\3`", text)
        text = _MOMENT.sub("terminal-TIME", _GUID.sub("GUID", _MARK.sub("", text)))
        text = _COST.sub("", _SECONDS.sub(r"\1 N s", text))
        return _IDS.sub("ID", text).strip()

    def _heads(self) -> list[str]:
        """Every head that a webhook named, in that order."""
        return self._told("head")

    def _names(self) -> Iterator[tuple[str, str]]:
        for side, name in (("head", "HEAD"), ("base", "BASE")):
            for number, sha in enumerate(self._told(side), start=1):
                yield f"{name}{number}", sha

    def _told(self, side: str) -> list[str]:
        payloads = (delivery.payload.get("pull_request") for delivery in self._github.deliveries)
        mine = (pull for pull in payloads if pull and pull.get("number") == self._pull.number)
        return list(dict.fromkeys(pull[side]["sha"] for pull in mine))

    def _reviews(self) -> Iterator[str]:
        for review in self._github.reviews(self._pull):
            if review.body:
                yield self.plain(_review(review))

    def _threads(self) -> Iterator[str]:
        for view in self._github.thread_views(self._pull):
            yield self.plain(_thread(view))

    def _comment(self, comment: IssueComment) -> str:
        felt = "".join(f" [{content}]" for _, content in self._github.reactions(comment))
        return f"=== {comment.author.login} comments{felt}\n{comment.body}"


def _check(sha: str, run: CheckRun) -> str:
    state = " ".join(word for word in (run.status, run.conclusion) if word)
    output = run.output or {}
    title = f": {output['title']}" if output.get("title") else ""
    summary = f"\n{output['summary']}" if output.get("summary") else ""
    return f"=== check of {sha} {state}{title}{summary}"


def _review(review: Review) -> str:
    return f"=== {review.author.login} reviews\n{review.body}"


def _thread(view: ThreadView) -> str:
    states = [name for name in ("resolved", "outdated") if getattr(view, name)]
    place = " ".join([f"{view.path}:{view.line}", *states])
    said = "\n".join(f"--- {login}\n{text}" for login, text in view.comments)
    return f"=== on {place}\n{said}"
