"""A review is exported, and made again from the file, without the App and without its model."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot.domain.conversation import ModelRequest
from bot.errors import ModelUnavailable, PromptTooLong
from sandbox.state.pulls import PullRequest
from tests.fakes.answers import NO_DEFECT, NO_PROMISE, rooms
from tests.fakes.openai_server import Call, OpenAIServer, says
from tests.fakes.scripted_model import Reply, ScriptedModel, calls
from tests.stories.projects import (
    BODY,
    BREAKS_A_CALLER,
    COUNTS_ONE_LESS,
    HARMLESS,
    SKIPS_THE_FIRST,
    TOTAL_STAYS,
    WRONG_BOTH,
    WRONG_TOTAL,
)
from tests.stories.world import World
from workers.cli.main import run
from workers.model.prompts import load_prompt

HUNTED = {"defects": [SKIPS_THE_FIRST, COUNTS_ONE_LESS], "sites": []}
JUDGED = {"promises": [TOTAL_STAYS], "unasked": []}


@pytest.fixture
def exported(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The export of a review that found two defects and a broken promise."""
    world.model = rooms(hunt=HUNTED, intent=JUDGED)
    pull = world.open(WRONG_BOTH, body=BODY)
    world.drain()
    return export(world, pull, tmp_path, monkeypatch)


def export(
    world: World,
    pull: PullRequest,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    trigger: str = "",
) -> Path:
    """Export the review of the head, as the operator does it."""
    monkeypatch.setenv("PLUMBLINE_DATA_DIR", str(world.settings.data_dir))
    file = folder / f"{pull.head_sha[:8]}.zip"
    key = f"{world.ref(pull).key}/{pull.head_sha}/{trigger}".rstrip("/")
    assert run(["trace", "export", key, "-o", str(file)]) == 0
    return file


def replayed(file: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, list[str]]:
    """Exit status and printed lines, the record's key apart."""
    capsys.readouterr()
    status = run(["trace", "replay", str(file), *more])
    lines = capsys.readouterr().out.splitlines()
    return status, [line for line in lines if "/auto" not in line]


def test_the_same_answers_make_the_same_review(
    exported: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUMBLINE_DATA_DIR", "/nonexistent")  # nothing but the file is needed
    assert replayed(exported, capsys) == (
        0,
        ["The same review, byte for byte: 3 findings, 3 model calls"],
    )


def test_another_policy_changes_fates_and_nothing_else(
    exported: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(exported.parent)
    Path("strict.yml").write_text("thresholds: {severity: P0}\n")
    status, lines = replayed(exported, capsys, "--policy", "strict.yml")
    assert status == 1
    assert "\n".join(lines) == snapshot("""\
Another review: 4 differences
- finding b6da75905d994f19-724587 (The total leaves out the first price): fate
  posted -> below_threshold; reason reaches severity P2 by built-in, confidence
  0.7 by built-in -> severity P1 is below P0 (severity P0 by strict.yml,
  confidence 0.7 by built-in)
- finding 9425f7a709732585-590a13 (The count is one too low): fate posted ->
  below_threshold; reason reaches severity P2 by built-in, confidence 0.7 by
  built-in -> severity P1 is below P0 (severity P0 by strict.yml, confidence 0.7
  by built-in)
- policy.severity: P2 -> P0
- policy.sources.thresholds.severity: built-in -> strict.yml\
""")


def test_a_review_with_tools_and_history_comes_out_the_same(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    world.shop({".github/plumbline.yml": "review: {effort: standard}\n"})
    looked: list[str] = []

    def look_first(request: ModelRequest) -> Reply:
        if request.messages[-1].role == "tool":
            looked.append(request.messages[-1].content)
            return HUNTED
        return calls(
            ("file_history", {"path": "shop/cart.py"}),
            ("search", {"pattern": "total"}),
        )

    world.model = rooms(hunt=look_first, intent=JUDGED)
    pull = world.open(WRONG_BOTH, body=BODY)
    world.drain()
    assert len(looked) == 1
    file = export(world, pull, tmp_path, monkeypatch)
    assert replayed(file, capsys) == (
        0,
        ["The same review, byte for byte: 3 findings, 5 model calls"],
    )


def test_a_later_review_is_replayed_against_the_earlier_one(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    pull = world.open(WRONG_TOTAL)
    world.drain()
    world.model = rooms(hunt=HUNTED)
    world.github.push(pull, WRONG_BOTH)
    world.drain()
    file = export(world, pull, tmp_path, monkeypatch)
    world.github.push(pull, HARMLESS)
    world.drain()  # a third review is published: it is none of the second one's business
    status, lines = replayed(file, capsys)
    assert (status, lines) == (0, ["The same review, byte for byte: 2 findings, 3 model calls"])


def test_a_judgement_of_new_words_is_replayed_alike(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The template of the base is in the file, else the words would be others."""
    world.shop({".github/pull_request_template.md": "Say what changes.\n"})
    world.model = rooms()
    pull = world.open(WRONG_TOTAL, body="Say what changes.\n")
    world.drain()
    world.model = rooms(intent=JUDGED)
    world.github.edit(pull, body=f"Say what changes.\n{BODY}")
    world.drain()
    file = export(world, pull, tmp_path, monkeypatch, "edited")
    monkeypatch.setenv("PLUMBLINE_DATA_DIR", "/nonexistent")
    status, lines = replayed(file, capsys)
    said = "The same review, byte for byte: 1 finding, 2 model calls"
    assert (status, [line for line in lines if "/edited-" not in line]) == (0, [said])


def test_a_review_without_a_model_is_replayed_without_one(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    file = export(world, pull, tmp_path, monkeypatch)
    assert replayed(file, capsys) == (
        0,
        ["The same review, byte for byte: 1 finding, 0 model calls"],
    )


def test_a_failing_model_fails_again_in_the_same_words(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    world.model = rooms(hunt=HUNTED, intent=ModelUnavailable("it is out of quota"))
    pull = world.open(WRONG_BOTH, body=BODY)
    world.drain()
    assert world.record(pull).status == "partial"
    assert replayed(export(world, pull, tmp_path, monkeypatch), capsys)[0] == 0


def test_a_model_that_holds_little_is_asked_again_alike(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a refusal taught in the middle of the review, it teaches again."""
    answers = rooms(hunt=HUNTED, intent=JUDGED)

    def little(request: ModelRequest) -> Reply:
        too_much = request.max_output_tokens > 4_000
        return PromptTooLong("too long", 9_000) if too_much else answers.complete(request)

    world.model = ScriptedModel(little)
    pull = world.open(WRONG_BOTH, body=BODY)
    world.drain()
    assert any("The model holds 9,000 tokens" in note for note in world.record(pull).notes)
    assert replayed(export(world, pull, tmp_path, monkeypatch), capsys)[0] == 0


def test_another_effort_asks_what_nobody_has_answered(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = replayed(exported, capsys, "--effort", "deep")
    assert status == 3
    assert lines[0] == "Not completed: 4 questions without a recorded answer"
    assert "! no answer is on record: hunt: contracts and callers" in lines
    assert lines[-1].endswith("Name a --model to have them answered anew.")


def test_another_model_is_really_asked(
    exported: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = {"hunt": NO_DEFECT, "intent": NO_PROMISE}
    with OpenAIServer(lambda call: says(json.dumps(nothing[_room(call)]))) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        status, lines = replayed(exported, capsys, "--model", "other")
        asked = sorted(call.model for call in server.calls)
    assert (status, asked) == (1, ["other", "other"])
    assert 'models: ["scripted"] -> ["other"]' in "\n".join(lines)


def test_the_review_itself_can_be_printed(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["trace", "replay", str(exported), "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert [one["fate"] for one in json.loads(out)["findings"]].count("posted") == 2
    assert err.startswith("The same review")


def test_prompts_that_changed_since_are_named(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A later version asks in other words: here the record is made to be of an earlier one."""
    steps = json.loads(member(exported, "steps.json"))
    for step in steps:
        if step["name"].startswith("hunt"):
            step["prompt_version"] = "hunt@0"
            step["request"]["digest"] = "0" * 64
    put(exported, "steps.json", json.dumps(steps).encode())
    status, lines = replayed(exported, capsys)
    assert status == 3
    assert lines[0] == "Not completed: 2 questions without a recorded answer"
    assert "! no answer is on record: hunt: whole" in lines
    assert f"! a prompt changed since: hunt@0 is {load_prompt('hunt').tag} now" in lines


def test_the_code_of_a_removed_clone_is_missed_in_so_many_words(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pull = world.open(BREAKS_A_CALLER)
    world.drain()
    shutil.rmtree(world.settings.data_dir / "repositories")
    monkeypatch.setenv("PLUMBLINE_DATA_DIR", str(world.settings.data_dir))
    file = tmp_path / "gone.zip"
    key = f"{world.ref(pull).key}/{pull.head_sha}"
    assert run(["trace", "export", key, "-o", str(file)]) == 3
    assert capsys.readouterr().err == "plumbline: no clone of acme/shop is kept here\n"
    assert not file.exists()


def _room(call: Call) -> str:
    """Which room asks: only the second shows the author's words."""
    return "intent" if "=====AUTHOR" in json.dumps(call.body["messages"]) else "hunt"


def member(file: Path, name: str) -> bytes:
    """One part of an export."""
    with zipfile.ZipFile(file) as opened:
        return opened.read(name)


def put(file: Path, name: str, content: bytes) -> None:
    """Replace one part of an export."""
    with zipfile.ZipFile(file) as opened:
        parts = {each: opened.read(each) for each in opened.namelist()}
    with zipfile.ZipFile(file, "w") as made:
        for each, old in parts.items():
            made.writestr(each, content if each == name else old)
