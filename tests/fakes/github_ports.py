"""GitHub and the stores as plain values: one fake for each port that jobs and the pipeline use."""

# ruff: noqa: ARG002 - a fake need not look at all that a port is given
from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.domain.finding import Finding
from bot.domain.identifiers import Sha
from bot.domain.jobs import Job, Mention, WantedState
from bot.domain.pull_request import PullRef, PullRequest, RepositoryRef, ThreadComment
from bot.domain.review import Review
from bot.domain.ruling import Ruling
from bot.ports import Access, Allowed, Code
from tests.fakes.trace import ListTrace
from workers.repository.clones.local import open_local


@dataclass
class StandingPulls:
    """ports.PullRequests of one pull request; `refusal` is raised instead, while it is set."""

    pull: PullRequest
    writers: tuple[str, ...] = ()
    policy: str = ""
    refusal: Exception | None = None

    def read(self, ref: PullRef) -> PullRequest:
        """The pull request, whoever asks."""
        assert ref == self.pull.ref
        if self.refusal is not None:
            raise self.refusal
        return self.pull

    def author(self, ref: PullRef) -> str:
        """Whoever opened it."""
        return self.pull.author

    def checked_at(self, repository: RepositoryRef, head: Sha) -> Sequence[int]:
        """The pull request, at its head."""
        return [self.pull.ref.number] if head == self.pull.head else []

    def comment(self, ref: PullRef, comment_id: int) -> ThreadComment | None:
        """The comment, from the pull request's threads."""
        said = (comment for thread in self.pull.threads for comment in thread.comments)
        return next((comment for comment in said if comment.id == comment_id), None)

    def access(self, ref: PullRef, login: str) -> Access:
        """Whether the test made this person a writer; everybody reads."""
        return "write" if login in self.writers else "read"

    def policy_files(self, ref: PullRef) -> Sequence[tuple[str, str]]:
        """The file that the test gave."""
        return [(".github/plumbline.yml", self.policy)] if self.policy else []


@dataclass
class OneRepository:
    """ports.Repositories over one bare repository; `refusal` is raised instead, while it is set."""

    folder: Path
    refusal: Exception | None = None
    opened: int = 0

    def open(self, pull: PullRequest) -> AbstractContextManager[Code]:
        """The two commits of the pull request."""
        self.opened += 1
        if self.refusal is not None:
            raise self.refusal
        return open_local(self.folder, pull.merge_base, pull.head, pull.base_tip)


@dataclass
class MemoryRecords:
    """ports.Records in dictionaries; what was published is what `posted_before` tells."""

    reviews: dict[str, Review] = field(default_factory=dict)
    traces: dict[str, ListTrace] = field(default_factory=dict)
    replies: dict[str, str] = field(default_factory=dict)
    posted: dict[str, int | None] = field(default_factory=dict)
    ruled: list[Ruling] = field(default_factory=list)

    def begin(self, key: str, pull: PullRequest) -> ListTrace:
        """A new trace under this key."""
        return self.traces.setdefault(key, ListTrace())

    def keep(self, key: str, review: Review) -> None:
        """Keep the review; only a record that was begun can be kept."""
        assert key in self.traces, f"{key!r} was never begun"
        self.reviews[key] = review

    def review(self, key: str) -> Review | None:
        """A kept review."""
        return self.reviews.get(key)

    def posted_before(self, ref: PullRef) -> Sequence[Review]:
        """The published reviews of this pull request."""
        return [self.reviews[key] for key in self.posted if key.startswith(f"{ref.key}/")]

    def published(self, key: str, github_id: int | None) -> None:
        """Note it."""
        self.posted[key] = github_id

    def rule(self, ref: PullRef, ruling: Ruling) -> None:
        """Keep it, the first of one comment."""
        if all(one.source != ruling.source for one in self.ruled):
            self.ruled.append(ruling)

    def rulings(self, ref: PullRef) -> Sequence[Ruling]:
        """All of them."""
        return list(self.ruled)

    def keep_reply(self, key: str, text: str) -> None:
        """Keep the words."""
        self.replies[key] = text

    def reply(self, key: str) -> str | None:
        """The kept words."""
        return self.replies.get(key)


@dataclass
class ListPublisher:
    """ports.Publisher that keeps every write as a line; `refusals` are raised by name, in order."""

    written: list[str] = field(default_factory=list)
    posts: int | None = 900
    refusals: dict[str, list[Exception]] = field(default_factory=dict)

    def acknowledge(self, ref: PullRef, head: Sha, key: str) -> None:
        """Keep it."""
        self._write("acknowledge", f"queued {key}")

    def progress(self, ref: PullRef, head: Sha, key: str, text: str) -> None:
        """Keep it."""
        self._write("progress", f"{text} [{key}]")

    def publish(self, ref: PullRef, review: Review, key: str, attempt: int) -> int | None:
        """Keep it; the id that the test gave."""
        self._write("publish", f"{review.status} {key} (attempt {attempt})")
        return self.posts

    def give_up(
        self, ref: PullRef, head: Sha, key: str, why: str, superseded: bool, again: bool = True
    ) -> None:
        """Keep it, with the conclusion that GitHub would show."""
        conclusion = "cancelled" if superseded else "neutral"
        self._write("give_up", f"{conclusion}: {why} [{key}]")

    def pass_merge_group(self, ref: PullRef, head: Sha) -> None:
        """Keep it."""
        self._write("pass_merge_group", head)

    def react(self, ref: PullRef, mention: Mention, content: str) -> bool:
        """Keep it; the comment stands."""
        self._write("react", f"{content} on {mention.place} {mention.comment_id}")
        return True

    def settle(self, ref: PullRef, mention: Mention) -> None:
        """Keep it."""
        self._write("settle", f"{mention.place} {mention.comment_id}")

    def reply(self, ref: PullRef, mention: Mention, key: str, text: str) -> None:
        """Keep it."""
        self._write("reply", f"to {mention.place} {mention.comment_id}: {text}")

    def progress_reply(self, ref: PullRef, mention: Mention, key: str, text: str) -> None:
        """Keep it."""
        self._write("progress_reply", f"to {mention.place} {mention.comment_id}: {text}")

    def rewrite(self, ref: PullRef, comment_id: int, body: str) -> None:
        """Keep it."""
        self._write("rewrite", f"{comment_id}: {body}")

    def resolve(self, ref: PullRef, findings: Sequence[Finding], resolved: bool) -> int:
        """Keep it; GitHub takes all."""
        word = "resolve" if resolved else "unresolve"
        self._write("resolve", f"{word} {', '.join(finding.title for finding in findings)}")
        return len(findings)

    def _write(self, name: str, text: str) -> None:
        waiting = self.refusals.get(name)
        if waiting:
            raise waiting.pop(0)
        self.written.append(f"{name} {text}")


@dataclass
class ListQueue:
    """ports.Queue that keeps what is put into it."""

    jobs: list[Job] = field(default_factory=list)

    def enqueue(self, job: Job, delay_seconds: float = 0.0) -> None:
        """Keep the job; one that waits already changes nothing."""
        if job not in self.jobs:
            self.jobs.append(job)


@dataclass
class ScriptedWanted:
    """ports.Wanted: held is `state`; `later` tells what is wanted at each further look."""

    state: WantedState
    later: list[WantedState] = field(default_factory=list)
    busy: Exception | None = None
    holding: bool = False

    @contextmanager
    def hold(self, ref: PullRef) -> Iterator[WantedState]:
        """Begin work, unless the test says that somebody else works."""
        if self.busy is not None:
            raise self.busy
        self.holding = True
        try:
            yield self.state
        finally:
            self.holding = False

    def current(self, ref: PullRef) -> WantedState:
        """The next of `later`; its last one stays; without any, what was held."""
        if not self.later:
            return self.state
        return self.later.pop(0) if len(self.later) > 1 else self.later[0]

    def pause(self, ref: PullRef, by: str) -> None:
        """From now on it is held like this."""
        self.state = replace(self.state, paused_by=by)

    def stop(self, ref: PullRef, by: str) -> bool:
        """Whoever holds it is told at the next look."""
        self.state = replace(self.state, stops=self.state.stops + 1, stopped_by=by)
        return self.holding

    def reviewing(self, ref: PullRef) -> bool:
        """Whether somebody holds it."""
        return self.holding


@dataclass
class CountedAllowances:
    """ports.Allowances that allow so many requests, however many hours they take."""

    left: int = 100
    refused: int = 0

    def take(self, ref: PullRef, mention: Mention, guest: bool) -> Allowed:
        """One less; the first refusal is told."""
        if self.left > 0:
            self.left -= 1
            return "yes"
        self.refused += 1
        return "no" if self.refused == 1 else "silence"
