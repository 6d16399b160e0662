"""What was taught in one pull request, in the next: offered, heeded, kept apart, forgotten."""

# ruff: noqa: E501 - texts stand as they were posted
from __future__ import annotations

import re
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from tests.fakes.answers import rooms
from tests.fakes.scripted_model import ScriptedModel
from tests.stories.projects import HARMLESS, SHOP, SKIPS_THE_FIRST, WRONG_TOTAL
from tests.stories.world import World
from workers.cli.main import run

RULE = "The first price is a header, totals leave it out."


def taught(world: World, *texts: str) -> PullRequest:
    """A pull request of acme/shop on which nothing was found, and what bob says on it."""
    world.model = rooms()
    pull = world.open(HARMLESS)
    world.drain()
    say(world, pull, *texts)
    return pull


def say(world: World, pull: PullRequest, *texts: str) -> None:
    """Each comment with all of its work done."""
    for text in texts:
        world.github.comment(pull, text)
        world.drain()


def finding_model(quote: str = RULE) -> ScriptedModel:
    """Finds the left out price, and says that the first of what was taught is about it."""
    word = {"number": 1, "learning": 1, "quote": quote}
    return rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []}, taught=[word])


def opened(world: World, repository: Repository | None = None) -> PullRequest:
    """A pull request with the wrong total, reviewed."""
    if repository is None:
        pull = world.open(WRONG_TOTAL)
    else:
        branch = f"topic-{len(repository.pulls) + 1}"
        pull = world.github.open_pull_request(repository, branch, dict(WRONG_TOTAL), "Cart", "")
    world.drain()
    return pull


def fates(world: World, pull: PullRequest) -> list[tuple[str, str]]:
    return [(f.fate.value if f.fate else "", f.silenced_by) for f in world.record(pull).findings]


def check(world: World, pull: PullRequest) -> str:
    """The check of the head, whole."""
    (run_,) = world.github.checks(pull)
    output = run_.output or {}
    texts = (output.get(name) or "" for name in ("title", "summary", "text"))
    text = "\n".join((f"{run_.conclusion}", *texts))
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", "DAY", world.page(pull).plain(text))


def test_a_rule_silences_a_finding_of_the_next_pull_request_until_it_is_forgotten(
    world: World,
) -> None:
    first = taught(world, f"@plumbline remember {RULE} for shop/**")
    world.model = model = finding_model()
    second = opened(world)
    assert check(world, second) == snapshot("""\
success
Clean: nothing found
No issues found.
<details><summary>Considered, not posted: 1</summary>

- **P1** The total leaves out the first price (`shop/cart.py:2`) - dismissed: learning 1, by bob on DAY, `https://github.test/acme/shop/pull/1#issuecomment-ID` says "The first price is a header, totals leave it out."

</details>

Read 1 of 1 file.

<sub>`HEAD1` | light: 2 changed lines of code in 1 file, 0 callers of changed contracts | scripted | N s | record `HEAD1/auto`</sub>\
""")
    (hunt,) = model.asked("hunt")
    assert f"\n    {RULE}\n" in f"{hunt.messages[1].content}\n"

    say(world, first, "@plumbline memory")
    (row,) = re.findall(r"^\| 1 \|.*$", "\n".join(world.page(first).comments()), re.MULTILINE)
    assert re.sub(r"\d{4}-\d\d-\d\d", "DAY", row) == snapshot(
        "| 1 | The first price is a header, totals leave it out. | `shop/**` | bob, [DAY](https://github.test/acme/shop/pull/1#issuecomment-ID) | 1 review, left a finding out of 1, last DAY |"
    )

    say(world, first, "@plumbline forget 1")
    third = opened(world)
    assert fates(world, third) == [("posted", "")]
    assert RULE not in model.asked("hunt")[-1].messages[1].content


def test_what_was_dismissed_with_a_reason_is_not_raised_in_the_next_pull_request(
    world: World,
) -> None:
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    first = opened(world)
    world.github.reply(world.github.threads(first)[0], "@plumbline dismiss It is a header.")
    world.drain()
    second = opened(world)
    assert fates(world, second) == [("dismissed", "1")]
    world.github.reply(world.github.threads(first)[0], "@plumbline reopen")
    world.drain()
    assert fates(world, opened(world)) == [("posted", "")]


def test_a_dismissal_without_a_reason_holds_in_its_own_pull_request_only(world: World) -> None:
    world.model = finding_model()
    first = opened(world)
    world.github.reply(world.github.threads(first)[0], "@plumbline dismiss")
    world.drain()
    assert fates(world, opened(world)) == [("posted", "")]


def test_nothing_crosses_repositories_unless_it_is_promoted(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blog = world.github.create_repository("acme/blog", SHOP)
    site = world.github.create_repository("acme/site", SHOP, private=False)
    taught(world, f"@plumbline remember {RULE}")
    world.model = finding_model()
    assert fates(world, opened(world, blog)) == [("posted", "")]

    monkeypatch.setenv("PLUMBLINE_DATA_DIR", str(world.settings.data_dir))
    assert run(["memory", "promote", "1", "--repo", "acme/shop"]) == 0
    assert capsys.readouterr().out == snapshot(
        "acme/shop 1: offered to all private repositories of the installation\n"
    )
    assert fates(world, opened(world, blog)) == [("dismissed", "acme/shop 1")]
    assert fates(world, opened(world, site)) == [("posted", "")]


def test_a_public_repository_may_teach_a_private_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = world.github.create_repository("acme/site", SHOP, private=False)
    world.model = rooms()
    said = world.github.open_pull_request(site, "topic", dict(HARMLESS), "Cart", "")
    world.drain()
    say(world, said, f"@plumbline remember {RULE}")
    monkeypatch.setenv("PLUMBLINE_DATA_DIR", str(world.settings.data_dir))
    assert run(["memory", "promote", "1", "--repo", "acme/site"]) == 0
    world.model = finding_model()
    assert fates(world, opened(world)) == [("dismissed", "acme/site 1")]


def test_what_was_taught_goes_with_the_app(world: World) -> None:
    pull = taught(world, f"@plumbline remember {RULE}")
    repository = world.ref(pull).repository
    assert len(world.app.jobs.learnings.known(repository)) == 1
    world.github.uninstall("acme")
    world.drain()
    assert list(world.app.jobs.learnings.known(repository)) == []


def test_a_question_is_answered_with_what_was_taught_here_too(world: World) -> None:
    pull = taught(world, f"@plumbline remember {RULE}")
    world.model = model = ScriptedModel([{"answer": "It is a header.", "evidence": []}])
    say(world, pull, "@plumbline Why is the first price left out?")
    assert RULE in model.requests[0].messages[1].content


def test_a_review_is_replayed_with_what_was_known_then(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first = taught(world, f"@plumbline remember {RULE}")
    world.model = finding_model()
    pull = opened(world)
    say(world, first, "@plumbline forget 1")
    monkeypatch.setenv("PLUMBLINE_DATA_DIR", str(world.settings.data_dir))
    file = str(tmp_path / "review.zip")
    assert run(["trace", "export", f"{world.ref(pull).key}/{pull.head_sha}", "-o", file]) == 0
    capsys.readouterr()
    assert run(["trace", "replay", file]) == 0
    told = capsys.readouterr().out
    assert "The same review, byte for byte: 1 finding" in told
    assert "prompt" not in told  # each of the two that made the verification is as it was
