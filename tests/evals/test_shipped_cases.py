"""The cases that ship: they are what they say, their defects are real, and they run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.domain.conversation import ModelRequest
from bot.domain.diff import ChangeSet
from bot.domain.identifiers import Sha
from evals.case import Case, Truth, load_cases
from evals.repositories import CaseRepositories
from evals.result import ResultFolder
from evals.running import Reviewer, Run
from tests.fakes.answers import NO_DEFECT, defect, quote, rooms
from tests.fakes.github_ports import MemoryRecords
from workers.repository.clones.local import open_local, resolve_range

FOLDER = Path(__file__).parents[2] / "evals" / "cases"
CASES = load_cases(FOLDER)
PROOFS = sorted(FOLDER.glob("*/[pP]roof*"))
FEWEST = {"outside": 6, "clean": 3, "promise": 3, "plain": 1}
NODE_RUNS_TYPESCRIPT = (22, 18)

Side = Literal["base", "head"]
by_id = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def test_there_are_enough_of_each_kind_in_several_languages() -> None:
    kinds = Counter(case.kind for case in CASES)
    assert {kind: count for kind, count in FEWEST.items() if kinds[kind] < count} == {}
    assert set(kinds) == set(FEWEST)
    changed = {path.suffix for path in FOLDER.glob("*/change/**/*.*")}
    assert changed >= {".py", ".ts", ".js", ".java", ".rs", ".go", ".h"}


@by_id
def test_a_case_is_true_to_its_kind(case: Case, tmp_path: Path) -> None:
    change, head = _tree(case, "head", tmp_path), FOLDER / case.id / "change"
    changed = {path.relative_to(head).as_posix() for path in head.rglob("*") if path.is_file()}
    assert (case.id, case.in_folder, bool(case.truth)) == (
        Path(case.repo).name,
        True,
        case.kind != "clean",
    )
    for truth in case.truth:
        rows = (change / truth.file).read_text().split("\n")
        assert rows.count(truth.quote) == 1, f"{truth.file}: {truth.quote!r}"
        assert truth.outside == (case.kind == "outside")
        assert (truth.file in changed) != truth.outside


@by_id
def test_a_change_changes_every_file_that_it_lays_over(case: Case) -> None:
    base, change = FOLDER / case.id / "base", FOLDER / case.id / "change"
    laid = [path.relative_to(change) for path in change.rglob("*") if path.is_file()]
    same = [
        path
        for path in laid
        if (base / path).exists() and (base / path).read_bytes() == (change / path).read_bytes()
    ]
    assert (laid != [], same) == (True, [])


@pytest.mark.parametrize("proof", PROOFS, ids=lambda path: path.parent.name)
def test_what_is_said_of_a_case_can_be_seen(proof: Path, tmp_path: Path) -> None:
    """The proof passes on the code before; after, it says what is wrong, unless it is clean."""
    case = next(case for case in CASES if case.id == proof.parent.name)
    before, after = (_run(case, proof, side, tmp_path) for side in ("base", "head"))
    assert (before.returncode, before.stderr) == (0, "")
    told = bool(re.search(r"\bDEFECT: ", after.stdout + after.stderr))
    expected = (0, False) if case.kind == "clean" else (1, True)
    assert (after.returncode, told) == expected, after.stdout + after.stderr


@by_id
def test_a_case_runs_and_what_a_model_says_of_its_defect_is_posted(
    case: Case, tmp_path: Path
) -> None:
    model = rooms(hunt=lambda _request: _reported(case, change))
    run = Run(
        Reviewer(model, "scripted"),
        ResultFolder(tmp_path / "out"),
        MemoryRecords(),
        CaseRepositories(tmp_path / "repositories"),
    )
    folder, commits = run.repositories.open(case)
    change = _change(folder, commits)

    (result,) = run.over([case], 1, lambda _words: None)

    posted = [one.title for one in result.comments if one.fate == "posted"]
    assert result.done, result.why_not
    assert posted[-1:] == [f"{case.id} breaks"] * len(case.truth)
    assert _words_of_the_author(case, model.asked("hunt")) == []


def _change(folder: Path, commits: str) -> ChangeSet:
    base, head, _ = resolve_range(folder, commits)
    with open_local(folder, Sha(base), Sha(head)) as code:
        return code.changes()


def _reported(case: Case, change: ChangeSet) -> dict[str, Any]:
    """The known defect as a hunter would report it: caused by the change, shown by its quote."""
    return {**NO_DEFECT, "defects": [_defect(case, truth, change) for truth in case.truth]}


def _defect(case: Case, truth: Truth, change: ChangeSet) -> dict[str, Any]:
    cause = change.file(truth.file) or next(
        file for file in change.files if "test" not in file.path and file.additions
    )
    line = next(
        line for hunk in cause.hunks for line in hunk.lines if line.kind == "+" and line.text
    )
    shown = quote(truth.file, 1, truth.quote)  # a unique quote is found wherever it stands
    assert line.new is not None
    return defect(
        cause.path,
        line.new,
        quote(cause.path, line.new, line.text),
        shown,
        title=f"{case.id} breaks",
        what=truth.what,
        severity="P0",
    )


def _words_of_the_author(case: Case, hunts: list[ModelRequest]) -> list[str]:
    """Sentences of the description that room 1 was shown."""
    read = "\n".join(message.content for request in hunts for message in request.messages)
    return [line for line in case.body.split("\n") if len(line) > 40 and line in read]


def _tree(case: Case, side: Side, folder: Path) -> Path:
    """The project at one side, written out, with its proof beside."""
    tree = folder / side
    shutil.copytree(FOLDER / case.id / "base", tree)
    if side == "head":
        shutil.copytree(FOLDER / case.id / "change", tree, dirs_exist_ok=True)
        for path in case.removed:
            (tree / path).unlink()
    return tree


def _run(case: Case, proof: Path, side: Side, folder: Path) -> subprocess.CompletedProcess[str]:
    tree = _tree(case, side, folder)
    shutil.copy(proof, tree)
    done = subprocess.CompletedProcess[str]([], 0)
    for command in _commands(proof, tree):
        if not _is_there(command[0]):
            pytest.skip(f"no {command[0]} on this machine")
        done = subprocess.run(
            command,
            cwd=tree,
            env={
                "PATH": os.environ["PATH"],
                "HOME": os.environ.get("HOME", "/"),
                "PYTHONPATH": str(tree),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        if done.returncode:
            break
    return done


def _is_there(program: str) -> bool:
    """Rust's may be a stand-in for a compiler that nobody chose."""
    if shutil.which(program) is None:
        return False
    if program != "rustc":
        return True
    return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0


def _commands(proof: Path, tree: Path) -> list[list[str]]:
    if proof.suffix == ".ts" and _node_version() < NODE_RUNS_TYPESCRIPT:
        pytest.skip("this node does not run TypeScript")
    node, built = [["node", proof.name]], str(tree / "proof")
    java = [str(path) for path in tree.rglob("*.java")]
    return {
        ".c": [["cc", "-w", "-o", built, proof.name], [built]],
        ".go": [["go", "test", "-count=1", "."]],
        ".java": [["javac", "-d", "out", *java], ["java", "-cp", "out", "Proof"]],
        ".mjs": node,
        ".py": [[sys.executable, "-B", "-W", "ignore::DeprecationWarning", proof.name]],
        ".rs": [["rustc", "-A", "warnings", "-o", built, proof.name], [built]],
        ".ts": node,
    }[proof.suffix]


def _node_version() -> tuple[int, ...]:
    if shutil.which("node") is None:
        return (0,)
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in said.strip().removeprefix("v").split(".")[:2])
