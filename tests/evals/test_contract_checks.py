"""The measurement of the checks: incomplete versions of a real history, kept runs, the tables."""

from __future__ import annotations

from pathlib import Path

from evals.contract_checks import Sample, runs
from evals.contract_checks.runs import Hit, Run, keep, kept_runs, tables
from tests.fakes.git_repository import GitRepository

OLD = {"lib.py": "def run(a):\n    return a\n", "user.py": "from lib import run\n\nrun(1)\n"}
NEW = {"lib.py": "def go(a):\n    return a + 1\n", "user.py": "from lib import go\n\ngo(1)\n"}


def _history(folder: Path) -> Path:
    """Two commits: a function is renamed together with its caller, then prose is added."""
    repository = GitRepository(folder / "shop.git")
    first = repository.commit(OLD)
    second = repository.commit(NEW, parent=first)
    repository.commit({"notes.md": "x\n"}, parent=second, branch="main")
    return repository.path


def test_a_whole_change_is_silent_and_its_incomplete_version_is_caught(tmp_path: Path) -> None:
    found = list(runs(Sample(_history(tmp_path), 10, "main"), variants=2))
    assert [(run.put_back, run.hits) for run in found] == [
        ("", ()),
        ("", ()),
        (
            "user.py",
            (
                Hit(
                    "removed_name",
                    "`run` is removed but still used in 1 place",
                    ("lib.py:1", "user.py:1"),
                ),
            ),
        ),
    ]


def test_a_sample_is_led_by_path_and_by_removed_line(tmp_path: Path) -> None:
    history = _history(tmp_path)
    prose = Sample(history, 10, "main", touching=("*.md",))
    assert len(prose.listed()) == 1
    named = Sample(history, 10, "main", removing="^def run")
    assert [run.put_back for run in runs(named, variants=0)] == [""]
    assert list(runs(Sample(history, 10, "main", removing="^class "), variants=0)) == []


MERGED = Run("shop", "a" * 40, "", 3, 0.25)
PARTIAL = Run(
    "shop", "a" * 40, "b.py", 0, 0.5, (Hit("removed_name", "gone", ("a.py:1", "b.py:2")),)
)


def test_runs_are_kept_and_a_torn_line_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "runs.jsonl"
    keep(file, MERGED)
    keep(file, PARTIAL)
    with file.open("a") as kept:
        kept.write('{"repository": "sh')
    assert list(kept_runs(file)) == [MERGED, PARTIAL]


def test_the_tables_count_merged_and_incomplete_changes_apart() -> None:
    row = "| 1 | 3 | 0 | 1 | 1 (100%) | 0 | 0.25 / 0.25 / 0.25 |"
    assert tables([MERGED, PARTIAL]).split("\n")[2:] == [
        f"| shop {row}",
        f"| all {row}",
        "",
        "| check | hits as merged | incomplete changes caught by it | hits in those |",
        "|---|---|---|---|",
        "| `removed_name` | 0 | 1 | 1 |",
    ]
