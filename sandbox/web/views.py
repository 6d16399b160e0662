"""What the pages show: the state arranged for reading, with nothing that is pending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

from sandbox.git.changes import FileChange
from sandbox.git.patch import DiffLine, Patch
from sandbox.state.accounts import Account
from sandbox.state.checks import CheckRun
from sandbox.state.comments import IssueComment, ReviewComment, Thread
from sandbox.state.pulls import PullRequest
from sandbox.state.reactions import EMOJI
from sandbox.state.reviews import Review
from sandbox.state.world import World
from sandbox.web.markdown import render

_SHOWN_LINES = 4


@dataclass(frozen=True, slots=True)
class Said:
    """A comment. `anchor` is its place on the page; reactions are (emoji, name, count)."""

    anchor: str
    author: Account
    body: Markup
    at: float
    edited: bool
    hidden: str | None
    reactions: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class ThreadCard:
    """A thread with the code it is about. `first_id` is the comment to reply to."""

    thread: Thread
    first_id: int
    label: str
    lines: tuple[DiffLine, ...]
    comments: tuple[Said, ...]

    @property
    def resolved(self) -> bool:
        return self.thread.resolved_by is not None

    @property
    def outdated(self) -> bool:
        return self.thread.anchor.outdated


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the conversation: a comment, or a review with the threads it began."""

    kind: Literal["comment", "review"]
    at: float
    said: Said
    state: str = ""
    threads: tuple[ThreadCard, ...] = ()


@dataclass(frozen=True, slots=True)
class FileView:
    """A changed file with the threads that stand on its lines."""

    change: FileChange
    lines: tuple[DiffLine, ...]
    threads: dict[tuple[str, int], list[ThreadCard]] = field(default_factory=dict)
    unplaced: tuple[ThreadCard, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckView:
    run: CheckRun
    summary: Markup
    text: Markup


class PullView:
    """A pull request as anyone sees it."""

    def __init__(self, world: World, pull: PullRequest) -> None:
        self._world = world
        self.pull = pull
        self.cards = [self._card(thread) for thread in self._public_threads()]

    @property
    def description(self) -> Markup:
        return render(self.pull.body)

    @property
    def endings(self) -> tuple[str, ...]:
        """What the page's buttons can make of the pull request."""
        if self.pull.merged:
            return ()
        return ("reopen",) if self.pull.state == "closed" else ("merge", "close")

    @property
    def reactions(self) -> tuple[tuple[str, str, int], ...]:
        return self._reactions(self.pull.node_id)

    def conversation(self) -> list[Entry]:
        """Comments and submitted reviews by time; reviews that only carry replies are left out."""
        entries = [
            Entry("comment", comment.created_at, self._issue_comment(comment))
            for comment in self._world.issue_comments.of(self.pull.repository, self.pull.number)
        ]
        for review in self._world.reviews.of(self.pull):
            begun = self._begun_by(review)
            if review.submitted_at is None or not (begun or review.body or _decides(review)):
                continue
            said = self._review(review)
            entries.append(Entry("review", review.submitted_at, said, review.state, tuple(begun)))
        return sorted(entries, key=lambda entry: entry.at)

    def files(self) -> list[FileView]:
        views = []
        for change in self.pull.files():
            placed: dict[tuple[str, int], list[ThreadCard]] = {}
            unplaced = []
            for card in self.cards:
                if card.thread.original.path != change.path:
                    continue
                anchor = card.thread.anchor
                if anchor.line is None:
                    unplaced.append(card)
                else:
                    placed.setdefault((anchor.side, anchor.line), []).append(card)
            lines = change.parsed().lines
            views.append(FileView(change, lines, placed, tuple(unplaced)))
        return views

    def checks(self) -> list[CheckView]:
        runs = self._world.checks.runs(self.pull.repository, self.pull.head_sha)
        return [
            CheckView(run, render(run.output.get("summary") or ""), render(_text(run)))
            for run in reversed(runs)
        ]

    def _public_threads(self) -> list[Thread]:
        comments = self._world.review_comments
        return [
            thread
            for thread in comments.threads(self.pull)
            if comments.of_thread(thread)[0].review.submitted_at is not None
        ]

    def _begun_by(self, review: Review) -> list[ThreadCard]:
        mine = self._world.review_comments.of_review(review)
        begun = {comment.thread for comment in mine if comment.in_reply_to is None}
        return [card for card in self.cards if card.thread in begun]

    def _card(self, thread: Thread) -> ThreadCard:
        comments = self._world.review_comments.of_thread(thread)
        lines = _commented_lines(thread)
        replaced = [line.text[1:] for line in lines if line.right is not None]
        wanted = (
            1
            + (thread.original.line or 0)
            - (thread.original.start_line or thread.original.line or 0)
        )
        shown = [
            self._review_comment(comment, replaced[-wanted:])
            for comment in comments
            if comment.review.submitted_at is not None
        ]
        return ThreadCard(thread, comments[0].id, _label(thread), lines, tuple(shown))

    def _review(self, review: Review) -> Said:
        return self._said(
            f"pullrequestreview-{review.id}",
            review.author,
            review.body,
            review.submitted_at or review.created_at,
            review.node_id,
            hidden=review.minimized,
        )

    def _issue_comment(self, comment: IssueComment) -> Said:
        return self._said(
            f"issuecomment-{comment.id}",
            comment.author,
            comment.body,
            comment.created_at,
            comment.node_id,
            edited=comment.updated_at > comment.created_at,
            hidden=comment.minimized,
        )

    def _review_comment(self, comment: ReviewComment, replaced: Sequence[str]) -> Said:
        return self._said(
            f"discussion_r{comment.id}",
            comment.author,
            comment.body,
            comment.created_at,
            comment.node_id,
            edited=comment.updated_at > comment.created_at,
            hidden=comment.minimized,
            replaced=replaced,
        )

    def _said(
        self,
        anchor: str,
        author: Account,
        text: str,
        at: float,
        subject: str,
        *,
        edited: bool = False,
        hidden: str | None = None,
        replaced: Sequence[str] = (),
    ) -> Said:
        body = render(text, replaced)
        return Said(anchor, author, body, at, edited, hidden, self._reactions(subject))

    def _reactions(self, subject: str) -> tuple[tuple[str, str, int], ...]:
        counts = self._world.reactions.counts(subject)
        return tuple((EMOJI[content], content, count) for content, count in counts.items() if count)


def _decides(review: Review) -> bool:
    return review.state in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")


def _text(run: CheckRun) -> str:
    return run.output.get("text") or ""


def _commented_lines(thread: Thread) -> tuple[DiffLine, ...]:
    """The last lines of the hunk, at least all that the comment is about."""
    lines = [line for line in Patch.parse(thread.original.diff_hunk).lines if line.kind != "hunk"]
    start = thread.original.start_line
    about = (thread.original.line or 0) - start + 1 if start is not None else 1
    return tuple(lines[-max(_SHOWN_LINES, about) :])


def _label(thread: Thread) -> str:
    """The lines in words; for an outdated thread those it was written on."""
    anchor = thread.original if thread.anchor.outdated else thread.anchor
    if anchor.subject == "file":
        return "the whole file"
    if anchor.start_line is None:
        return f"line {anchor.line}"
    return f"lines {anchor.start_line} to {anchor.line}"
