"""Paths and entry points that outlive what they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.projects import known

GONE = "tools/make-data.py"


def named(folder: Path, where: str, text: str) -> list[str]:
    """`path:line` of each place that still needs the file, which is removed."""
    before = {GONE: "print('one line')\n", where: text, "tools/kept.py": "x = 1\n"}
    return [
        f"{item.path}:{item.line}"
        for finding in known(folder, before, {GONE: None}).findings
        for item in finding.evidence
        if item.path == where
    ]


NEEDED = {
    "a step": (".github/workflows/ci.yml", "      - run: python tools/make-data.py --all\n"),
    "a block": (".github/workflows/ci.yml", "        run: |\n          ./tools/make-data.py\n"),
    "another service": (".gitlab-ci.yml", "  script: python3 tools/make-data.py\n"),
    "an image": ("Dockerfile", "COPY tools/make-data.py /app/\n"),
    "an image of a folder": ("tools/Dockerfile", "COPY make-data.py /app/\n"),
    "a mount": ("compose.yaml", "      - ./tools/make-data.py:/app/run.py\n"),
    "a makefile": ("Makefile", "data:\n\tpython tools/make-data.py\n"),
    "a script of a package": ("package.json", '{\n"data": "node tools/make-data.py"\n}\n'),
    "the main file": ("package.json", '{\n  "main": "./tools/make-data.py"\n}\n'),
}


@pytest.mark.parametrize(("where", "text"), NEEDED.values(), ids=NEEDED.keys())
def test_a_gone_file_that_is_still_needed(where: str, text: str, tmp_path: Path) -> None:
    line = 1 + next(at for at, one in enumerate(text.split("\n")) if "make-data.py" in one)
    assert named(tmp_path, where, text) == [f"{where}:{line}"]


HARMLESS = {
    "a filter": (".github/workflows/ci.yml", "    paths:\n      - tools/make-data.py\n"),
    "a condition": (".github/workflows/ci.yml", "      if: hashFiles('tools/make-data.py')\n"),
    "a name": (".github/workflows/ci.yml", "      - name: python tools/make-data.py\n"),
    "a comment": ("Makefile", "# python tools/make-data.py\n"),
    "cleaning": ("Makefile", "clean:\n\trm -f tools/make-data.py\n"),
    "making": ("Makefile", "data:\n\tpython gen.py > tools/make-data.py\n"),
    "a question": ("Makefile", "\t[ -f tools/make-data.py ] && python tools/make-data.py\n"),
    "an earlier stage": ("Dockerfile", "COPY --from=build tools/make-data.py /app/\n"),
    "a longer path": ("Dockerfile", "COPY my/tools/make-data.py /app/\n"),
    "another suffix": ("Dockerfile", "COPY tools/make-data.pyc /app/\n"),
    "a path in the image": ("Dockerfile", "RUN python tools/make-data.py\n"),
    "code": ("run.py", "run('python tools/make-data.py')\n"),
    "a bare name elsewhere": ("ci/Dockerfile", "COPY make-data.py /app/\n"),
}


@pytest.mark.parametrize(("where", "text"), HARMLESS.values(), ids=HARMLESS.keys())
def test_a_line_that_does_not_need_the_file(where: str, text: str, tmp_path: Path) -> None:
    assert named(tmp_path, where, text) == []


def test_a_path_that_is_built_from_now_on_is_not_gone(tmp_path: Path) -> None:
    before = {"data.bin.py": "x\n", ".gitignore": "", "Dockerfile": "COPY data.bin.py /app/\n"}
    after = {"data.bin.py": None, ".gitignore": "/data.bin.py\n"}
    assert known(tmp_path, before, after).findings == ()


def test_the_finding_names_the_new_path(tmp_path: Path) -> None:
    body = "print('one line')\nprint('and another')\n"
    before = {GONE: body, "Makefile": "data:\n\tpython tools/make-data.py\n"}
    [finding] = known(tmp_path, before, {GONE: None, "scripts/data.py": body}).findings
    assert (finding.title, finding.body) == (
        "`tools/make-data.py` is moved but still named in 1 place",
        "`tools/make-data.py` is moved, but 1 place still needs it under that path:\n\n"
        "- `Makefile:2`: it names `tools/make-data.py`, which is gone\n\n"
        "Smallest fix: name `scripts/data.py` there.",
    )


def test_documentation_that_names_it_is_told_to_the_model_only(tmp_path: Path) -> None:
    prose = {"docs/use.md": "\nRun `tools/make-data.py`.\n", "CHANGELOG.md": f"Added {GONE}.\n"}
    knowledge = known(tmp_path, {GONE: "x\n", **prose}, {GONE: None})
    assert knowledge.findings == ()
    told = [
        (fact.kind, fact.text, [str(place) for place in fact.places]) for fact in knowledge.facts
    ]
    assert told == [
        (
            "named_path",
            "`tools/make-data.py` was removed, and the documentation still names it",
            ["docs/use.md:2"],
        )
    ]


MANIFEST = """[project]
name = "shop"
[project.scripts]
shop = "shop.cli:main"
[project.entry-points."shop.plugins"]
plain = "shop.plain"
"""
CLI = "def main():\n    pass\n\n\ndef other():\n    pass\n"
START = CLI.replace("main", "start")


@pytest.mark.parametrize(
    ("after", "titles"),
    [
        (
            {"shop/cli.py": START},
            ["Entry point `shop` leads to `shop.cli:main`, which is gone"],
        ),
        (
            {"shop/plain.py": None},
            ["Entry point `plain` leads to `shop.plain`, which is gone"],
        ),
        ({"shop/cli.py": "from shop.plain import x as main\n"}, []),
        ({"shop/cli.py": "def __getattr__(name): ...\n"}, []),
        ({"shop/cli.py": START, "pyproject.toml": "x = 1\n"}, []),
        ({"shop/cli.py": CLI.replace("other", "more")}, []),
        ({"shop/cli.py": START, "pyproject.toml": "[project\n"}, []),
    ],
)
def test_entry_points_follow_what_they_name(
    after: dict[str, str | None], titles: list[str], tmp_path: Path
) -> None:
    before = {
        "pyproject.toml": MANIFEST,
        "shop/__init__.py": "",
        "shop/cli.py": CLI,
        "shop/plain.py": "x = 1\n",
    }
    assert [finding.title for finding in known(tmp_path, before, after).findings] == titles
