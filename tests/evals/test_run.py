"""`python -m evals run`: a review of each case, kept, resumed, with the method or a baseline."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.domain.conversation import ModelRequest
from evals.__main__ import main
from evals.case import load_cases
from evals.repositories import CaseRepositories
from evals.result import Result, ResultFolder
from evals.running import Reviewer, Run
from tests.evals.tiny import question_of, serving, write_cases
from tests.fakes.git_repository import GitRepository
from tests.fakes.github_ports import MemoryRecords
from tests.fakes.openai_server import OpenAIServer, fails, says
from tests.fakes.scripted_model import ScriptedModel


def run(tmp_path: Path, *more: str, out: str = "out") -> int:
    cases = write_cases(tmp_path / "cases")
    return main(["run", str(cases), "--out", str(tmp_path / out), *more])


def kept(tmp_path: Path, out: str = "out") -> dict[str, Result]:
    return {result.case.id: result for result in ResultFolder(tmp_path / out).results()}


def said(result: Result) -> list[tuple[str, str, str]]:
    return [(one.title, one.path, one.fate) for one in result.comments]


def test_the_whole_method_is_run_over_every_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(monkeypatch):
        assert run(tmp_path, "--jobs", "2") == 0

    results = kept(tmp_path)
    assert said(results["euros"]) == [("bill() now holds euros", "price.py", "posted")]
    assert said(results["named"]) == []
    assert results["euros"].diff.splitlines()[0] == "diff --git a/price.py b/price.py"
    review: Any = results["euros"].review
    assert (review["status"], results["euros"].reviewer, results["euros"].model) == (
        "complete",
        "plumbline",
        "scripted",
    )
    assert review["usage"]["input_tokens"] == 1_000 * review["usage"]["model_calls"]
    assert "2 of 2 cases are done" in capsys.readouterr().err


@pytest.mark.parametrize("more", [(), ("--baseline", "diff-only")])
def test_prices_and_caps_of_the_operator_hold(
    more: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUMBLINE_PRICES", "scripted=1000,1,0")
    monkeypatch.setenv("PLUMBLINE_REVIEW_BUDGET", "calls=1")
    with serving(monkeypatch):
        run(tmp_path, *more)
    review: Any = kept(tmp_path)["euros"].review
    assert (review["usage"]["model_calls"], review["usage"]["cost_usd"]) == (1, 1.0)


def test_a_run_goes_on_where_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(monkeypatch) as server:
        run(tmp_path)
        asked = len(server.calls)
        (tmp_path / "out" / "cases" / "named.json").write_text('{"torn')
        assert run(tmp_path) == 0
        again = Counter(question_of(call) for call in server.calls[asked:])

    assert "1 of 2 cases are done already" in capsys.readouterr().err
    assert 0 < again.total() < asked
    assert sorted(kept(tmp_path)) == ["euros", "named"]


def test_a_case_that_changed_is_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = write_cases(tmp_path / "cases")
    with serving(monkeypatch):
        main(["run", str(cases), "--out", str(tmp_path / "out")])
        said_of = json.loads((cases / "named" / "case.json").read_text())
        (cases / "named" / "case.json").write_text(json.dumps({**said_of, "title": "Other words"}))
        assert main(["run", str(cases), "--out", str(tmp_path / "out")]) == 0
    assert "1 of 2 cases are done already" in capsys.readouterr().err
    assert kept(tmp_path)["named"].case.title == "Other words"


def test_results_of_another_reviewer_are_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(monkeypatch):
        run(tmp_path)
        assert run(tmp_path, "--model", "other") == 2
    assert "holds results of plumbline, scripted, auto" in capsys.readouterr().err
    assert {result.model for result in kept(tmp_path).values()} == {"scripted"}


def test_without_a_model_the_plain_checks_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path) == 0
    assert "only the contract checks run" in capsys.readouterr().err
    assert kept(tmp_path)["euros"].comments == ()


def test_a_case_that_cannot_be_reviewed_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = GitRepository(tmp_path / "shop.git")
    base = repository.commit({"a.py": "x = 1\n"})
    head = repository.commit({"a.py": "x = 2\n"})
    rows = [
        {"id": "gone", "repo": "nowhere.git", "base": base, "head": head, "title": "a"},
        {"id": "here", "repo": "shop.git", "base": base, "head": head, "title": "b"},
        {"id": "unknown", "repo": "shop.git", "base": base, "head": "f" * 40, "title": "c"},
    ]
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))

    assert main(["run", str(file), "--out", str(tmp_path / "out")]) == 3

    told = kept(tmp_path)
    assert [name for name, result in sorted(told.items()) if result.done] == ["here"]
    assert "UserError: the repository" in told["gone"].error
    assert "RangeError" in told["unknown"].error
    assert "gone: not done" in capsys.readouterr().err


def test_a_bundle_is_cloned_once(tmp_path: Path) -> None:
    repository = GitRepository(tmp_path / "shop.git")
    base = repository.commit({"a.py": "x = 1\n"})
    head = repository.commit({"a.py": "x = 2\n"})
    repository.git("bundle", "create", "-q", str(tmp_path / "shop.bundle"), "--all")
    row = {"id": "one", "repo": "shop.bundle", "base": base, "head": head, "title": "a"}
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([row, {**row, "id": "two"}]))

    assert main(["run", str(file), "--out", str(tmp_path / "out"), "--jobs", "2"]) == 0

    assert len(list((tmp_path / "out" / "repositories").iterdir())) == 1


def test_a_crash_of_the_reviewer_is_a_result_and_the_others_go_on(tmp_path: Path) -> None:
    def crashes(request: ModelRequest) -> str:
        if any("price.py" in message.content for message in request.messages):
            raise ZeroDivisionError("by nought")
        return json.dumps({"comments": []})

    cases = load_cases(write_cases(tmp_path / "cases"))
    reviewer = Reviewer(ScriptedModel(crashes), baseline="diff-only")
    places = CaseRepositories(tmp_path / "repositories")
    run = Run(reviewer, ResultFolder(tmp_path / "out"), MemoryRecords(), places)

    results = run.over(cases, 2, lambda _words: None)

    assert [(result.case.id, result.done, result.error) for result in results] == [
        ("euros", False, "ZeroDivisionError: by nought"),
        ("named", True, ""),
    ]


def test_diff_only_is_one_prompt_with_diff_and_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = {"path": "price.py", "line": 2, "title": "Euros", "body": "No.", "severity": "P1"}
    with serving(monkeypatch, baseline={"comments": [comment]}) as server:
        assert run(tmp_path, "--baseline", "diff-only") == 0

    assert [question_of(call) for call in server.calls] == ["baseline", "baseline"]
    first = str(server.calls[0].body["messages"][0]["content"])
    assert "About euros" in first
    assert '-    return order["cents"]\n+    return order["cents"] / 100' in first
    assert "tools" not in server.calls[0].body
    assert said(kept(tmp_path)["euros"]) == [("Euros", "price.py", "posted")]


def test_the_agent_has_tools_and_the_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as server:
        assert run(tmp_path, "--baseline", "agent") == 0

    body = server.calls[0].body
    assert "read_file" in {tool["function"]["name"] for tool in body["tools"]}
    assert "About euros" in str(body["messages"][0]["content"])


def test_a_baseline_that_gets_no_answer_is_not_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIServer(lambda _call: says("I would rather not.")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        assert run(tmp_path, "--baseline", "diff-only", "--model", "m") == 3

    result = kept(tmp_path)["euros"]
    assert (result.done, "does not fit" in result.why_not) == (False, True)
    review: Any = result.review
    assert review["usage"]["model_calls"] == 2


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["run", "{cases}", "--out", "o", "--baseline", "agent"], "needs a model"),
        (["run", "{cases}/euros/base", "--out", "o"], "holds no case"),
        (["run", "{cases}"], "--out"),
        (["score", "{cases}", "--judge", "j"], "holds no results"),
        (["score", "{cases}"], "name one judge, or two"),
        (["page", "{cases}", "{cases}", "--out", "p.html"], "holds no results"),
        (["score", "{cases}", "--judge", "j", "--price", "cheap"], "three numbers"),
    ],
)
def test_what_cannot_be_used_is_named(
    words: list[str],
    what: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cases = str(write_cases(tmp_path / "cases"))
    monkeypatch.chdir(tmp_path)
    assert main([word.replace("{cases}", cases) for word in words]) == 2
    assert what in capsys.readouterr().err


def test_a_judge_that_is_down_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(monkeypatch):
        run(tmp_path)
    with OpenAIServer(lambda _call: fails(401, "no such key")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        assert main(["score", str(tmp_path / "out"), "--judge", "j"]) == 3
    assert "No configured model answered" in capsys.readouterr().err
