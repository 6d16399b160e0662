"""The table that `make bench` prints, and the model behind it; numbers are not tests' matter."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from benchmarks.instant_model import answer
from benchmarks.knowledge.dialects import DIALECTS, Dialect
from benchmarks.knowledge.planting import CALLERS, Planted, Target, found_and_true
from benchmarks.ledger import Ledger, compare
from benchmarks.measure import Measure, table
from benchmarks.processes import log_file, running
from benchmarks.traffic import Push
from bot.github.markers import marked, marker_of
from sandbox import Sandbox
from sandbox.state.comments import IssueComment
from workers.model.schema import answer_schema, schema_text
from workers.review.answers import AnnouncedAnswer, HuntAnswer, IntentAnswer, VerifyAnswer

MEASURES = [
    Measure("acknowledgements", 1766.4, "/s", "at least", 500),
    Measure("webhook to review", 2.345, "s", "at most", 2, digits=2),
    Measure("python -c pass", 0.04, "s", digits=2),
]

TABLE = """\
| measure           | value    | target          | met |
|-------------------|----------|-----------------|-----|
| acknowledgements  | 1,766 /s | at least 500 /s | yes |
| webhook to review | 2.35 s   | at most 2 s     | NO  |
| python -c pass    | 0.04 s   |                 |     |"""


def test_the_table_says_what_was_met() -> None:
    assert table(MEASURES) == TABLE
    assert [measure.met for measure in MEASURES] == [True, False, None]


@pytest.mark.parametrize("form", [HuntAnswer, IntentAnswer, VerifyAnswer, AnnouncedAnswer])
def test_the_instant_model_answers_in_the_form_that_is_asked_for(form: type[BaseModel]) -> None:
    asked = [
        {"role": "user", "content": "## 1. Wrong total\nP1\n\n## 2. Wrong tax\nP1"},
        {"role": "user", "content": schema_text(answer_schema(form))},
    ]

    said: dict[str, Any] = answer({"messages": asked})

    form.model_validate(said)
    if "results" in said:
        assert [each["number"] for each in said["results"]] == [1, 2]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_planted_repository_is_the_same_each_time_and_its_truth_holds(dialect: Dialect) -> None:
    planted, again = (Planted(dialect, 40_000, seed=1) for _ in range(2))
    files = dict(planted.files())

    assert list(again.files()) == list(files.items())
    for number, (target, callers) in enumerate(zip(planted.targets(), CALLERS, strict=True)):
        told = [files[path].split("\n")[line - 1] for path, line in target.calls | target.imports]
        assert all(target.name in line for line in told)
        assert 0 < len(target.calls) <= callers
        path, wider = planted.widened(number)
        assert (path, wider.count("third")) == (target.path, files[path].count("third") + 1)


def test_recall_and_precision_count_calls_and_allow_imports() -> None:
    target = Target("go", "a.go", "run", frozenset([("b", 3), ("c", 4)]), frozenset([("b", 1)]))

    assert found_and_true(target, [("b", 1), ("b", 3), ("d", 9)]) == (1, 2, 1)


def test_the_ledger_of_the_soak_finds_what_is_lost_twice_and_stale() -> None:
    mark = "<!-- plumbline:0123456789abcdef0123 -->"
    with Sandbox() as github:
        shop = github.create_repository("acme/shop", {"a.py": "x = 1\n"})
        pull = github.open_pull_request(shop, "fix", {"a.py": "x = 2\n"})
        first = pull.head_sha
        unseen, seen, answered = (github.comment(pull, "@plumbline help") for _ in range(3))
        github.react(seen, "+1")
        github.comment(pull, marked("The list.", marker_of(_reply_to(github, answered))))
        asked, missed = (github.comment(pull, "@plumbline review") for _ in range(2))
        github.review(pull, text=marked("As asked.", marker_of(_review_for(github, asked, first))))
        github.review(pull, text=f"Once. {mark}")
        github.review(pull, text=f"Twice. {mark}")
        now = time.time()
        pushes = [Push(pull, first, now - 9), Push(pull, "b" * 40, now - 6)]

        found = compare(github, pushes, [unseen, seen, answered, asked, missed])

    assert found == Ledger(
        lost=(
            "acme/shop#1: the checks at its head ended as none",
            "acme/shop#1: '@plumbline help' is not answered",
            "acme/shop#1: '@plumbline review' is not answered",
        ),
        twice=(f"acme/shop#1: {mark} stands 2 times",),
        stale=(f"acme/shop#1: the review of {first[:8]} came after the next push",) * 3,
    )


def _reply_to(github: Sandbox, comment: IssueComment) -> str:
    """The key of the answer, as a person would take it from the record."""
    installation = github.installation("acme").id
    return f"{installation}/{comment.repository.id}/1/reply/issue_comment-{comment.id}"


def _review_for(github: Sandbox, comment: IssueComment, head: str) -> str:
    """The key of the review that a comment asked for."""
    installation = github.installation("acme").id
    return f"{installation}/{comment.repository.id}/1/{head}/issue_comment-{comment.id}"


def test_what_processes_say_is_kept_and_named_only_when_a_part_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    _say_in_a_part()
    after_success = list(tmp_path.iterdir())

    with pytest.raises(RuntimeError):
        _say_in_a_part(fails=True)

    [path] = tmp_path.iterdir()
    told = capfd.readouterr()
    assert (after_success, path.read_text()) == ([], "delivery 7\n")
    assert (told.out, told.err) == ("", f"  what its processes said is in {path}\n")


def _say_in_a_part(fails: bool = False) -> None:
    says = [sys.executable, "-c", "print('delivery 7', flush=True)"]
    with log_file("receiver") as log, running(says, log=log) as process:
        process.wait()
        if fails:
            raise RuntimeError("a delivery was refused")
