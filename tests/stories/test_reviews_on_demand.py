"""When and how much is reviewed, by command; and who may ask for what."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.domain.conversation import ModelRequest
from sandbox.state.pulls import PullRequest
from tests.fakes.answers import NO_DEFECT, rooms
from tests.stories.projects import HARMLESS, SKIPS_THE_FIRST, WRONG_TOTAL
from tests.stories.world import World

MORE = {"README.md": "More words.\n", "shop/more.py": "MORE = 1\n"}


def purposes(model: Any) -> list[str]:  # noqa: ANN401 - the scripted model of the story
    """What a model was asked; two rooms are asked at once."""
    return sorted(request.purpose for request in model.requests)


def read_by_model(world: World, pull: PullRequest, comment: int) -> list[str]:
    """The receipt of the review that this comment asked for."""
    review = world.record(pull, f"issue_comment-{comment}")
    return [f"{file.state} {file.path}: {file.reason}" for file in review.coverage.files]


def test_review_reads_what_is_new_and_review_full_everything(world: World) -> None:
    world.model = rooms()
    pull = world.open(HARMLESS)
    world.drain()
    world.model = model = rooms()
    world.github.comment(pull, "@plumbline review")
    world.drain()
    assert purposes(model) == []
    assert world.page(pull).comments()[-1] == snapshot("""\
=== plumbline[bot] comments
Looked at `HEAD1`: no issues found. [Details](https://github.test/acme/shop/pull/1/checks).\
""")
    world.github.comment(pull, "@plumbline review full")
    world.drain()
    assert purposes(model) == snapshot(["hunt: whole", "intent contract"])


def test_review_security_hunts_nothing_else_and_leaves_the_rest_to_be_read(world: World) -> None:
    world.shop({".github/plumbline.yml": "version: 1\nreview: {on: []}\n"})
    pull = world.open(WRONG_TOTAL)
    world.drain()
    world.model = model = rooms()
    world.github.comment(pull, "@plumbline review security")
    world.drain()
    world.github.comment(pull, "@plumbline review")
    world.drain()
    assert purposes(model) == snapshot(
        ["hunt: security", "hunt: whole", "intent contract", "intent contract"]
    )


def test_review_of_paths_leaves_the_others_to_be_read(world: World) -> None:
    world.shop({".github/plumbline.yml": "version: 1\nreview: {on: []}\n"})
    pull = world.open({**WRONG_TOTAL, **MORE})
    world.drain()
    world.model = rooms()
    first = world.github.comment(pull, "@plumbline review `shop/more*`")
    world.drain()
    assert read_by_model(world, pull, first.id) == snapshot(
        [
            "skipped README.md: not asked for",
            "skipped shop/cart.py: not asked for",
            "read shop/more.py: ",
        ]
    )
    second = world.github.comment(pull, "@plumbline review")
    world.drain()
    assert read_by_model(world, pull, second.id) == snapshot(
        ["read README.md: ", "read shop/cart.py: ", "read shop/more.py: "]
    )


def test_pause_and_resume(world: World) -> None:
    world.model = rooms()
    pull = world.open(HARMLESS)
    world.drain()
    world.github.comment(pull, "@plumbline pause for a while, please")
    world.drain()
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    world.github.push(pull, WRONG_TOTAL)
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed success: Clean: nothing found
check of HEAD2 completed neutral: Not reviewed: paused by bob with the command pause, until resume is written
bob comments
plumbline[bot] comments\
""")
    assert world.page(pull).comments() == snapshot(
        [
            """\
=== bob comments
@plumbline pause for a while, please\
""",
            """\
=== plumbline[bot] comments
Automatic reviews of this pull request are paused. `@plumbline resume` goes on; `@plumbline review` still works.\
""",
        ]
    )
    world.github.comment(pull, "@plumbline resume")
    world.drain()
    assert world.page(pull).glance() == snapshot("""\
=== check of HEAD1 completed success: Clean: nothing found
check of HEAD2 completed neutral: Not reviewed: paused by bob with the command pause, until resume is written
check of HEAD2 completed neutral: 1 finding to look at
plumbline[bot] reviews
on shop/cart.py:2
bob comments
plumbline[bot] comments
bob comments\
""")
    world.github.comment(pull, "@plumbline resume")
    world.drain()
    assert world.page(pull).comments()[-2:] == snapshot(
        [
            """\
=== bob comments [confused]
@plumbline resume\
""",
            """\
=== plumbline[bot] comments
Automatic reviews of this pull request are not paused.\
""",
        ]
    )


def test_stop_cancels_the_running_review(world: World) -> None:
    def ask(_request: ModelRequest) -> dict[str, Any]:
        world.github.comment(pull, "@plumbline stop it now")
        world.drain_now("acknowledge", "publish")
        return NO_DEFECT

    world.model = rooms(hunt=ask)
    pull = world.open(HARMLESS)
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed cancelled: Stopped: bob said stop
Stopped: bob said stop.

=== bob comments
@plumbline stop it now

=== plumbline[bot] comments
The review is being stopped; its check will say so.\
""")
    world.github.comment(pull, "@plumbline stop")
    world.drain()
    assert world.page(pull).comments()[-2:] == snapshot(
        [
            """\
=== bob comments [confused]
@plumbline stop\
""",
            """\
=== plumbline[bot] comments
No review of this pull request is running or waiting.\
""",
        ]
    )


def test_stop_cancels_a_review_that_waits(world: World) -> None:
    """The check of a push tells that it waits: a stop there was answered that nothing runs."""
    pull = world.open(HARMLESS)
    world.drain_now("acknowledge")
    world.github.comment(pull, "@plumbline stop")
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed cancelled: Stopped: bob said stop
Stopped: bob said stop.

=== bob comments
@plumbline stop

=== plumbline[bot] comments
The review is being stopped; its check will say so.\
""")


def test_what_is_pushed_after_a_stop_is_reviewed(world: World) -> None:
    world.model = rooms()
    pull = world.open(HARMLESS)
    world.drain_now("acknowledge")
    world.github.comment(pull, "@plumbline stop")
    world.drain_now("acknowledge", "publish")
    world.github.push(pull, {"shop/notes.py": "NOTE = 2\n"})
    world.drain()
    assert [check.output["title"] for check in world.github.checks(pull)] == snapshot(
        ["Clean: nothing found"]
    )


def test_the_settings_with_their_sources(world: World) -> None:
    world.shop(
        {
            ".github/plumbline.yml": "version: 1\nthresholds: {severity: P2}\n"
            "categories: {tests: off, performance: {severity: P0}}\n"
            'paths: [{match: ["db/**"], thresholds: {severity: P2}, guidelines: "Reversible."}]\n'
        }
    )
    pull = world.open(HARMLESS)
    world.drain()
    world.github.comment(pull, "@plumbline config")
    world.drain()
    assert world.page(pull).comments()[-1] == snapshot("""\
=== plumbline[bot] comments
Settings for this pull request, read from the tip of `main`:

| key | value | from |
|---|---|---|
| `review.on` | `["opened", "ready", "pushed"]` | built-in |
| `review.drafts` | `false` | built-in |
| `review.effort` | `"auto"` | built-in |
| `review.skip.authors` | `[]` | built-in |
| `review.skip.labels` | `[]` | built-in |
| `review.skip.titles` | `[]` | built-in |
| `review.skip.base_branches` | `[]` | built-in |
| `review.skip.paths` | `[]` | built-in |
| `thresholds.severity` | `"P2"` | .github/plumbline.yml |
| `thresholds.confidence` | `0.7` | built-in |
| `thresholds.minor_confidence` | `0.9` | built-in |
| `thresholds.per_review` | `5` | built-in |
| `thresholds.per_pull_request` | `12` | built-in |
| `categories.tests` | `"off"` | .github/plumbline.yml |
| `categories.performance` | `{"severity": "P0"}` | .github/plumbline.yml |
| `paths[0]` | `{"match": ["db/**"], "thresholds": {"severity": "P2"}, "guidelines": "Reversible."}` | .github/plumbline.yml |
| `ignore` | `[]` | built-in |
| `never_send` | `[]` | built-in |
| `guidelines` | `["AGENTS.md"]` | built-in |
| `check.fail_on` | `"none"` | built-in |\
""")


@pytest.mark.parametrize("word", ["help", "why", "config", "explain shop/cart.py:1"])
def test_who_opened_the_pull_request_may_look_things_up(world: World, word: str) -> None:
    pull = world.open(HARMLESS, author="mallory", fork=True)
    world.drain()
    world.github.comment(pull, f"@plumbline {word}", by="mallory")
    world.drain()
    assert len(world.github.comments(pull)) == 2


@pytest.mark.parametrize(
    "word", ["review", "pause", "resume", "stop", "dismiss", "resolve", "reopen", "ask why"]
)
def test_without_write_access_the_author_changes_and_spends_nothing(
    world: World, word: str
) -> None:
    pull = world.open(HARMLESS, author="mallory", fork=True)
    world.drain()
    asked = world.github.comment(pull, f"@plumbline {word}", by="mallory")
    world.drain()
    assert world.github.reactions(asked) == [("plumbline[bot]", "confused")]
    (_, told) = world.github.comments(pull)
    assert told.body.startswith("This needs write access.")


def test_a_flood_of_requests_gets_no_flood_of_answers(world: World) -> None:
    pull = world.open(HARMLESS)
    world.drain()
    for _ in range(34):
        world.github.comment(pull, "@plumbline help")
    world.drain()
    said = [one.body.partition("\n")[0] for one in world.github.comments(pull)]
    answers = [text for text in said if not text.startswith("@plumbline")]
    assert len(answers) == 31
    assert set(answers) == {
        "| write | and this happens |",
        "Too much was asked for within an hour; this was not done. Ask again later.",
    }


def test_two_bots_do_not_talk_to_each_other(world: World) -> None:
    """Another App mentions ours, also where ours quoted a mention of it; neither gets an answer."""
    pull = world.open(WRONG_TOTAL)
    world.drain()
    for login in ("other[bot]", "plumbline[bot]"):
        world.github.comment(pull, "@plumbline review\n\n@plumbline why?", by=login)
        world.github.review(pull, "COMMENT", "@plumbline help", by=login)
        world.github.comment_on_line(pull, "shop/cart.py", 2, "@plumbline stop", by=login)
    since = len(world.github.requests)
    world.drain()
    assert world.calls(since) == []
