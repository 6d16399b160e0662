"""The floors of the house: who may import whom, how long a function or a file may be, names."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("bot", "workers", "sandbox", "evals", "benchmarks")
UNDER_REVIEW = (ROOT / "sandbox" / "example", ROOT / "evals" / "cases")
"""Projects that are reviewed, not ours."""

PLANTED = {
    "workers import bot, never the reverse; neither knows who measures or tests it": (
        "bot/settings.py",
        "workers.watch",
    ),
    "the sandbox shares no code with what it tests": ("sandbox/faults.py", "bot.errors"),
    "what is tested shares no code with the sandbox": ("bot/ports.py", "sandbox.faults"),
    "floors of bot": ("bot/domain/diff.py", "bot.ports"),
    "floors of workers": ("workers/repository/clones/grep.py", "workers.model.wire"),
    "the receiver reaches neither GitHub nor a model": ("bot/webhook/routing.py", "jwt"),
    "the pages neither call GitHub nor ask a model": ("bot/web/wire.py", "openai"),
    "templates are drawn in one folder": ("bot/store/wanted.py", "jinja2"),
    "the domain is pure": ("bot/domain/finding.py", "subprocess"),
    "the words are pure": ("bot/github/words/notices.py", "bot.github.transport"),
    "the judges are pure": ("workers/review/judge.py", "workers.repository.clones.grep"),
    "room 1 and the verifier never see the author's words": (
        "workers/review/hunt.py",
        "bot.domain.pull_request",
    ),
    "openai is imported in one folder": ("workers/review/room.py", "openai"),
    "PyGithub, jwt and cryptography are imported in one folder": ("workers/watch.py", "github"),
    "redis and rq are imported by the stores and the queue's worker only": (
        "workers/jobs/reviews.py",
        "redis",
    ),
    "sqlalchemy is imported in one folder": ("workers/cli/trace.py", "sqlalchemy"),
    "tree-sitter and its grammars are imported in one folder": (
        "workers/context/pack.py",
        "tree_sitter_go",
    ),
    "FastAPI and its server are imported by the receiver and the web pages": (
        "workers/cli/doctor.py",
        "uvicorn",
    ),
    "YAML is read by the policy and, of dependencies, in one file": ("bot/settings.py", "yaml"),
    "what knows packages and versions is imported in one folder": (
        "workers/repository/graph.py",
        "packaging",
    ),
}
"""For each rule of `.importlinter` an import that breaks it: into which file, and what."""

LONGEST_FUNCTION = 60
USUAL_FUNCTION = 30
LONGEST_FILE = 400
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}


def test_every_import_goes_the_way_the_rules_say() -> None:
    verdicts, report = _lint(ROOT)

    assert set(verdicts.values()) == {"KEPT"}, report
    assert set(verdicts) == set(PLANTED), "a rule without a planted violation proves nothing"


def test_every_rule_bites(tmp_path: Path) -> None:
    _copy_of_the_code(tmp_path)
    for path, imported in PLANTED.values():
        with (tmp_path / path).open("a", encoding="utf-8") as file:
            file.write(f"\nimport {imported}\n")

    verdicts, report = _lint(tmp_path)

    assert verdicts == dict.fromkeys(PLANTED, "BROKEN"), report
    for path, imported in PLANTED.values():
        module = path.removesuffix(".py").replace("/", ".")
        assert f"{module} -> {imported} (" in report


@pytest.mark.parametrize("folder", ["bot", "workers"])
def test_a_new_folder_must_take_its_floor(folder: str, tmp_path: Path) -> None:
    _copy_of_the_code(tmp_path)
    (tmp_path / folder / "attic").mkdir()
    (tmp_path / folder / "attic" / "__init__.py").write_text("")

    verdicts, _ = _lint(tmp_path)

    assert verdicts[f"floors of {folder}"] == "BROKEN"


def test_functions_are_short() -> None:
    functions = list(_functions())
    long = [each for each in functions if each.lines > USUAL_FUNCTION]

    assert [str(each) for each in functions if each.lines > LONGEST_FUNCTION] == []
    assert len(long) <= len(functions) / 10, "\n".join(map(str, long))


def test_files_hold_one_concept() -> None:
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in _files(*OURS)}

    assert {str(path.relative_to(ROOT)): n for path, n in lines.items() if n > LONGEST_FILE} == {}


def test_no_name_says_nothing() -> None:
    named = {
        str(path.relative_to(ROOT))
        for path in _files(*OURS, "tests")
        if FORBIDDEN_NAMES & {path.stem, *path.relative_to(ROOT).parent.parts}
    }

    assert named == set()


@dataclass(frozen=True, slots=True)
class Function:
    """Where it begins and how many lines it has, decorators and docstring apart."""

    path: Path
    name: str
    line: int
    lines: int

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} {self.name}: {self.lines} lines"


def _functions() -> Iterator[Function]:
    for path in _files(*OURS):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Function(path, node.name, node.lineno, _length(node))


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is not None:
        words = node.body[0]
        lines -= (words.end_lineno or words.lineno) - words.lineno + 1
    return lines


def _files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            foreign = any(path.is_relative_to(other) for other in UNDER_REVIEW)
            if not foreign and "data" not in path.relative_to(ROOT).parts:
                yield path


def _copy_of_the_code(to: Path) -> None:
    shutil.copy(ROOT / ".importlinter", to)
    for folder in OURS:
        shutil.copytree(
            ROOT / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__", "cases")
        )


def _lint(folder: Path) -> tuple[dict[str, str], str]:
    """The verdict on each rule by its name, and the whole report."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "300", "NO_COLOR": "1"}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    verdicts: dict[str, str] = {}
    for line in done.stdout.splitlines():
        for verdict in ("KEPT", "BROKEN"):
            name, found, _ = line.partition(f" {verdict}")
            if found:
                verdicts[name.strip()] = verdict
    return verdicts, done.stdout
