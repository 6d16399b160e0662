"""Removed exports and files of JavaScript and TypeScript that are still imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.projects import Files, known

MODULE = "export function run() {}\nexport const kept = 1\n"
WITHOUT = "export const kept = 1\n"
COMMON = "function run() {}\nconst kept = 1\nmodule.exports = { run, kept }\n"
COMMON_WITHOUT = "const kept = 1\nmodule.exports = { kept }\n"


def broken(folder: Path, before: Files, after: Files) -> list[str]:
    """`path:line why` of each broken import."""
    return [
        f"{site.path}:{site.line} {site.why}"
        for entry in known(folder, before, after).ledger
        for site in entry.sites
        if site.status == "broken"
    ]


MEMBER = "it calls `lib.run`, which is not exported any more"
GONE = "it imports `run`, which is not exported any more"


@pytest.mark.parametrize(
    ("user", "why"),
    [
        ("import { run } from './lib.js'\n", GONE),
        ("import { kept, run as go } from './lib'\n", GONE),
        ("export { run } from './lib.js'\n", GONE),
        (
            "import * as lib from './lib.js'\nlib.run()\n",
            MEMBER,
        ),
        ("const { run } = await import('./lib.js')\nrun()\n", GONE),
    ],
)
def test_a_removed_export_is_found_however_it_is_imported(
    user: str, why: str, tmp_path: Path
) -> None:
    before = {"lib.js": MODULE, "user.js": user}
    assert broken(tmp_path, before, {"lib.js": WITHOUT}) == [f"user.js:1 {why}"]


@pytest.mark.parametrize(
    ("user", "why"),
    [
        ("const { run } = require('./lib')\nrun()\n", GONE),
        (
            "const lib = require('./lib')\nlib.run()\n",
            MEMBER,
        ),
        ("require('./lib').run()\n", GONE),
        ("const { run: Base } = require('./lib')\nclass A extends Base {}\n", GONE),
    ],
)
def test_a_removed_property_of_module_exports(user: str, why: str, tmp_path: Path) -> None:
    before = {"lib.js": COMMON, "user.js": user}
    assert broken(tmp_path, before, {"lib.js": COMMON_WITHOUT}) == [f"user.js:1 {why}"]


SILENT = {
    "not called": "const { run } = require('./lib')\nmodule.exports = { run }\n",
    "caught": "try {\n  require('./lib').run()\n} catch {}\n",
    "mocked": "jest.mock('./lib', () => ({}))\nimport { run } from './lib'\n",
    "a type": "import type { run } from './lib'\n",
    "set by others": "const lib = require('./lib')\nlib.run = f\nlib.run()\n",
    "shadowed": "const lib = require('./lib')\nfunction f(lib) { lib.run() }\n",
    "of another module": "import { run } from './other'\n",
    "of a package": "import { run } from 'lib'\n",
    "in a comment": "// import { run } from './lib'\n",
    "no script": "import { run } from './lib'\nx = {\n",
}


@pytest.mark.parametrize("user", SILENT.values(), ids=SILENT.keys())
def test_guards_against_false_alarms(user: str, tmp_path: Path) -> None:
    before = {"lib.js": COMMON, "other.js": MODULE, "user.js": user}
    assert broken(tmp_path, before, {"lib.js": COMMON_WITHOUT}) == []


@pytest.mark.parametrize(
    "changed",
    [
        "export * from 'elsewhere'\n",
        "export * from './other.js'\n",
        "export { go as run } from './other.js'\n",
        "export const kept = 1, run = 2\n",
        "const kept = 1\nexport { kept,\n  run }\n",
        "export default { run }\nexport const { kept, ...rest } = make()\nexport = run\n",
        "module.exports = make()\n",
    ],
)
def test_what_may_still_be_exported_is_left_alone(changed: str, tmp_path: Path) -> None:
    user = "import { run } from './lib.js'\n"
    before = {"lib.js": MODULE, "other.js": MODULE, "user.js": user}
    assert broken(tmp_path, before, {"lib.js": changed}) == []


def test_a_long_line_of_a_stranger_s_is_read_in_time(tmp_path: Path) -> None:
    """Where each bracket looks at all that follows, a worker seems to hang and is killed."""
    long = f"import * as lib from './lib'\nlib.run()\nf{'(lib)' * 20_000}\n"
    before = {"src/lib.js": MODULE, "src/user.js": long}
    after = {**before, "src/lib.js": WITHOUT}
    assert broken(tmp_path, before, after) == [f"src/user.js:1 {MEMBER}"]


def test_a_name_is_followed_through_a_barrel(tmp_path: Path) -> None:
    before = {
        "lib/index.js": "export * from './impl.js'\n",
        "lib/impl.js": MODULE,
        "user.js": "import { run } from './lib/index.js'\n",
    }
    after = {"lib/impl.js": WITHOUT}
    assert broken(tmp_path, before, after) == [f"user.js:1 {GONE}"]


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({}, [f"user.ts:1 {GONE}"]),
        ({"tsconfig.json": '{"compilerOptions": {"strict": false}}'}, [f"user.ts:1 {GONE}"]),
        ({"tsconfig.json": '{"compilerOptions": {"strict": true}}'}, []),
        ({"tsconfig.json": '{"extends": "./base.json"}'}, []),
    ],
)
def test_a_strict_build_is_left_to_its_compiler(
    config: dict[str, str], found: list[str], tmp_path: Path
) -> None:
    before = {"lib.ts": MODULE, "user.ts": "import { run } from './lib'\n", **config}
    assert broken(tmp_path, before, {"lib.ts": WITHOUT}) == found


@pytest.mark.parametrize(
    ("user", "after", "found"),
    [
        (
            "import './lib.js'\n",
            {"lib.js": None},
            ["user.js:1 it imports `./lib.js`, "],
        ),
        ("require('./lib')\n", {"lib.js": None}, ["user.js:1 it imports `./lib`, "]),
        ("require('./lib')\n", {"lib.js": None, "lib.ts": MODULE}, []),
        ("require('./lib')\n", {"lib.js": None, "lib/index.js": MODULE}, []),
        ("require('./lib')\n", {"lib.js": None, "lib/package.json": '{"main": "x.js"}'}, []),
        ("try { require('./lib') } catch {}\n", {"lib.js": None}, []),
        ("require('./lib')\n", {"lib.js": None, ".gitignore": "lib.js\n"}, []),
    ],
)
def test_a_removed_file_that_is_still_imported(
    user: str, after: Files, found: list[str], tmp_path: Path
) -> None:
    told = broken(tmp_path, {"lib.js": COMMON, "user.js": user}, after)
    assert [why.removesuffix("which is gone") for why in told] == found


def test_a_moved_file_names_its_new_place(tmp_path: Path) -> None:
    before = {"lib.js": COMMON, "user.js": "const lib = require('./lib')\n"}
    [finding] = known(tmp_path, before, {"lib.js": None, "src/lib.js": COMMON}).findings
    assert (finding.title, finding.body) == (
        "`lib.js` is moved but still imported in 1 place",
        "`lib.js` is gone, but 1 place still imports it:\n\n"
        "- `user.js:1`: it imports `./lib`, which is gone\n\n"
        "Smallest fix: import from `src/lib.js`.",
    )


PLAIN = "export function load(name) {\n  return { name }\n}\n"
ASYNC = PLAIN.replace("function", "async function")

TAKEN = {
    "x = load(1).name\n": "it takes `.name` of a promise",
    "x = load(1)?.name\n": "it takes `.name` of a promise",
    "x = load(1)[0]\n": "it takes an item of a promise",
    "const { name } = load(1)\n": "it takes a promise apart",
    "const [a] = load(1);\n": "it takes a promise apart",
    "for (const x of load(1)) {}\n": "a promise is no list",
    "x = [...load(1)]\n": "it spreads a promise",
    "if (!load(1)) {}\n": "a promise is always true",
    "x = load(1) === y\n": "it compares or calculates with a promise",
    "x = y === load(1)\n": "it compares a promise",
}


@pytest.mark.parametrize("use", TAKEN)
def test_a_call_that_takes_a_promise_for_its_value(use: str, tmp_path: Path) -> None:
    before = {"lib.js": PLAIN, "user.js": "import { load } from './lib.js'\n" + use}
    assert broken(tmp_path, before, {"lib.js": ASYNC}) == [f"user.js:2 {TAKEN[use]}"]


@pytest.mark.parametrize(
    "use",
    [
        "const { name } = await load(1)\n",
        "x = (await load(1)).name\n",
        "load(1).then(f)\n",
        "load(1)\n",
        "const x = load(1)\n",
        "x = [load(1), load(2)]\n",
        "return_(load(1))\n",
        "function f(load) { return load(1).name }\n",
        "const g = load => load(1).name\n",
        "// load(1).name\n",
        "x.load(1).name\n",
    ],
)
def test_a_promise_that_may_be_awaited_is_left_alone(use: str, tmp_path: Path) -> None:
    before = {"lib.js": PLAIN, "user.js": "import { load } from './lib.js'\n" + use}
    assert broken(tmp_path, before, {"lib.js": ASYNC}) == []


def test_an_arrow_function_and_its_own_file(tmp_path: Path) -> None:
    library = "const load = {}(name) => ({{ name }})\nmodule.exports = load(1).name\n"
    before, after = library.format(""), library.format("async ")
    assert broken(tmp_path, {"lib.js": before}, {"lib.js": after}) == [
        "lib.js:2 it takes `.name` of a promise"
    ]
