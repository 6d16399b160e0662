"""One worker's world as plain values, and the jobs that stories about it begin with."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.commands import Command
from bot.domain.identifiers import Sha
from bot.domain.jobs import (
    ForgetInstallation,
    Job,
    LookAtOutcomes,
    Mention,
    ReviewPull,
    TidyClone,
    Trigger,
    review_key,
)
from bot.ports import Model
from tests.fakes.github_ports import (
    CountedAllowances,
    ListPublisher,
    ListQueue,
    MemoryRecords,
    OneRepository,
    ScriptedWanted,
    StandingPulls,
)
from tests.fakes.learnings import MemoryLearnings
from tests.fakes.outcomes import MemoryOutcomes, QuietOnlooker
from tests.fakes.proposal import REF
from workers.commands.progress import Clock, MonotonicClock
from workers.jobs.deps import JobDeps
from workers.jobs.perform import perform
from workers.outcomes import Looking

HEAD = Sha("a" * 40)
NEXT = Sha("c" * 40)
EVENT = Trigger("event")
REVIEW = ReviewPull(REF, EVENT)
TIDY = TidyClone(REF.repository)
ASK = Mention("issue_comment", 41, "bob", Command("ask", "Who calls price?"))
HELP = Mention("issue_comment", 42, "bob", Command("help"))
AGAIN = Mention("review_comment", 43, "bob", Command("review", "deep please"), in_reply_to=40)
LOOK_AT_WHAT_WAS_SAID = LookAtOutcomes(REF, "said")
BASE = {"a.py": "def price(n):\n    return n\n"}
TOPIC = {"a.py": "def price(n):\n    return n + 1\n"}


@dataclass
class Office:
    """One worker's world, with all that it wrote and queued."""

    pulls: StandingPulls
    repository: OneRepository
    model: Model | None
    records: MemoryRecords
    publisher: ListPublisher
    queue: ListQueue
    wanted: ScriptedWanted
    forgotten: list[ForgetInstallation]
    tidied: list[TidyClone]
    allowances: CountedAllowances = field(default_factory=CountedAllowances)
    learnings: MemoryLearnings = field(default_factory=MemoryLearnings)
    onlooker: QuietOnlooker = field(default_factory=lambda: QuietOnlooker(HEAD))
    outcomes: MemoryOutcomes = field(default_factory=MemoryOutcomes)
    clock: Clock = field(default_factory=MonotonicClock)

    def does(self, job: Job, attempt: int = 1, last: bool = False) -> list[str]:
        """Perform one job; what was written meanwhile."""
        before = len(self.publisher.written)
        deps = JobDeps(
            self.pulls,
            self.repository,
            self.model,
            self.records,
            self.publisher,
            self.queue,
            self.wanted,
            self.allowances,
            self.learnings,
            Looking(self.onlooker, self.outcomes, lambda: None),
            self.forgotten.append,
            self.tidied.append,
            lambda: "plumbline",
            "https://github.com",
            clock=self.clock,
        )
        perform(job, deps, attempt, last)
        return self.publisher.written[before:]

    @property
    def key(self) -> str:
        """The key of an automatic review of the head."""
        return review_key(REF, self.pulls.pull.head, EVENT)
