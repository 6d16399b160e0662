"""What earlier findings came to bears on the next review: its confidence, and what it proposes."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot.domain.finding import Category, Fate, Finding, Origin, Severity
from bot.domain.identifiers import InstallationId, RepositoryId
from bot.domain.outcome import Outcome, Posting, Signals
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.github.words.guidelines import GUIDELINES
from bot.ports import Outcomes
from sandbox.state.pulls import PullRequest
from tests.fakes.answers import checked, rooms
from tests.fakes.scripted_model import ScriptedModel
from tests.stories.projects import SKIPS_THE_FIRST, WRONG_TOTAL
from tests.stories.test_replay import export, replayed
from tests.stories.world import World

NOW = datetime.now(UTC)
FIXED, DISMISSED = Signals(fixed=NOW), Signals(dismissed=NOW)


def outcomes(world: World) -> Outcomes:
    """Where they are kept."""
    return world.app.jobs.looking.outcomes


def happened(world: World, at: RepositoryRef, count: int, signals: Signals) -> None:
    """So many findings of confidence 0.8, one a pull request, all of kinds of their own."""
    for number in range(100, 100 + count):
        posting = Posting(
            finding=f"{signals.fixed is None}",
            title="Another one",
            path="a.py",
            kind=f"kind-{number}",
            category=Category.CORRECTNESS,
            severity=Severity.P1,
            origin=Origin.HUNT,
            confidence=0.8,
            posted_at=NOW,
        )
        outcomes(world).keep(PullRef(at, number), [Outcome(posting, signals)])


def hunted(**more: object) -> ScriptedModel:
    """One defect, of which the verifier is sure at 0.8."""
    found = {**SKIPS_THE_FIRST, **more}
    confirmed = {"results": [checked(1, confidence=0.8, severity=found["severity"])]}
    return rooms(hunt={"defects": [found], "sites": []}, verify=confirmed)


def reviewed(world: World, **more: object) -> tuple[PullRequest, Finding]:
    """One more pull request with that defect, and the finding as it is on record."""
    world.model = hunted(**more)
    pull = world.open(WRONG_TOTAL)
    world.drain()
    (finding,) = world.record(pull).findings
    return pull, finding


def elsewhere(world: World) -> RepositoryRef:
    """Another repository of the same installation."""
    world.shop()
    here = InstallationId(world.github.installation("acme").id)
    return RepositoryRef(RepositoryId(4711), "acme/blog", here)


# Confidence


def test_a_confidence_that_did_not_hold_is_judged_lower_and_says_why(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    happened(world, elsewhere(world), 10, FIXED)
    happened(world, elsewhere(world), 30, DISMISSED)
    pull, finding = reviewed(world)
    assert (finding.fate, finding.confidence, finding.stated_confidence) == (
        Fate.BELOW_THRESHOLD,
        0.65,
        0.8,
    )
    assert finding.reason == (
        "confidence 0.65, from 0.8 by 40 outcomes, is below 0.7 "
        "(severity P2 by built-in, confidence 0.7 by built-in)"
    )
    assert world.github.threads(pull) == []

    # What came of findings since changes nothing of a replay: what held then is on record.
    file = export(world, pull, tmp_path, monkeypatch)
    happened(world, elsewhere(world), 90, FIXED)
    assert replayed(file, capsys) == (
        0,
        ["The same review, byte for byte: 1 finding, 3 model calls"],
    )
    Path(tmp_path / "loose.yml").write_text("thresholds: {confidence: 0.65}\n")
    status, lines = replayed(file, capsys, "--policy", str(tmp_path / "loose.yml"))
    assert status == 1
    assert "fate below_threshold -> posted" in " ".join(" ".join(lines).split())


def test_a_confidence_that_held_is_judged_higher_and_the_comment_shows_both(world: World) -> None:
    happened(world, elsewhere(world), 40, FIXED)
    pull, finding = reviewed(world)
    assert (finding.fate, finding.stated_confidence) == (Fate.POSTED, 0.8)
    (view,) = world.github.thread_views(pull)
    assert (
        "then verified at confidence 0.80 (0.92 by the outcomes of 40 earlier findings)"
        in view.comments[0][1]
    )


def test_what_happened_in_another_installation_bears_on_nothing(world: World) -> None:
    stranger = replace(elsewhere(world), installation=InstallationId(99))
    happened(world, stranger, 90, DISMISSED)
    _, finding = reviewed(world)
    assert (finding.fate, finding.confidence, finding.stated) == (Fate.POSTED, 0.8, None)


def test_a_hole_is_not_made_less_sure_by_what_became_of_other_findings(world: World) -> None:
    happened(world, elsewhere(world), 90, DISMISSED)
    _, finding = reviewed(world, category="security")
    assert (finding.fate, finding.confidence, finding.stated) == (Fate.POSTED, 0.8, None)


# A guideline is proposed


def liked(world: World) -> None:
    """A pull request whose finding somebody thumbed up, and that was closed then."""
    pull, _ = reviewed(world)
    (thread,) = world.github.threads(pull)
    comment = world.github.world.review_comments.of_thread(thread)[0]
    world.github.react(comment, "+1", by="bob")
    world.github.close(pull)
    world.drain()


def summary(world: World, pull: PullRequest) -> str:
    """The body of the first review."""
    return world.page(pull).plain(world.github.reviews(pull)[0].body)


def test_after_three_confirmed_findings_of_a_kind_a_guideline_is_proposed_once(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    liked(world)
    liked(world)
    second, _ = reviewed(world)
    assert "again and again" not in summary(world, second)
    liked(world)

    pull, _ = reviewed(world)
    assert summary(world, pull) == snapshot("""\
**1 finding to look at.**

Read 1 of 1 file.

<details><summary>Found right again and again: wrong result. Make it a guideline?</summary>

The last 3 of this kind in `shop/` that were found right:
- #1: The total leaves out the first price
- #2: The total leaves out the first price
- #4: The total leaves out the first price

To have it heeded from now on, write
```
@plumbline remember Test every result that changes: with none, one and many for shop/**
```

or put this line into `shop/AGENTS.md`:
```
- Test every result that changes: with none, one and many.
```

Where a linter can tell it, its rule is better still. This is proposed only once.

</details>

<sub>`HEAD1` | light: 2 changed lines of code in 1 file, 0 callers of changed contracts | scripted | N s | record `HEAD1/auto`</sub>\
""")
    file = export(world, pull, tmp_path, monkeypatch)

    another, _ = reviewed(world)
    assert "again and again" not in summary(world, another)
    status, lines = replayed(file, capsys)
    assert (status, lines) == (0, ["The same review, byte for byte: 1 finding, 3 model calls"])


def test_two_reviews_at_once_propose_once(world: World) -> None:
    for _ in range(3):
        liked(world)
    world.model = hunted()
    pulls = [world.open(WRONG_TOTAL), world.open(WRONG_TOTAL)]
    world.drain("acknowledge", "review")
    world.drain()
    assert sum("again and again" in summary(world, pull) for pull in pulls) == 1


def test_a_proposal_that_was_not_posted_is_left_to_the_next_review(world: World) -> None:
    """The head moves before the review is posted."""
    for _ in range(3):
        liked(world)
    world.model = hunted()
    pull = world.open(WRONG_TOTAL)
    world.drain_now("acknowledge", "review")
    world.github.push(pull, {"README.md": "More.\n"})
    world.drain()
    assert "again and again" in summary(world, pull)


def test_the_proposed_command_does_what_it_says(world: World) -> None:
    """Copied out of the summary by a person."""
    for _ in range(3):
        liked(world)
    pull, _ = reviewed(world)
    command = re.search(r"^@plumbline remember .*$", summary(world, pull), re.MULTILINE)
    assert command is not None
    world.github.comment(pull, command[0], by="bob")
    world.drain()
    (learning,) = world.app.jobs.learnings.known(world.ref(pull).repository)
    assert (learning.text, learning.paths) == (GUIDELINES["wrong-result"], ("shop/**",))
