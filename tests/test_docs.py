"""The documentation says what the program does: held against the code, both ways."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from fastapi.routing import APIRoute

from bot import errors
from bot.domain import calibration
from bot.domain.finding import Category
from bot.domain.mention_parsing import COMMANDS
from bot.domain.outcome import ADDRESSED, UNSETTLED, Became
from bot.domain.policy_file import parse_policy
from bot.environment import read_settings
from bot.store.outcomes import REMEMBERED
from bot.webhook.app import WEBHOOK_PATH, create_app
from bot.webhook.intake import STATUS
from bot.webhook.metrics import Metrics
from tests.fakes.git_repository import GitRepository
from workers.cli.main import plumbline
from workers.repository import checks

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
FENCE = re.compile(r"^( *)```(\w+)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")


class _Asked(Mapping[str, str]):
    """An empty environment that keeps what it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_every_setting_has_its_heading_and_every_heading_is_a_setting() -> None:
    asked = _Asked()
    read_settings(asked)
    headings = re.findall(r"^### `(\w+)`$", _text("docs/settings.md"), re.MULTILINE)

    assert sorted(headings) == sorted(asked.names - {"XDG_STATE_HOME"})


def test_every_command_and_option_is_described() -> None:
    page = _text("docs/command-line.md")
    missing = [
        f"{path} {option}"
        for path, command in _commands(plumbline, "plumbline")
        for option in (path, *_options(command))
        if option not in _section(page, path)
    ]

    assert missing == []


def test_no_option_is_described_that_does_not_exist() -> None:
    page = _text("docs/command-line.md")
    known = {option for _, command in _commands(plumbline, "") for option in _options(command)}

    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page)) - known == {"--help"}


def test_every_mention_has_its_row() -> None:
    rows = re.findall(r"^\| `@plumbline (.+?)` \| (.+?) \|$", _text("docs/mentions.md"), re.M)

    # A bar in a table's cell is escaped: https://github.github.com/gfm/#example-200
    shown = [(usage.replace("\\|", "|"), effect) for usage, effect in rows]
    assert shown == [(form.usage, form.effect) for form in COMMANDS]


def test_the_example_policy_sets_every_key_and_has_no_problem() -> None:
    layer = parse_policy(_fenced("docs/policy.md", "yaml")[0], "docs/policy.md")
    values = {field.name: getattr(layer, field.name) for field in dataclasses.fields(layer)}
    unset = [name for name, value in values.items() if value is None or value == {}]

    assert layer.problems == ()
    assert (unset, layer.paths != ()) == ([], True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_yaml_example_is_a_policy_without_problems(page: Path) -> None:
    name = str(page.relative_to(ROOT))

    for example in _fenced(name, "yaml"):
        assert parse_policy(example, name).problems == ()


def test_every_category_is_named_where_thresholds_are_explained() -> None:
    known = {category.value for category in Category}
    example = parse_policy(_fenced("docs/policy.md", "yaml")[0], "docs/policy.md")

    assert {category.value for category in example.categories} <= known


def test_every_outcome_is_explained_in_the_order_in_which_it_holds() -> None:
    page = _text("docs/outcomes.md")
    rows = re.findall(r"^\| `(\w+)` \| .+? \| ([a-z ]+) \|$", page, re.MULTILINE)
    counts = {**dict.fromkeys(ADDRESSED, "addressed"), **dict.fromkeys(UNSETTLED, "not settled")}

    assert rows == [(word.value, counts.get(word, "not addressed")) for word in Became]


def test_the_numbers_of_the_calibration_are_those_of_the_code() -> None:
    page = _text("docs/outcomes.md")

    assert f"M = {calibration.PRIOR_WEIGHT:g}\n" in page
    assert f"stays within {calibration.MOST_PULL} of" in page
    assert f"fewer than {calibration.ENOUGH} outcomes that speak" in page
    assert f"older than {REMEMBERED.days} days" in page
    for words, (right, weight) in {
        "fixed, liked": calibration.SPEAKS[Became.FIXED],
        "resolved_with_change": calibration.SPEAKS[Became.RESOLVED_WITH_CHANGE],
        "withdrawn, dismissed, disliked": calibration.SPEAKS[Became.DISMISSED],
        "disputed": calibration.SPEAKS[Became.DISPUTED],
        "ignored": (0, calibration.SILENCE),
    }.items():
        shown = {1.0: "1", 0.5: "1/2", 0.25: "1/4"}[weight]
        assert f"| {words} | {right:g} | {shown}" in page


def test_every_contract_check_has_its_page() -> None:
    modules = {check.__module__.rpartition(".")[2] for check in checks.CHECKS}
    pages = {path.stem for path in (DOCS / "checks").glob("*.md")} - {"README", "evidence"}

    assert pages == modules
    index = _text("docs/checks/README.md")
    assert [name for name in sorted(modules) if f"({name}.md)" not in index] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_resolve(page: Path) -> None:
    targets = [
        target.partition("#")[0]
        for target in LINK.findall(page.read_text("utf-8"))
        if not target.startswith(("http://", "https://", "#", "mailto:"))
    ]

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_decisions_are_numbered_once_and_by_their_headings() -> None:
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    headings = [page.read_text("utf-8").partition(".")[0] for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    assert headings == [f"# {number}" for number in numbers]


def test_every_decision_names_what_was_refused() -> None:
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))

    assert [
        page.name for page in pages if not re.search(r"\brivals?\b", page.read_text("utf-8"), re.I)
    ] == []


def test_the_readme_leads_to_every_page() -> None:
    linked = set(LINK.findall(_text("README.md")))
    pages = {f"docs/{path.name}" for path in DOCS.glob("*.md")}

    assert pages - linked == set()


def test_every_address_and_metric_of_the_receiver_is_described() -> None:
    page = _text("docs/running.md")
    addresses = {f"`{method} {path}`" for method, path in _routes()}
    metrics = re.findall(r"^# HELP (\w+)", Metrics().text({}), re.MULTILINE)

    assert {address for address in addresses if address not in page} == {f"`POST {WEBHOOK_PATH}`"}
    assert [name for name in metrics if f"`{name}" not in page] == []
    assert [outcome for outcome in STATUS if f"`{outcome}`" not in page] == []


def _routes() -> Iterator[tuple[str, str]]:
    for route in create_app(read_settings({})).routes:
        if isinstance(route, APIRoute):
            yield from ((method, route.path) for method in route.methods or ())


def test_every_error_stands_in_the_drawn_tree() -> None:
    classes = [
        value
        for _, value in inspect.getmembers(errors, inspect.isclass)
        if value.__module__ == errors.__name__
    ]
    drawn: dict[str, str] = {}
    above: list[str] = []
    for prefix, name in re.findall(r"^([│ ├└─]*)(\w+Error|\w+)", _tree(), re.MULTILINE):
        depth = len(prefix) // 4
        above = [*above[:depth], name]
        drawn[name] = above[depth - 1] if depth else "Exception"

    assert drawn == {kind.__name__: kind.__bases__[0].__name__ for kind in classes}


def test_every_make_target_that_is_named_exists() -> None:
    makefile = _text("Makefile")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {
        target
        for page in PAGES
        for target in re.findall(r"(?:^|`)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)
    }

    assert named - targets == set()
    assert {"demo", "test", "check", "bench", "run"} <= targets


def test_what_the_readme_exports_are_settings() -> None:
    asked = _Asked()
    read_settings(asked)
    exported = {
        name
        for block in _fenced("README.md", "sh")
        for line in block.splitlines()
        if line.strip().startswith("export ")
        for name in re.findall(r"(\w+)=", line)
    }

    assert exported - asked.names == set()


def test_the_readmes_review_of_a_change_of_ones_own_works(tmp_path: Path) -> None:
    repository = GitRepository(tmp_path / "your-project")
    base = repository.commit({"shop.py": "def total(cart):\n    return sum(cart)\n"})
    repository.commit({"shop.py": "def total(cart):\n    return 0\n"}, "Simplify", base, "change")
    repository.git("symbolic-ref", "HEAD", "refs/heads/change")
    command = next(
        line
        for block in _fenced("README.md", "sh")
        for line in block.splitlines()
        if line.startswith(".venv/bin/plumbline review")
    )
    (tmp_path / "plumbline").mkdir()
    words = command.replace(".venv/bin/plumbline", "plumbline").split()[1:]

    done = subprocess.run(
        [str(Path(sys.executable).with_name("plumbline")), *words],
        cwd=tmp_path / "plumbline",
        env={**os.environ, "PLUMBLINE_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "No model is configured" in done.stderr) == (0, True), done.stderr


def _text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def _fenced(path: str, language: str) -> list[str]:
    return [body for _, kind, body in FENCE.findall(_text(path)) if kind == language]


def _section(page: str, path: str) -> str:
    """What a page says of a command: of `plumbline config check` what stands under its group."""
    if " " not in path:
        return page
    heading = " ".join(path.split()[:2])
    found = re.search(rf"^## ({heading}\n.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    everywhere = page.partition("## For every command")[2]
    return f"{found[1]}{everywhere}" if found else ""


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    if _options(command):
        yield path, command
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        yield from _commands(inner, f"{path} {name}")


def _options(command: click.Command) -> list[str]:
    return [option.opts[0] for option in command.params if isinstance(option, click.Option)]


def _tree() -> str:
    text = ast.get_docstring(ast.parse(Path(errors.__file__).read_text("utf-8"))) or ""
    return text.partition("\n\n")[2]
