"""One look: what it reads of the records, when it waits, and when it asks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.finding import Category, Fate, Finding, Origin, Severity, Stated
from bot.domain.identifiers import Sha
from bot.domain.jobs import LookAtOutcomes, WantedState, job_from_json, job_to_json
from bot.domain.outcome import Became, Outcome, Posting, PullSeen, Signals, ThreadSeen
from bot.domain.pull_request import PullRef
from bot.domain.review import Review
from bot.domain.ruling import Ruling, RulingKind
from bot.errors import GitHubUnavailable, InstallationGone, TransientError
from bot.github.markers import marker_of_finding
from bot.store.database import open_database
from bot.store.outcomes import SqlOutcomes
from tests.fakes.github_ports import MemoryRecords, ScriptedWanted
from tests.fakes.proposal import REF
from tests.fakes.trace import ListTrace
from workers.outcomes import Looking, Posted, look, posted_findings

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
CLOSED, POSTED = LookAtOutcomes(REF, "closed", "head"), LookAtOutcomes(REF, "posted", "key")
FINDING = Finding(
    title="The total leaves out the first price",
    body="",
    severity=Severity.P1,
    category=Category.CORRECTNESS,
    origin=Origin.HUNT,
    path="shop/cart.py",
    line=2,
    confidence=0.7,
    kind="wrong-result",
    fate=Fate.POSTED,
    stated=Stated(0.8, 40),
)
STANDING = replace(FINDING, fate=Fate.DUPLICATE, standing=True, continues=FINDING.id)
FIXED = replace(FINDING, fate=Fate.DUPLICATE, fixed=True, continues=FINDING.id)


HEAD, NEXT = Sha("a" * 40), Sha("c" * 40)


def review(*findings: Finding, head: Sha = HEAD) -> Review:
    return Review("complete", Sha("b" * 40), head, "light", findings=findings)


@dataclass
class Scene:
    """The world of one look. `sees` is what GitHub shows."""

    outcomes: SqlOutcomes
    records: MemoryRecords = field(default_factory=MemoryRecords)
    wanted: ScriptedWanted = field(default_factory=lambda: ScriptedWanted(WantedState()))
    sees: PullSeen | Exception = field(default_factory=lambda: PullSeen("open", HEAD, {}))
    looked: int = 0
    shown: int = 0

    def post(self, *reviews: Review) -> None:
        """Published reviews of the pull request."""
        for number, one in enumerate(reviews):
            key = f"{REF.key}/{number}"
            self.records.traces[key] = ListTrace()
            self.records.keep(key, one)
            self.records.published(key, 1)

    def looks(self, job: LookAtOutcomes = POSTED, last: bool = False) -> list[Outcome]:
        """One look; what is known after it."""
        looking = Looking(self, self.outcomes, self._show, lambda: NOON)
        look(job, looking, self.records, self.wanted, last)
        return list(self.outcomes.known(REF))

    def look(self, ref: PullRef) -> PullSeen:
        """ports.Onlooker."""
        assert ref == REF
        self.looked += 1
        if isinstance(self.sees, Exception):
            raise self.sees
        return self.sees

    def may_write(self, ref: PullRef, login: str) -> bool:
        """ports.Onlooker: bob alone."""
        assert ref == REF
        return login == "bob"

    def _show(self) -> None:
        self.shown += 1


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with closing(open_database("", tmp_path)) as database:
        yield Scene(SqlOutcomes(database))


def test_a_look_keeps_what_was_posted_with_the_verifiers_own_confidence(scene: Scene) -> None:
    scene.post(review(FINDING))
    posting = Posting(
        finding=FINDING.id,
        title="The total leaves out the first price",
        path="shop/cart.py",
        kind="wrong-result",
        category=Category.CORRECTNESS,
        severity=Severity.P1,
        origin=Origin.HUNT,
        confidence=0.8,
        posted_at=NOON,
    )
    assert scene.looks() == [Outcome(posting)]
    scene.sees = PullSeen("merged", HEAD, {marker_of_finding(FINDING): ThreadSeen(ups=1)})
    for _ in range(2):
        assert scene.looks() == [Outcome(posting, Signals(liked=NOON, merged=NOON), ups=1)]
    assert (scene.looked, scene.shown) == (3, 3)


def test_where_nothing_was_posted_nobody_is_asked(scene: Scene) -> None:
    assert scene.looks() == []
    scene.post(review(replace(FINDING, fate=Fate.LISTED), replace(FINDING, fate=Fate.REFUTED)))
    assert scene.looks() == []
    assert (scene.looked, scene.shown) == (0, 0)


def test_the_last_look_waits_for_a_review_that_is_made_and_others_do_not(scene: Scene) -> None:
    scene.post(review(FINDING))
    scene.wanted.holding = True
    with pytest.raises(TransientError, match="a review of the last push is being made"):
        scene.looks(CLOSED)
    assert scene.looked == 0
    assert [one.became for one in scene.looks(POSTED)] == [Became.OPEN]
    assert [one.became for one in scene.looks(CLOSED, last=True)] == [Became.OPEN]


def test_a_look_that_failed_leaves_what_was_known(scene: Scene) -> None:
    scene.post(review(FINDING))
    before = scene.looks()
    scene.sees = GitHubUnavailable("out", retry_after=7)
    with pytest.raises(GitHubUnavailable):
        scene.looks()
    assert scene.outcomes.known(REF) == before


def test_an_app_that_was_removed_sees_nothing_and_complains_of_nothing(scene: Scene) -> None:
    scene.post(review(FINDING))
    scene.sees = InstallationGone("the App was removed from acme")
    assert (scene.looks(), scene.shown) == ([], 0)


def test_what_was_posted_is_named_once_and_mended_as_the_last_review_saw_it() -> None:
    first, listed = review(FINDING), replace(FINDING, fate=Fate.LISTED, symbol="other")
    stands, mended = review(STANDING, head=NEXT), review(FIXED, head=NEXT)
    new = Posted(FINDING, HEAD)
    assert posted_findings([review(FINDING, listed)]) == (new,)
    assert posted_findings([first, stands]) == (Posted(FINDING, NEXT),)
    gone = Posted(FINDING, HEAD, fixed=True, was_fixed=True)
    assert posted_findings([first, mended]) == (gone,)
    assert posted_findings([first, mended, review()]) == (gone,)
    back = Posted(FINDING, NEXT, fixed=False, was_fixed=True)
    assert posted_findings([first, mended, review(), stands]) == (back,)


@pytest.mark.parametrize(
    ("thread", "head", "became"),
    [
        (ThreadSeen(changed=True), NEXT, Became.CHANGED),
        (ThreadSeen(changed=True), HEAD, Became.IGNORED),
        (ThreadSeen(changed=True, resolved=True), HEAD, Became.RESOLVED),
        (ThreadSeen(changed=True, resolved=True, by_us=True), NEXT, Became.RESOLVED_WITH_CHANGE),
    ],
)
def test_lines_that_changed_around_a_defect_that_was_seen_since_say_nothing(
    scene: Scene, thread: ThreadSeen, head: Sha, became: Became
) -> None:
    scene.post(review(FINDING))
    scene.sees = PullSeen("merged", head, {marker_of_finding(FINDING): thread})
    assert [one.became for one in scene.looks()] == [became]


def test_a_thread_that_we_closed_over_a_defect_that_came_back_is_not_closed(scene: Scene) -> None:
    scene.post(review(FINDING), review(FIXED, head=NEXT), review(STANDING))
    for by_us, became in ((True, Became.IGNORED), (False, Became.RESOLVED)):
        seen = ThreadSeen(changed=True, resolved=True, by_us=by_us)
        scene.sees = PullSeen("merged", HEAD, {marker_of_finding(FINDING): seen})
        assert [one.became for one in scene.looks()] == [became]


def test_a_look_crosses_redis_unchanged() -> None:
    assert [job_from_json(job_to_json(job)) for job in (CLOSED, POSTED)] == [CLOSED, POSTED]


@pytest.mark.parametrize(
    ("kind", "by", "became"),
    [
        ("dismissed", "bob", Became.DISMISSED),
        ("dismissed", "mallory", Became.OPEN),
        ("upheld", "bob", Became.DISPUTED),
        ("upheld", "mallory", Became.OPEN),
        ("withdrawn", "mallory", Became.WITHDRAWN),
    ],
)
def test_mere_words_count_of_people_who_may_write(
    scene: Scene, kind: RulingKind, by: str, became: Became
) -> None:
    scene.post(review(FINDING))
    scene.records.rule(REF, Ruling(FINDING.id, kind, "I say so.", by, "comment/1"))
    assert [one.became for one in scene.looks()] == [became]
