"""The whole outside world, on one screen. What is not here, the reviewer cannot touch.

Reads and writes are separate objects: a dry run swaps the publisher, and nothing else can write.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Literal, Protocol

from bot.domain.budget import CapUse, DayCaps, Spent
from bot.domain.conversation import ModelAnswer, ModelRequest, Step
from bot.domain.diff import ChangeSet
from bot.domain.finding import Finding
from bot.domain.hindsight import Hindsight
from bot.domain.identifiers import Sha
from bot.domain.jobs import Job, Mention, WantedState
from bot.domain.learning import Learning, Taught, Teaching
from bot.domain.outcome import Outcome, PullSeen
from bot.domain.past_changes import PastChanges
from bot.domain.pull_request import PullRef, PullRequest, RepositoryRef, ThreadComment
from bot.domain.release import Comparison, Release
from bot.domain.repeated_class import Proposal
from bot.domain.review import Review, Stage
from bot.domain.ruling import Ruling

Access = Literal["write", "triage", "read", "none"]
Allowed = Literal["yes", "no", "silence"]


class PullRequests(Protocol):
    """Reads of GitHub (or of a local range)."""

    def read(self, ref: PullRef) -> PullRequest:
        """The pull request as it is now. Raises TransientError, PermanentError."""

    def access(self, ref: PullRef, login: str) -> Access:
        """This person's right on the repository, by GitHub's API; "write": that or more."""

    def author(self, ref: PullRef) -> str:
        """The login of whoever opened the pull request, by GitHub's API."""

    def policy_files(self, ref: PullRef) -> Sequence[tuple[str, str]]:
        """(source, text) of the organisation's file and the one at the tip of the base branch."""

    def checked_at(self, repository: RepositoryRef, head: Sha) -> Sequence[int]:
        """The numbers of the pull requests that have check runs of ours on a commit."""

    def comment(self, ref: PullRef, comment_id: int) -> ThreadComment | None:
        """One comment of a review thread; None where it is gone."""


class Code(Protocol):
    """Two commits (and the base tip) of one repository, read from a bare clone by object id."""

    def changes(self) -> ChangeSet:
        """What the head changes since the merge base."""

    def read(self, commit: Sha, path: str) -> bytes | None:
        """A file's bytes; None if absent, a submodule or over the size cap. Follows no links."""

    def paths(self, commit: Sha, under: str = "") -> Sequence[str]:
        """All file paths below a folder ("" is the root), sorted."""

    def grep(
        self, commit: Sha, words: Iterable[str], under: str = ""
    ) -> Sequence[tuple[str, int, str]]:
        """(path, line, text) of each line that holds one of the words as a whole word; capped."""

    def search(
        self, commit: Sha, pattern: str, under: str = "", limit: int = 100
    ) -> Sequence[tuple[str, int, str]]:
        """(path, line, text) of each line that matches an extended regular expression; capped."""

    def history(self, path: str, limit: int = 10) -> Sequence[str]:
        """One line a commit that touched the path, newest first, ending at the merge base."""

    def recall(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """Facts about files that earlier reviews kept; any of them may be gone."""

    def keep(self, facts: Mapping[str, bytes]) -> None:
        """Keep facts for later reviews, under names that change when the facts would."""

    def past_changes(self, limit: int = 500) -> PastChanges:
        """The paths that each of the last commits touched, ending at the merge base; bounded."""


class Repositories(Protocol):
    """Bare clones, kept between reviews."""

    def open(self, pull: PullRequest) -> AbstractContextManager[Code]:
        """Fetch what is missing. Raises FetchFailed, LimitExceeded, RangeError, Superseded."""


class Releases(Protocol):
    """Released packages, of the indexes that the operator named; nothing is installed or run."""

    def compare(self, before: Release, after: Release) -> Comparison:
        """What the newer release breaks of the older's public names; a note says why nothing."""


class Model(Protocol):
    """Any OpenAI-compatible server, with its fallbacks."""

    def complete(self, request: ModelRequest) -> ModelAnswer:
        """One answer. Raises ModelUnavailable when every configured model failed, PromptTooLong."""


class Spending(Protocol):
    """What models cost today (a day of UTC), counted over all workers."""

    def start_call(self, ref: PullRef, caps: DayCaps) -> None:
        """Count one model call before it is made. Raises LimitExceeded, StoreUnavailable."""

    def add(self, ref: PullRef, spent: Spent) -> None:
        """Add what an answer cost."""

    def used(self, ref: PullRef, caps: DayCaps) -> Sequence[CapUse]:
        """Every cap of today, with what was spent of it."""


class Watch(Protocol):
    """Says what is being done, and stops work that nobody wants any more."""

    def begin(self, pull: PullRequest, key: str) -> None:
        """The pull request was read; its review is recorded under this key."""

    def stage(self, name: Stage) -> None:
        """Tell whoever watches (a check run, a terminal) what happens now."""

    def check(self) -> None:
        """Raises Superseded when the work is no longer wanted, LimitExceeded past the deadline."""


class Trace(Protocol):
    """The record of one review while it is made; each step is kept as it happens."""

    def add(self, step: Step) -> None:
        """Keep one step."""


class Records(Protocol):
    """Reviews, kept from the first day."""

    def begin(self, key: str, pull: PullRequest) -> Trace:
        """Start (or start again) the record of a review."""

    def keep(self, key: str, review: Review) -> None:
        """Store the finished review under its key; the same key again replaces it."""

    def review(self, key: str) -> Review | None:
        """A stored review."""

    def posted_before(self, ref: PullRef) -> Sequence[Review]:
        """Earlier stored reviews of this pull request that were published, oldest first."""

    def published(self, key: str, github_id: int | None) -> None:
        """Note that the review was published (None: there was nothing to say)."""

    def rule(self, ref: PullRef, ruling: Ruling) -> None:
        """Keep what was decided about a finding; one comment's word on it is kept once."""

    def rulings(self, ref: PullRef) -> Sequence[Ruling]:
        """What was decided about this pull request's findings, oldest first."""

    def keep_reply(self, key: str, text: str) -> None:
        """Store the answer to a mention."""

    def reply(self, key: str) -> str | None:
        """A stored answer."""


class Publisher(Protocol):
    """The only object that writes to GitHub."""

    def acknowledge(self, ref: PullRef, head: Sha, key: str) -> None:
        """Create the check run, queued, with `external_id` = key, if it does not exist."""

    def progress(self, ref: PullRef, head: Sha, key: str, text: str) -> None:
        """Set the check run in progress and say what is being done."""

    def publish(self, ref: PullRef, review: Review, key: str, attempt: int) -> int | None:
        """Post the review once, complete the check. Returns the review's id on GitHub, if any."""

    def give_up(
        self, ref: PullRef, head: Sha, key: str, why: str, superseded: bool, again: bool = True
    ) -> None:
        """Complete the check without a review: cancelled when superseded, else neutral with why.

        Not `again`: nothing is gained by running it again, and `why` tells what would help.
        """

    def pass_merge_group(self, ref: PullRef, head: Sha) -> None:
        """Complete a successful check on a merge group's commit."""

    def react(self, ref: PullRef, mention: Mention, content: str) -> bool:
        """Put a reaction (`eyes`, `+1`, `confused`) on the comment; a refusal is no error.

        False: the comment is gone.
        """

    def settle(self, ref: PullRef, mention: Mention) -> None:
        """Take `eyes` back, unless more that the comment asked for is under way."""

    def reply(self, ref: PullRef, mention: Mention, key: str, text: str) -> None:
        """Answer in place: in the thread, or as a comment of the pull request; once a key.

        A thread that is gone or a conversation that is locked gets none; that is no error.
        """

    def progress_reply(self, ref: PullRef, mention: Mention, key: str, text: str) -> None:
        """Say in the answer's own place what is being done; `reply` puts the answer there."""

    def rewrite(self, ref: PullRef, comment_id: int, body: str) -> None:
        """Replace the text of a review comment of ours."""

    def resolve(self, ref: PullRef, findings: Sequence[Finding], resolved: bool) -> int:
        """Resolve the threads of these findings, or open them again; how many GitHub took."""


class Wanted(Protocol):
    """What is wanted of each pull request now, as the deliveries said; and who works on it."""

    def hold(self, ref: PullRef) -> AbstractContextManager[WantedState]:
        """Begin work: nobody else may until it ends. Raises TransientError if somebody does."""

    def current(self, ref: PullRef) -> WantedState:
        """What is wanted now: cheap, asked before each model call."""

    def pause(self, ref: PullRef, by: str) -> None:
        """No automatic reviews of it from now on; `by` "": they go on."""

    def stop(self, ref: PullRef, by: str) -> bool:
        """Stop the review that is being made or waits; whether there is one."""

    def reviewing(self, ref: PullRef) -> bool:
        """Whether a review is being made."""


class Allowances(Protocol):
    """How much people may ask for in an hour."""

    def take(self, ref: PullRef, mention: Mention, guest: bool) -> Allowed:
        """Count a request; again for the same one: "yes". A guest has far fewer of them.

        "no": tell the person; "silence": they were told already.
        """


class Queue(Protocol):
    """Work for later. Enqueuing a job that waits already is not an error and changes nothing."""

    def enqueue(self, job: Job, delay_seconds: float = 0.0) -> None:
        """Raises StoreUnavailable."""


class KnownLearnings(Protocol):
    """What people taught about repositories, as reviews use it."""

    def known(self, repository: RepositoryRef) -> Sequence[Learning]:
        """Its own, and what was promoted: `private` must be as GitHub says now, not as assumed."""

    def used(
        self, review_key: str, offered: Sequence[Learning], silenced: Collection[Learning]
    ) -> None:
        """Note that a review was given these; made again under its key, it is noted once."""


class Learnings(KnownLearnings, Protocol):
    """The same, and how it changes."""

    def teach(self, repository: RepositoryRef, words: str, teaching: Teaching) -> Taught:
        """Keep it; the same source again changes nothing, the same words join what is known."""

    def forget(self, repository: RepositoryRef, number: int, source: str) -> bool:
        """End a learning. False: there is none, or something other than `source` ended it."""

    def take_back(self, repository: RepositoryRef, pull: int, finding: str) -> Sequence[int]:
        """Take back what a finding taught; the numbers of the learnings that went with it."""

    def promote(self, repository: RepositoryRef, number: int, promoted: bool) -> bool:
        """Make a learning the installation's, or its repository's alone again; False: none."""


class Onlooker(Protocol):
    """Reads what people did about our comments; most of it sends no event."""

    def look(self, ref: PullRef) -> PullSeen:
        """Our threads, with reactions of people who may write there.

        Raises TransientError, PermanentError.
        """

    def may_write(self, ref: PullRef, login: str) -> bool:
        """Whether this person has write access. Raises TransientError, PermanentError."""


class PastOutcomes(Protocol):
    """What became of posted findings, as far as it says something to the next review."""

    def hindsight(self, repository: RepositoryRef) -> Hindsight:
        """What the outcomes of this installation say of the repository."""


class Outcomes(PastOutcomes, Protocol):
    """The same, and how it is kept."""

    def known(self, ref: PullRef) -> Sequence[Outcome]:
        """The outcomes of this pull request's findings, as they were posted."""

    def keep(self, ref: PullRef, outcomes: Sequence[Outcome]) -> None:
        """Store what a look showed; the same look again changes nothing."""

    def propose(self, ref: PullRef, proposal: Proposal, key: str) -> bool:
        """Whether the review of this key is the one that may propose this class, once for all."""

    def not_proposed(self, key: str) -> None:
        """The review of this key was not posted after all."""
