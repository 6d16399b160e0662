"""Reviews and learnings on record, for pages to show."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.conversation import Step
from bot.domain.finding import Category, Evidence, Fate, Finding, Origin, Severity, Stated
from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.intent import IntentContract, Promise, PromiseSource, Unasked, Verdict
from bot.domain.learning import MOST_LEARNINGS, Learning, Teaching
from bot.domain.outcome import Outcome, Posting, Signals
from bot.domain.pull_request import PullRef, PullRequest, RepositoryRef
from bot.domain.record_codec import encode
from bot.domain.review import Coverage, Review, ReviewUsage
from bot.store.database import Database
from bot.store.learnings import SqlLearnings
from bot.store.outcomes import SqlOutcomes
from bot.store.records import SqlRecords
from bot.store.tables import LEARNINGS, TEACHINGS

BASE, HEAD = Sha("b" * 40), Sha("a" * 40)
_NUMBERS = itertools.count(1)


def finding(title: str, fate: Fate, severity: Severity = Severity.P1) -> Finding:
    """A finding with all that one may have."""
    return Finding(
        title=title,
        body="The loop ends before the last attempt, so a 503 is returned as success.",
        severity=severity,
        category=Category.CORRECTNESS,
        origin=Origin.HUNT,
        path="shop/retry.py",
        line=6,
        confidence=0.86,
        stated=Stated(0.91, 64),
        kind="swallowed-failure",
        symbol="send",
        trigger="the third answer is a 503",
        evidence=(Evidence("shop/retry.py", HEAD, 6, 7, "    return response\n"),),
        suggestion="    raise error",
        fate=fate,
        reason="confidence 0.86 is at least 0.7",
        verification="Read the callers: none checks the status.",
    )


REVIEW = Review(
    "partial",
    BASE,
    HEAD,
    "standard",
    effort_reason="two public contracts changed",
    intent=IntentContract(
        (
            Promise(
                "Requests are retried on 503",
                PromiseSource("title", "Retry requests on 503"),
                Verdict.BROKEN,
                "The last attempt is not made.",
                evidence=(Evidence("shop/retry.py", HEAD, 6, 6, "    return response"),),
            ),
        ),
        (Unasked("The timeout is halved", (Evidence("shop/http.py", HEAD, 2, 2, "T = 5"),)),),
    ),
    findings=(
        finding("A 503 on the last attempt is returned as success", Fate.POSTED),
        finding("The delay grows without a bound", Fate.REFUTED, Severity.P2),
    ),
    coverage=Coverage(not_done=("shop/big.py was cut",)),
    usage=ReviewUsage(4, 18_500, 9_000, 1_200, 42.0, 0.0312),
    notes=("the fast model was away",),
    models=("big",),
)
STEP = Step(
    "model",
    "hunt: retries",
    {"room": "hunt", "messages": [{"role": "user", "content": "The whole prompt."}]},
    {"text": "{}", "usage": {"input_tokens": 9_250, "cached_tokens": 0, "output_tokens": 600}},
    12.5,
    "hunt@3",
)


class Filed:
    """Puts things on record. Each repository is a new one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.records, self.learnings = SqlRecords(database), SqlLearnings(database)
        self.outcomes = SqlOutcomes(database)

    def repository(self, name: str = "acme/shop", installation: int = 5) -> RepositoryRef:
        """A repository that nothing is known of yet."""
        number = RepositoryId(next(_NUMBERS))
        return RepositoryRef(number, name, InstallationId(installation) if installation else None)

    def review(
        self,
        repository: RepositoryRef,
        review: Review | None = REVIEW,
        title: str = "Retry requests on 503",
        steps: tuple[Step, ...] = (STEP,),
    ) -> str:
        """A review on record; None: it still runs. Its key."""
        number = next(_NUMBERS)
        pull = PullRequest(
            ref=PullRef(repository, number if repository.installation else 0),
            title=title,
            body="Fixes #3.",
            author="ada",
            state="open",
            base_branch="main",
            head_branch="retry",
            base_tip=BASE,
            merge_base=BASE,
            head=HEAD,
        )
        key = f"{pull.ref.key}/{HEAD}/auto" if repository.installation else f"local/{number}"
        trace = self.records.begin(key, pull)
        for step in steps:
            trace.add(step)
        if review is not None:
            self.records.keep(key, review)
        return key

    def learning(self, repository: RepositoryRef, words: str, **teaching: object) -> Learning:
        """Something taught."""
        taught = Teaching(f"issue_comment-{next(_NUMBERS)}", "ada", "remembered")
        said = replace(taught, **teaching)  # type: ignore[arg-type]
        return self.learnings.teach(repository, words, said).learning

    def all_learnings(self, repository: RepositoryRef, promoted: bool = False) -> None:
        """As many as a repository may have, in one transaction: `Rule 1.`, `Rule 2.` ..."""
        of = {"installation_id": repository.installation, "repository_id": repository.id}
        numbers = range(1, MOST_LEARNINGS + 1)
        rows = [
            {
                **of,
                "number": number,
                "repository": repository.full_name,
                "private": True,
                "text": f"Rule {number}.",
                "promoted": promoted,
                "forgotten_by": "",
            }
            for number in numbers
        ]
        taught = [
            {
                **of,
                "source": f"test {number}",
                "number": number,
                "pull": 0,
                "finding": "",
                "taken_back": False,
                "taught_at": datetime.now(UTC),
                "teaching": encode(Teaching(f"test {number}", "ada")),
            }
            for number in numbers
        ]
        with self._database.write() as connection:
            connection.execute(LEARNINGS.insert(), rows)
            connection.execute(TEACHINGS.insert(), taught)

    def outcome(
        self,
        repository: RepositoryRef,
        category: Category = Category.CORRECTNESS,
        posted_at: datetime | None = None,
        **signals: datetime | None,
    ) -> None:
        """A finding that was posted, today unless another time is given, and what is seen of it."""
        number = next(_NUMBERS)
        posting = Posting(
            finding=f"finding-{number}",
            title="A 503 is swallowed",
            path="shop/retry.py",
            kind="swallowed-failure",
            category=category,
            severity=Severity.P1,
            origin=Origin.HUNT,
            confidence=0.86,
            posted_at=posted_at or datetime.now(UTC),
        )
        seen = [Outcome(posting, Signals(**signals))]
        self.outcomes.keep(PullRef(repository, number), seen)
