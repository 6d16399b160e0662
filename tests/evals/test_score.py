"""`python -m evals score`: a judge matches comments to known defects, plain code counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from evals.__main__ import main
from tests.evals.tiny import question_of, serving, write_cases


def scored(tmp_path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> Any:  # noqa: ANN401
    capsys.readouterr()
    assert main(["score", str(tmp_path / "out"), "--format", "json", *more]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with serving(monkeypatch):
        assert (
            main(["run", str(write_cases(tmp_path / "cases")), "--out", str(tmp_path / "out")]) == 0
        )
    return tmp_path / "out"


def test_the_numbers_of_a_run(
    results: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(monkeypatch) as server:
        told = scored(tmp_path, capsys, "--judge", "judge-1", "--price", "1,0.5,4")

    assert [(question_of(call), call.model) for call in server.calls] == [("judge", "judge-1")]
    measures = told["judges"]["judge-1"]
    posted = measures["levels"]["posted"]
    assert {name: posted[name]["value"] for name in ("precision", "recall", "f1")} == {
        "precision": 1.0,
        "recall": 1.0,
        "f1": 1.0,
    }
    assert (posted["outside"], posted["inside"], posted["clean"]) == (
        {"found": 1, "truths": 1},
        {"found": 0, "truths": 0},
        {"cases": 1, "with_comments": 0, "comments": 0},
    )
    assert posted["severity"]["P1"] == {"found": 1, "truths": 1, "comments": 1, "right": 1}
    cost = measures["cost"]
    assert cost["usd"] == (cost["input_tokens"] + 4 * cost["output_tokens"]) / 1_000_000
    assert (measures["lost"], told["not_done"]) == ({}, [])


def test_a_comment_that_matches_nothing_costs_precision_and_finds_nothing(
    results: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(monkeypatch, judge={"verdicts": [{"comment": 1, "defect": None, "why": "no"}]}):
        told = scored(tmp_path, capsys, "--judge", "j")
    posted = told["judges"]["j"]["levels"]["posted"]
    assert (posted["precision"]["value"], posted["recall"]["value"]) == (0.0, 0.0)


def test_a_judgement_is_kept_and_not_asked_again(
    results: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(monkeypatch) as server:
        first = scored(tmp_path, capsys, "--judge", "j")
        assert scored(tmp_path, capsys, "--judge", "j") == first
        assert len(server.calls) == 1
        scored(tmp_path, capsys, "--judge", "k")
        assert len(server.calls) == 2


def test_what_was_found_twice_in_the_same_words_is_put_once_and_counts_for_both(
    results: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for file in (results / "cases").glob("*.json"):
        kept = json.loads(file.read_text("utf-8"))
        again = [{**one, "fate": "duplicate"} for one in kept["review"]["findings"]]
        kept["review"]["findings"] = [*again, *kept["review"]["findings"]]
        file.write_text(json.dumps(kept), "utf-8")
    once = {"verdicts": [{"comment": 1, "defect": 1, "why": ""}]}

    with serving(monkeypatch, judge=once) as server:
        told = scored(tmp_path, capsys, "--judge", "j")

    (call,) = server.calls
    asked = "\n".join(str(message["content"]) for message in call.body["messages"])
    assert asked.count('"place": ') == 1
    assert told["judges"]["j"]["levels"]["posted"]["found"] == 1


@pytest.mark.parametrize("defect", [0, 2, -1, 10**9])
def test_a_judge_that_names_a_defect_that_is_not_there_matches_nothing(
    defect: int,
    results: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wild = {"verdicts": [{"comment": n, "defect": defect, "why": ""} for n in (1, 1, 7)]}
    with serving(monkeypatch, judge=wild):
        told = scored(tmp_path, capsys, "--judge", "j")
    assert told["judges"]["j"]["levels"]["posted"]["found"] == 0


def test_two_judges_stand_side_by_side_and_where_they_differ_is_told(
    results: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(monkeypatch):
        scored(tmp_path, capsys, "--judge", "kind")
    with serving(monkeypatch, judge={"verdicts": []}):
        told = scored(tmp_path, capsys, "--judge", "kind", "--judge", "strict")
        assert main(["score", str(results), "--judge", "kind", "--judge", "strict"]) == 0

    assert told["disagreements"] == {"comments": 1, "differ": [["euros", 1]]}
    table = capsys.readouterr().out
    assert "The judges agree on 0 of 1 comments." in table
    assert "The judges differ: euros, finding 1" in table
    row = next(line for line in table.splitlines() if line.strip().startswith("recall"))
    assert row.split() == ["recall", "1.00", "0.00"]


def test_the_tables_of_a_run(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(monkeypatch):
        assert main(["score", str(results), "--judge", "j", "--format", "markdown"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "### plumbline (scripted): posted inline" in lines
    assert "### plumbline (scripted): shown (posted, listed, over cap)" in lines
    assert "| found | 1 of 1 |" in lines
    assert "| clean cases with a comment | 0 of 1 |" in lines
    assert "| euros | - | 1 of 1 | 1 of 1 | 1 | 1 |" in lines


def test_what_was_not_reviewed_is_named_and_not_counted(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = results / "cases" / "euros.json"
    raw = json.loads(file.read_text())
    file.write_text(json.dumps({**raw, "review": None, "error": "FetchFailed: gone"}))
    with serving(monkeypatch):
        assert main(["score", str(results), "--judge", "j"]) == 0
    assert "Not reviewed and not counted: euros: FetchFailed: gone" in capsys.readouterr().out


def test_the_plot_is_one_well_formed_drawing(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = tmp_path / "plot.svg"
    with serving(monkeypatch):
        main(["score", str(results), "--judge", "j", "--plot", str(plot)])
    drawing = ElementTree.fromstring(plot.read_text())  # noqa: S314 - drawn here
    words = [node.text for node in drawing.iter() if node.text]
    assert {"precision", "recall", "f1", "recall outside", "posted", "shown", "1.00"} <= set(words)
