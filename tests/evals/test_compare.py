"""`python -m evals compare` and `page`: two runs side by side, for a program and for a person."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from evals.__main__ import main
from tests.evals.tiny import serving, write_cases

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> & \u2028"


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The whole method, and a baseline that says something hostile of every case."""
    cases = str(write_cases(tmp_path / "cases"))
    comment = {"path": "a.py", "line": 1, "title": HOSTILE, "body": HOSTILE, "severity": "P1"}
    method, baseline = str(tmp_path / "method"), str(tmp_path / "baseline")
    with serving(monkeypatch, baseline={"comments": [comment]}):
        assert main(["run", cases, "--out", method]) == 0
        assert main(["run", cases, "--out", baseline, "--baseline", "diff-only"]) == 0
    return method, baseline


def _only_the_method_is_right(text: str) -> dict[str, Any]:
    right = "bill() now holds euros" in text
    return {"verdicts": [{"comment": 1, "defect": 1 if right else None, "why": ""}]}


def test_two_runs_are_set_side_by_side(
    runs: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plot = tmp_path / "plot.svg"
    with serving(monkeypatch, judge=_only_the_method_is_right):
        asked = ["compare", *runs, "--judge", "j", "--plot", str(plot)]
        assert main([*asked, "--format", "json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert main(asked) == 0
    table = capsys.readouterr().out

    assert told["wins"] == {"a": 2, "b": 0, "none": 0}
    assert [(one["id"], one["winner"], one["found"]) for one in told["cases"]] == [
        ("euros", "a", [1, 0]),
        ("named", "a", [0, 0]),
    ]
    assert (
        "A (plumbline (scripted) in method) wins 2, B (diff-only (scripted) in baseline) wins 0"
        in table
    )
    assert plot.read_text().startswith("<svg")


def test_the_page_holds_both_reviews_unnamed_and_escaped(
    runs: tuple[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    assert main(["page", *runs, "--out", str(file), "--seed", "7"]) == 0
    page = file.read_text()

    data = json.loads(_element(page, 'script type="application/json" id="data"'))
    titles = {
        case["id"]: [[one["title"] for one in s] for s in case["sides"]] for case in data["cases"]
    }
    assert sorted(map(len, titles["named"][0] + titles["named"][1])) == [len(HOSTILE)]
    assert sorted(titles["euros"]) == sorted([["bill() now holds euros"], [HOSTILE]])
    assert "plumbline (" not in page
    assert "diff-only" not in page
    assert "<img" not in page
    assert page.count("<script") == 2


def test_what_a_key_unveils_is_who_stood_where(runs: tuple[str, str], tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    sides = set()
    for seed in range(6):
        main(["page", *runs, "--out", str(file), "--seed", str(seed)])
        data = json.loads(_element(file.read_text(), 'script type="application/json" id="data"'))
        names = json.loads(base64.b64decode(data["names"]))
        for case in data["cases"]:
            left, right = json.loads(base64.b64decode(case["key"]))
            if case["id"] == "euros":
                method = (left, right).index(0)
                assert case["sides"][method][0]["title"] == "bill() now holds euros"
                assert names[0].startswith("plumbline")
                sides.add(method)
    assert sides == {0, 1}


def test_the_page_allows_its_own_script_and_nothing_else(
    runs: tuple[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    main(["page", *runs, "--out", str(file)])
    page = file.read_text()
    policy = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)[0]
    script = _element(page, "script", last=True)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src &#x27;sha256-{digest}&#x27;" in policy
    assert "default-src &#x27;none&#x27;" in policy
    assert re.findall(r"https?://", page.replace("http-equiv", "")) == []
    assert "innerHTML" not in script


def _element(page: str, opening: str, last: bool = False) -> str:
    name = opening.split()[0]
    found = re.findall(rf"<{re.escape(opening)}>(.*?)</{name}>", page, re.DOTALL)
    return str(found[-1 if last else 0])
