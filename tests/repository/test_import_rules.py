"""Which file an import means, by settings that say how names map to paths."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.repository.resolution import resolve
from workers.repository.resolution.json_text import json_object
from workers.repository.resolution.layout import Layout
from workers.repository.resolution.ruby import underscored

MONOREPO = {
    "tsconfig.json": '{"extends": ["./no.json", "./base.json"]}',
    "base.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"], "*": ["./types/*"]},},}',
    "src/a.ts": "",
    "src/dir/index.tsx": "",
    "types/loose.d.ts": "",
    "round/tsconfig.json": '{"extends": "./other"}',
    "round/other.json": '{"extends": "./tsconfig.json", "compilerOptions": {"baseUrl": "in"}}',
    "round/in/b.ts": "",
    "packages/ui/package.json": """{
        "name": "@x/ui",
        "exports": {".": [{"import": "./dist/main.js"}], "./*": "./lib/*.js", "./only": null}
    }""",
    "packages/ui/src/main.ts": "",
    "packages/ui/src/button.tsx": "",
    "packages/ui/src/only.ts": "",
    "packages/old/package.json": '{"name": "old", "main": "lib"}',
    "packages/old/lib/index.js": "",
    "packages/old/deep/x.js": "",
    "escape/tsconfig.json": '{"compilerOptions": {"paths": {"up/*": ["../../*"]}}}',
}


def layout(files: Mapping[str, str]) -> Layout:
    """A layout whose settings can be read."""
    return Layout(files, lambda path: files[path].encode() if path in files else None)


@pytest.mark.parametrize(
    ("importer", "module", "path"),
    [
        ("src/x.ts", "./a", "src/a.ts"),
        ("src/x.ts", "./a.js", "src/a.ts"),
        ("src/x.ts", "./dir", "src/dir/index.tsx"),
        ("packages/ui/src/x.ts", "@/a", "src/a.ts"),
        ("src/x.ts", "loose", "types/loose.d.ts"),
        ("round/x.ts", "b", "round/in/b.ts"),
        ("src/x.ts", "@x/ui", "packages/ui/src/main.ts"),
        ("src/x.ts", "@x/ui/button", "packages/ui/src/button.tsx"),
        ("src/x.ts", "@x/ui/only", "packages/ui/src/only.ts"),
        ("src/x.ts", "old", "packages/old/lib/index.js"),
        ("src/x.ts", "old/deep/x.js", "packages/old/deep/x.js"),
        ("src/x.ts", "react", None),
        ("src/x.ts", "../../outside", None),
        ("escape/x.ts", "up/etc", None),
    ],
)
def test_typescript(importer: str, module: str, path: str | None) -> None:
    found = resolve("typescript", layout(MONOREPO), importer, module)
    assert found == ((path,) if path else ())


PHP = {
    "composer.json": '{"autoload": {"psr-4": {"App\\\\": ["src", "more/"]}, "files": ["f.php"]}}',
    "src/Shop/Basket.php": "",
    "more/Shop/Till.php": "",
    "f.php": "",
    "legacy/Models/User.php": "",
    "one/Same/Name.php": "",
    "two/Same/Name.php": "",
}


@pytest.mark.parametrize(
    ("module", "paths"),
    [
        ("App\\Shop\\Basket", ("src/Shop/Basket.php",)),
        ("App\\Shop\\Till", ("more/Shop/Till.php",)),
        ("Old\\Models\\User", ("legacy/Models/User.php",)),
        ("Any\\Same\\Name", ()),
        ("App\\Support\\money", ("f.php",)),
        ("Vendor\\Client", ()),
        ("./../f.php", ("f.php",)),
    ],
)
def test_php(module: str, paths: tuple[str, ...]) -> None:
    assert resolve("php", layout(PHP), "src/x.php", module) == paths


@pytest.mark.parametrize(
    ("module", "paths"),
    [
        ("./b", ("lib/a/b.rb",)),
        ("a/b", ("lib/a/b.rb",)),
        ("c", ("gems/x/lib/c.rb",)),
        ("json", ()),
    ],
)
def test_ruby(module: str, paths: tuple[str, ...]) -> None:
    files = dict.fromkeys(("lib/a/b.rb", "gems/x/lib/c.rb", "lib/a/x.rb"), "")
    assert resolve("ruby", layout(files), "lib/a/x.rb", module) == paths


def test_a_constant_of_ruby_has_a_file_by_convention() -> None:
    names = ("Basket", "HTTPClient", "OrderLine2")
    assert [underscored(name) for name in names] == ["basket", "http_client", "order_line2"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": "//no", /* b */ "c": 1, // d\n}', {"a": "//no", "c": 1}),
        ('\ufeff{"a": [1, 2,],}', {"a": [1, 2]}),
        ('{"a": "x, }"}', {"a": "x, }"}),
        ("[1]", {}),
        ("{", {}),
        ("[" * 100_000, {}),
    ],
)
def test_settings_are_read_as_tools_read_them(text: str, value: dict[str, object]) -> None:
    assert json_object(text) == value


@given(st.sampled_from(("typescript", "php", "ruby", "python")), st.text(max_size=30))
def test_only_files_of_the_repository_are_named(language: str, module: str) -> None:
    files = MONOREPO | PHP
    found = resolve(language, layout(files), "src/x", module)
    assert set(found) <= set(files)
