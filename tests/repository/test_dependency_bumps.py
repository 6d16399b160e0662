"""Which packages a change moves, and who uses them: from a change's two sides to one line each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.projects import Files, known
from workers.repository.dependencies.users import key_of
from workers.repository.dependencies.words import other_indexes, told
from workers.repository.knowledge import Knowledge


def moved(knowledge: Knowledge) -> list[str]:
    """Each move as it is told."""
    found = knowledge.dependencies
    return [told(bump, found.users.get(key_of(bump))) for bump in found.bumps]


def moves(folder: Path, before: Files, after: Files) -> list[str]:
    """The moves between two states of some files."""
    return moved(known(folder, before, after))


CASES: dict[str, tuple[Files, Files, list[str]]] = {
    "a lock file's versions count before the manifest's ranges": (
        {
            "package.json": '{"dependencies": {"react": "^18.2.0"}}',
            "package-lock.json": '{"packages": {"node_modules/react": {"version": "18.2.0"}}}',
        },
        {
            "package.json": '{"dependencies": {"react": "^19.0.0"}}',
            "package-lock.json": '{"packages": {"node_modules/react": {"version": "19.1.0"}}}',
        },
        ["react 18.2.0 -> 19.1.0 (npm; major, may break; no import found)"],
    ),
    "direct before transitive, what is trusted less first": (
        {
            "Cargo.toml": '[dependencies]\nregex = "1"\n',
            "Cargo.lock": "\n".join(
                f'[[package]]\nname = "{name}"\nversion = "{version}"\n'
                'source = "registry+https://github.com/rust-lang/crates.io-index"\n'
                for name, version in (("aho", "1.0.0"), ("memchr", "2.7.0"), ("regex", "1.10.0"))
            ),
        },
        {
            "Cargo.lock": "\n".join(
                f'[[package]]\nname = "{name}"\nversion = "{version}"\nsource = "{source}"\n'
                for name, version, source in (
                    ("aho", "1.1.0", "registry+https://github.com/rust-lang/crates.io-index"),
                    ("memchr", "2.7.0", "git+https://host/memchr#0123456789abcdef"),
                    ("regex", "1.10.1", "registry+https://github.com/rust-lang/crates.io-index"),
                )
            ),
        },
        [
            "memchr 2.7.0 -> 2.7.0 (0123456789ab) (cargo; transitive; no import found): its source "
            "changed from the ecosystem's index to git https://host/memchr",
            "regex 1.10.0 -> 1.10.1 (cargo; patch; no import found)",
            "aho 1.0.0 -> 1.1.0 (cargo; minor; transitive; no import found)",
        ],
    ),
    "added, removed and lowered": (
        {"requirements.txt": "a==1.0\nb==2.0\n"},
        {"requirements.txt": "b==1.9\nc>=1\n"},
        [
            "b 2.0 -> 1.9 (python; lowered; major, may break; no import found)",
            "a 1.0 (python; removed; no import found)",
            "c >=1 (python; added; no import found)",
        ],
    ),
    "an action and an image that lose their digest": (
        {
            ".github/workflows/ci.yml": f"steps:\n  - uses: a/b@{'0a' * 20} # v4.1.0\n",
            "Dockerfile": "FROM python:3.11@sha256:abc\n",
        },
        {
            ".github/workflows/ci.yml": "steps:\n  - uses: a/b@v4.2.0\n",
            "Dockerfile": "FROM python:latest\n",
        },
        [
            f"a/b v4.1.0 commit:{'0a' * 6} -> v4.2.0 (actions; minor): it was pinned to a digest, "
            "now to a range or a tag",
            "python 3.11 sha256:abc -> latest (image): it was pinned to a digest, now to nothing "
            "fixed",
        ],
    ),
    "the same version with other bytes": (
        {"Pipfile.lock": '{"default": {"a": {"version": "==1.0", "hashes": ["sha256:aa"]}}}'},
        {"Pipfile.lock": '{"default": {"a": {"version": "==1.0", "hashes": ["sha256:bb"]}}}'},
        ["a 1.0 (python; transitive; no import found): 1.0 has another hash than before"],
    ),
    "a version range that becomes a branch": (
        {"package.json": '{"dependencies": {"left": "1.3.0"}}'},
        {"package.json": '{"dependencies": {"left": "github:acme/left#main"}}'},
        [
            "left 1.3.0 -> main (npm; no import found): its source changed from the ecosystem's "
            "index to git github:acme/left; it was pinned to one version, now to nothing fixed"
        ],
    ),
    "go.sum alone tells nothing, go.mod does": (
        {
            "go.mod": "require (\n\ta.org/x v1.0.0\n\ta.org/y v0.1.0 // indirect\n)\n",
            "go.sum": "a.org/x v1.0.0 h1:a=\n",
        },
        {
            "go.mod": "require (\n\ta.org/x v1.1.0\n\ta.org/y v0.2.0 // indirect\n)\n",
            "go.sum": "a.org/x v1.0.0 h1:b=\na.org/x v1.1.0 h1:c=\n",
        },
        [
            "a.org/x v1.0.0 -> v1.1.0 (go; minor; no import found): v1.0.0 has another hash than "
            "before",
            "a.org/y v0.1.0 -> v0.2.0 (go; minor, may break; transitive; no import found)",
        ],
    ),
    "the hashes of a module and of its go.mod are two things": (
        {"go.sum": "a.org/x v1.0.0 h1:a=\na.org/x v1.0.0/go.mod h1:b=\na.org/y v1.0.0 h1:c=\n"},
        {"go.sum": "a.org/x v1.0.0 h1:a=\na.org/x v1.0.0/go.mod h1:b=\na.org/y v1.1.0 h1:d=\n"},
        [],
    ),
    "a go.mod with another hash": (
        {"go.sum": "a.org/x v1.0.0 h1:a=\na.org/x v1.0.0/go.mod h1:b=\n"},
        {"go.sum": "a.org/x v1.0.0 h1:a=\na.org/x v1.0.0/go.mod h1:z=\n"},
        ["a.org/x v1.0.0 (go; transitive; no import found): v1.0.0 has another hash than before"],
    ),
    "a second version beside the first": (
        {"package-lock.json": '{"packages": {"node_modules/a": {"version": "1.0.0"}}}'},
        {
            "package-lock.json": '{"packages": {"node_modules/a": {"version": "1.0.0"}, '
            '"node_modules/b/node_modules/a": {"version": "2.0.0"}}}'
        },
        ["a 2.0.0 (npm; added; transitive; no import found)"],
    ),
    "one bump of many manifests is told once": (
        {f"p{n}/package.json": '{"devDependencies": {"a": "^1.0.0"}}' for n in range(3)},
        {f"p{n}/package.json": '{"devDependencies": {"a": "^1.1.0"}}' for n in range(3)},
        ["a ^1.0.0 -> ^1.1.0 (npm; minor; for dev; no import found)"],
    ),
    "what a requirements file includes, whatever its name": (
        {"requirements.txt": "-r deps/base.txt\n", "deps/base.txt": "a==1.0\n", "b.txt": "b==1\n"},
        {"deps/base.txt": "a==1.1\n", "b.txt": "b==2\n"},
        ["a 1.0 -> 1.1 (python; minor; no import found)"],
    ),
    "reordering and comments move nothing": (
        {"requirements.txt": "a==1.0\nb==2.0\n"},
        {"requirements.txt": "# sorted\nb==2.0\na==1.0  # pinned\n"},
        [],
    ),
    "a fixture's manifest is no dependency": (
        {"tests/fixtures/package.json": '{"dependencies": {"a": "1"}}'},
        {"tests/fixtures/package.json": '{"dependencies": {"a": "2"}}'},
        [],
    ),
    "a whole manifest that goes": (
        {"Gemfile": 'gem "rails", "7.1"\n', "x.rb": "1\n"},
        {"Gemfile": None},
        ["rails 7.1 (bundler; removed; no import found)"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_moves_packages(name: str, tmp_path: Path) -> None:
    before, after, expected = CASES[name]
    assert moves(tmp_path, before, after) == expected


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    knowledge = known(tmp_path, {"package.json": "{}"}, {"package.json": "<<<<<<< ours\n{}"})
    assert moved(knowledge) == []
    assert knowledge.dependencies.notes == (
        "package.json: its dependencies are not read, it is not JSON",
    )


MONOLOG = (
    '{"packages": [{"name": "monolog/monolog", "version": "%s", '
    '"autoload": {"psr-4": {"Monolog\\\\": "src"}}}]}'
)
USERS: dict[str, tuple[Files, Files, str, tuple[str, ...], list[str]]] = {
    "python": (
        {
            "requirements.txt": "httpx==0.27.2\nPyYAML==6.0\n",
            "a.py": "import httpx\n\nhttpx.Client(app=1)\n# httpx.Other\n",
            "b.py": "from httpx import Client as C, get\n\nclass Mine(C):\n    x = get(1)\n",
            "c.py": "import httpx_sse\nimport yaml\n",
            "vendor/d.py": "import httpx\n",
        },
        {"requirements.txt": "httpx==0.28.1\nPyYAML==6.0\n"},
        "python httpx",
        ("Client", "get"),
        ["a.py:3 Client", "b.py:1 get", "b.py:1 Client", "b.py:4 get", "b.py:3 Client", "a.py:1 "],
    ),
    "npm": (
        {
            "package.json": '{"dependencies": {"@acme/ui": "1.0.0"}}',
            "a.ts": "import ui, {Button as B} from '@acme/ui/parts';\nB(); ui.open();\n",
            "b.js": "const u = require('@acme/ui');\nu.close()\nrequire('@acme/ui-kit')\n",
            "c.json": '"@acme/ui"',
        },
        {"package.json": '{"dependencies": {"@acme/ui": "2.0.0"}}'},
        "npm @acme/ui",
        ("open", "Button", "close"),
        ["a.ts:2 open", "a.ts:1 Button", "b.js:2 close", "a.ts:2 Button", "a.ts:1 ", "b.js:1 "],
    ),
    "go": (
        {
            "go.mod": "module m\nrequire github.com/x/gin v1.0.0\n",
            "a.go": 'package m\n\nimport "github.com/x/gin"\n\nfunc f() { gin.New() }\n',
            "b.go": 'package m\n\nimport q "github.com/x/gin/sub"\n\nfunc g() { q.Do() }\n',
            "c.go": 'package m\n\nimport "github.com/x/ginny"\n',
        },
        {"go.mod": "module m\nrequire github.com/x/gin v1.1.0\n"},
        "go github.com/x/gin",
        ("New", "Do"),
        ["a.go:5 New", "b.go:5 Do", "a.go:3 ", "b.go:3 "],
    ),
    "cargo": (
        {
            "Cargo.toml": '[dependencies]\ntokio-util = "0.6"\n',
            "src/a.rs": "use tokio_util::codec::Framed;\nfn f() { Framed::new(); }\n",
            "src/b.rs": "use tokio_utility::X;\n",
        },
        {"Cargo.toml": '[dependencies]\ntokio-util = "0.7"\n'},
        "cargo tokio-util",
        ("Framed",),
        ["src/a.rs:1 Framed", "src/a.rs:2 Framed"],
    ),
    "composer, by the namespaces that the lock file tells": (
        {
            "composer.json": '{"require": {"monolog/monolog": "^3.5"}}',
            "composer.lock": MONOLOG % "3.5.0",
            "a.php": "<?php\nuse Monolog\\Logger;\n$log = new Logger('x');\n",
            "b.php": "<?php\nuse Monologue\\Logger;\n",
        },
        {"composer.lock": MONOLOG % "3.6.0"},
        "composer monolog/monolog",
        ("Logger",),
        ["a.php:2 Logger", "a.php:3 Logger"],
    ),
    "a folder of the repository with the package's name": (
        {
            "requirements.txt": "attrs==1\n",
            "attr/__init__.py": "s = 1\n",
            "a.py": "from attr import s\n",
        },
        {"requirements.txt": "attrs==2\n"},
        "python attrs",
        (),
        [],
    ),
}


@pytest.mark.parametrize("name", USERS)
def test_who_imports_a_package_and_what_of_it_is_used(name: str, tmp_path: Path) -> None:
    before, after, key, names, uses = USERS[name]
    users = known(tmp_path, before, after).dependencies.users[key]
    told = [f"{use.path}:{use.line} {use.name}" for use in users.uses]
    assert (users.names, told) == (names, uses)


def test_a_package_imported_everywhere_is_counted_and_capped(tmp_path: Path) -> None:
    code: Files = {f"m{n:02}.py": "from a import b\nb()\n" for n in range(70)}
    before = {"requirements.txt": "a==1\n", **code}
    users = known(tmp_path, before, {"requirements.txt": "a==2\n"}).dependencies.users["python a"]
    assert (len(users.files), len(users.uses), users.names, users.capped) == (70, 12, ("b",), True)


def test_other_places_to_take_packages_from_are_told(tmp_path: Path) -> None:
    before = {
        "requirements.txt": "--index-url https://pypi.example/simple\na\n",
        "Gemfile": 'source "https://rubygems.org"\ngem "rails"\n',
        "Pipfile": '[[source]]\nurl = "https://pypi.org/simple"\n',
    }
    after = {
        "requirements.txt": "--extra-index-url=https://other.example/simple\na\n",
        "Gemfile": 'source "https://gems.example"\ngem "rails"\n',
        "Pipfile": '[[source]]\nurl = "https://pypi.org/simple"\n[packages]\n',
    }
    changes = known(tmp_path, before, after).dependencies.indexes
    assert [other_indexes(change) for change in changes] == [
        "Gemfile: packages are taken now from https://gems.example and no more from "
        "https://rubygems.org",
        "requirements.txt: packages are taken now from https://other.example/simple and no more "
        "from https://pypi.example/simple",
    ]
