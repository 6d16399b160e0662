"""A manifest and its lock file that part, and what keeps the check silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.projects import Files, known, quotes


def cargo_lock(version: str) -> str:
    """A Cargo.lock that holds regex at this version."""
    return (
        '[[package]]\nname = "shop"\nversion = "0.1.0"\n\n[[package]]\nname = "regex"\n'
        f'version = "{version}"\n'
        'source = "registry+https://github.com/rust-lang/crates.io-index"\n'
    )


def package_lock(**versions: str) -> str:
    """A package-lock.json that holds these."""
    rows = [f'"node_modules/{name}": {{"version": "{text}"}}' for name, text in versions.items()]
    return f'{{"packages": {{{", ".join(rows)}}}}}'


def package(ranges: str, more: str = "") -> str:
    """A package.json with these dependencies."""
    return f'{{"dependencies": {{{ranges}}}{more}}}'


PLAIN_PNPM = "packages:\n  a@1.2.0:\n    resolution: {integrity: sha512-a==}\n"
CARGO: Files = {
    "Cargo.toml": '[dependencies]\nregex = "1.10"\n',
    "Cargo.lock": cargo_lock("1.10.4"),
}
NPM: Files = {
    "package.json": package('"a": "^1.0.0"'),
    "package-lock.json": package_lock(a="1.2.0"),
}


def titles(folder: Path, before: Files, after: Files) -> list[str]:
    """What the check says of a change."""
    return [entry.title for entry in known(folder, before, after).findings]


FOUND: dict[str, tuple[Files, Files, list[str]]] = {
    "the manifest alone moves": (
        CARGO,
        {"Cargo.toml": '[dependencies]\nregex = "2"\n'},
        ["`Cargo.lock` holds `regex` 1.10.4, `Cargo.toml` asks for 2"],
    ),
    "the lock file alone moves": (
        CARGO,
        {"Cargo.lock": cargo_lock("2.0.0")},
        ["`Cargo.lock` holds `regex` 2.0.0, `Cargo.toml` asks for 1.10"],
    ),
    "a new name is not locked": (
        NPM,
        {"package.json": package('"a": "^1.0.0", "b": "^2.0.0"')},
        ["`package-lock.json` lacks `b`, which `package.json` asks for"],
    ),
    "a module without its hash": (
        {"go.mod": "require a.org/x v1.0.0\n", "go.sum": "a.org/x v1.0.0/go.mod h1:a=\n"},
        {"go.mod": "require a.org/x v1.1.0\n"},
        ["`go.sum` lacks `a.org/x` v1.1.0, which `go.mod` asks for"],
    ),
    "a lock file below another project's": (
        {**NPM, **{f"docs/{name}": text for name, text in NPM.items()}},
        {"docs/package.json": package('"a": "^3.0.0"')},
        ["`package-lock.json` holds `a` 1.2.0, `package.json` asks for ^3.0.0"],
    ),
    "the lock file of a workspace": (
        {
            "pnpm-workspace.yaml": "packages: [packages/*]\n",
            "package.json": package('"a": "^1.0.0"'),
            "pnpm-lock.yaml": PLAIN_PNPM,
        },
        {"package.json": package('"a": "^3.0.0"')},
        ["`pnpm-lock.yaml` holds `a` 1.2.0, `package.json` asks for ^3.0.0"],
    ),
    "a gem": (
        {
            "Gemfile": 'gem "rails", "~> 7.1"\n',
            "Gemfile.lock": "GEM\n  remote: https://rubygems.org/\n  specs:\n    rails (7.1.3)\n",
        },
        {"Gemfile": 'gem "rails", "~> 8.0"\n'},
        ["`Gemfile.lock` holds `rails` 7.1.3, `Gemfile` asks for ~> 8.0"],
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_locked_is_not_what_is_asked_for(name: str, tmp_path: Path) -> None:
    before, after, expected = FOUND[name]
    assert titles(tmp_path, before, after) == expected


def _uv(manifest: str, **locked: str) -> Files:
    rows = [
        f'[[package]]\nname = "{name}"\nversion = "{version}"\n'
        'source = { registry = "https://pypi.org/simple" }\n'
        for name, version in locked.items()
    ]
    return {"pyproject.toml": manifest, "uv.lock": "\n".join(rows)}


def _project(*wanted: str, more: str = "") -> str:
    return f'[project]\nname = "shop"\ndependencies = {list(wanted)}\n{more}'


UV = _uv(_project("a>=1"), a="1.0")
BUILD = '[build-system]\nrequires = ["hatchling"]\n'

YARN = '"a@^1.0.0":\n  version "1.2.0"\n'
PNPM = f"overrides:\n  b>a: 1.2.0\n{PLAIN_PNPM}"

SILENT: dict[str, tuple[Files, Files]] = {
    "both move": (
        CARGO,
        {"Cargo.toml": '[dependencies]\nregex = "2"\n', "Cargo.lock": cargo_lock("2.1.0")},
    ),
    "still in range": (NPM, {"package-lock.json": package_lock(a="1.9.0")}),
    "parted before": (
        {**NPM, "package-lock.json": package_lock(a="2.0.0")},
        {"package-lock.json": package_lock(a="2.0.1")},
    ),
    "an override": (
        NPM,
        {"package.json": package('"a": "^9.0.0"', ', "overrides": {"a": "1.2.0"}')},
    ),
    "a range in words": (NPM, {"package.json": package('"a": "next"')}),
    "from elsewhere": (NPM, {"package.json": package('"a": "file:../a", "b": "x/b#main"')}),
    "one of several versions fits": (
        NPM,
        {
            "package-lock.json": '{"packages": {"node_modules/a": {"version": "2.0.0"}, '
            '"node_modules/b/node_modules/a": {"version": "1.0.0"}}}'
        },
    ),
    "a marker": (UV, {"pyproject.toml": _project("a>=1", "b; python_version < '3'")}),
    "the project's own extra": (UV, {"pyproject.toml": _project("a>=1", "shop[x]")}),
    "build requirements": (
        UV,
        {"pyproject.toml": _project("a>=1", more=BUILD)},
    ),
    "a workspace of Go": (
        {
            "go.work": "go 1.22\n",
            "x/go.mod": "require a.org/x v1.0.0\n",
            "x/go.sum": "a.org/x v1.0.0 h1:a=\n",
        },
        {"x/go.mod": "require a.org/x v1.1.0\n"},
    ),
    "a workspace offers what no member takes": (
        CARGO,
        {"Cargo.toml": '[dependencies]\nregex = "1.10"\n[workspace.dependencies]\nregex = "2"\n'},
    ),
    "a member of npm workspaces": (
        {"package.json": package('"a": "^1.0.0"', ', "workspaces": ["p/*"]'), "yarn.lock": YARN},
        {"package.json": package('"a": "^1.0.0", "p": "1.0.0"', ', "workspaces": ["p/*"]')},
    ),
    "a lock file left over in a member of a workspace of pnpm": (
        {
            "pnpm-workspace.yaml": "packages: [packages/*]\n",
            "packages/docs/package.json": NPM["package.json"],
            "packages/docs/pnpm-lock.yaml": PLAIN_PNPM,
        },
        {"packages/docs/package.json": package('"a": "^3.0.0"')},
    ),
    "a lock file left over in a member of npm workspaces": (
        {
            "package.json": package("", ', "workspaces": ["p/*"]'),
            "p/docs/package.json": NPM["package.json"],
            "p/docs/package-lock.json": NPM["package-lock.json"],
        },
        {"p/docs/package.json": package('"a": "^3.0.0"')},
    ),
    "a lock file left over in a member of a workspace of Cargo": (
        {
            "Cargo.toml": '[workspace]\nmembers = ["p/*"]\n',
            **{f"p/docs/{name}": text for name, text in CARGO.items()},
        },
        {"p/docs/Cargo.toml": '[dependencies]\nregex = "2"\n'},
    ),
    "an override of pnpm": (
        {"package.json": package('"a": "^1.0.0"'), "pnpm-lock.yaml": PNPM},
        {"package.json": package('"a": "^3.0.0"')},
    ),
    "an unreadable lock": (
        NPM,
        {"package.json": package('"a": "^3.0.0"'), "package-lock.json": "<<<"},
    ),
    "no lock": ({"package.json": package('"a": "1"')}, {"package.json": package('"a": "2"')}),
    "the manifest goes": (NPM, {"package.json": None}),
}


@pytest.mark.parametrize("name", SILENT)
def test_what_keeps_it_silent(name: str, tmp_path: Path) -> None:
    before, after = SILENT[name]
    assert titles(tmp_path, before, after) == []


def test_the_finding_quotes_both_and_is_only_listed(tmp_path: Path) -> None:
    knowledge = known(tmp_path, CARGO, {"Cargo.toml": '[dependencies]\nregex = "2"\n'})
    [finding] = knowledge.findings
    assert (finding.path, finding.line, finding.fate, finding.body) == (
        "Cargo.toml",
        2,
        "listed",
        "`Cargo.lock` does not fit `Cargo.toml`:\n\n"
        "- `Cargo.lock` holds `regex` 1.10.4, `Cargo.toml` asks for 2\n\n"
        "So `cargo build --locked` refuses it. Smallest fix: run `cargo update` and commit the "
        "lock file.",
    )
    assert [(path, line, quote) for path, _, line, quote in quotes(knowledge)] == [
        ("Cargo.toml", 2, 'regex = "2"'),
        ("Cargo.lock", 7, 'version = "1.10.4"'),
    ]


def test_one_stale_lock_file_is_one_finding(tmp_path: Path) -> None:
    wanted = {f"p{n}": "1.0.0" for n in range(8)}
    ranges = ", ".join(f'"{name}": "^2.0.0"' for name in wanted)
    before = {
        "package.json": package(ranges.replace("^2", "^1")),
        "package-lock.json": package_lock(**wanted),
    }
    [finding] = known(tmp_path, before, {"package.json": package(ranges)}).findings
    assert finding.title == (
        "`package-lock.json` does not hold what `package.json` asks for, in 8 packages"
    )
    assert "\n- and 2 more\n" in finding.body
    assert len(finding.evidence) == 12
