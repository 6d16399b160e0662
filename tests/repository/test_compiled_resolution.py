"""From an import, a package or an include of a compiled language to the files that it means."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.repository.outline import Outline
from workers.repository.outlines.cpp import is_cpp
from workers.repository.resolution import resolve, visible
from workers.repository.resolution.includes import CLOSURE_CAP, Includes
from workers.repository.resolution.layout import Layout


def layout(files: Mapping[str, str]) -> Layout:
    """A repository of these texts."""
    sources = {path: text.encode() for path, text in files.items()}
    return Layout(sources, sources.get)


GO = layout(
    {
        "go.mod": "module example.com/shop // the main one\n",
        "price/price.go": "",
        "price/price_test.go": "",
        "tools/go.mod": 'module "example.com/shop/tools"\n',
        "tools/gen/gen.go": "",
        "vendor/other.org/lib/lib.go": "",
    }
)


@pytest.mark.parametrize(
    ("module", "files"),
    [
        ("example.com/shop/price", ("price/price.go",)),
        ("example.com/shop/tools/gen", ("tools/gen/gen.go",)),
        ("other.org/lib", ("vendor/other.org/lib/lib.go",)),
        ("elsewhere.com/price", ()),
        ("example.com/shopping/price", ()),
    ],
)
def test_go_packages_are_found_by_module_path(module: str, files: tuple[str, ...]) -> None:
    assert resolve("go", GO, "cmd/main.go", module) == files


def test_without_a_go_mod_any_end_of_the_path_may_be_the_folder() -> None:
    old = layout({"src/price/price.go": ""})
    assert resolve("go", old, "main.go", "host.com/me/src/price") == ("src/price/price.go",)


def test_a_go_file_sees_its_package_and_its_tests_only_from_tests() -> None:
    inside, outside = Outline("go", package="price"), Outline("go", package="price_test")
    shop = layout({"p/a.go": "Total", "p/b.go": "Total", "p/a_test.go": "Total"})
    assert visible(shop, "p/a.go", inside, "Total") == ("p/b.go",)
    assert visible(shop, "p/a_test.go", inside, "Total") == ("p/a.go", "p/b.go")
    assert visible(shop, "p/x_test.go", outside, "Total") == ("p/a_test.go",)


JVM = layout(
    {
        "core/src/main/java/com/shop/Prices.java": "package com.shop; class Prices {}",
        "app/src/main/java/com/shop/Helper.java": "package com.shop; class Prices2 { Prices p; }",
        "app/src/main/java/com/other/Prices.java": "package com.other; class Prices {}",
        "lib/src/main/kotlin/till/Till.kt": "package com.shop.till\nclass Till\n",
        "lib/src/main/kotlin/top.kt": "package com.shop\nfun top() = 1\n",
    }
)


@pytest.mark.parametrize(
    ("module", "name", "files"),
    [
        (
            "com.shop",
            "Prices",
            (
                "core/src/main/java/com/shop/Prices.java",
                "app/src/main/java/com/shop/Helper.java",
            ),
        ),
        ("com.shop", "top", ("lib/src/main/kotlin/top.kt",)),
        ("com.shop.till", "Till", ("lib/src/main/kotlin/till/Till.kt",)),
        ("com.shop", "Absent", ()),
        ("org.elsewhere", "Prices", ()),
    ],
)
def test_jvm_packages_span_modules_and_languages(
    module: str, name: str, files: tuple[str, ...]
) -> None:
    assert resolve("java", JVM, "core/src/main/java/Main.java", module, name) == files


RUST = layout(
    {
        "Cargo.toml": "[workspace]\nmembers = ['core']\n",
        "core/Cargo.toml": "[package]\nname = 'shop-core'\n",
        "core/src/lib.rs": "",
        "core/src/price/mod.rs": "",
        "core/src/price/coin.rs": "",
        "core/src/stock.rs": "",
        "core/src/stock/shelf.rs": "",
        "core/tests/api.rs": "",
        "app/Cargo.toml": "[package]\nname = 'app'\n[lib]\nname = 'renamed'\npath = 'here.rs'\n",
        "app/here.rs": "",
        "broken/Cargo.toml": "[package\n",
    }
)


@pytest.mark.parametrize(
    ("importer", "module", "file"),
    [
        ("core/src/stock/shelf.rs", "crate::price::coin", "core/src/price/coin.rs"),
        ("core/src/stock/shelf.rs", "super", "core/src/stock.rs"),
        ("core/src/stock/shelf.rs", "super::super::price", "core/src/price/mod.rs"),
        ("core/src/price/mod.rs", "self::coin", "core/src/price/coin.rs"),
        ("core/src/price/mod.rs", "super", "core/src/lib.rs"),
        ("core/src/lib.rs", "stock::shelf", "core/src/stock/shelf.rs"),
        ("core/tests/api.rs", "shop_core::price", "core/src/price/mod.rs"),
        ("core/tests/api.rs", "renamed", "app/here.rs"),
        ("core/tests/api.rs", "crate", "core/tests/api.rs"),
        ("core/src/lib.rs", "super", None),
        ("core/src/lib.rs", "std::collections", None),
        ("core/src/lib.rs", "crate::price::Coin", None),
    ],
)
def test_rust_paths_lead_to_the_file_of_the_module(
    importer: str, module: str, file: str | None
) -> None:
    assert resolve("rust", RUST, importer, module) == ((file,) if file else ())


@given(st.lists(st.sampled_from(["crate", "super", "self", "price", "x", ""]), max_size=60))
def test_no_rust_path_leads_astray(words: list[str]) -> None:
    found = resolve("rust", RUST, "core/src/price/coin.rs", "::".join(words))
    assert set(found) <= RUST.paths


C = layout(
    {
        "src/a.c": '#include "a.h"\n# include <shop/api.h>\n#include <stdio.h>\n',
        "src/a.h": '#include "../lib/deep.h"\n',
        "lib/deep.h": '#include "a.h"\n',
        "lib/a.h": "",
        "include/shop/api.h": "",
        "test/stdio.h": "",
        "copy/stdio.h": "",
    }
)


@pytest.mark.parametrize(
    ("importer", "module", "files"),
    [
        ("src/a.c", "a.h", ("src/a.h",)),
        ("lib/deep.h", "a.h", ("lib/a.h",)),
        ("src/a.c", "<shop/api.h>", ("include/shop/api.h",)),
        ("src/a.c", "<stdio.h>", ()),
        ("src/a.c", "absent.h", ()),
        ("other/b.c", "a.h", ("lib/a.h",)),
    ],
)
def test_includes_are_found_beside_or_by_the_end_of_their_path(
    importer: str, module: str, files: tuple[str, ...]
) -> None:
    assert resolve("c", C, importer, module) == files


def test_what_is_included_includes_more() -> None:
    assert Includes(C).closure("src/a.c") == (
        "src/a.h",
        "include/shop/api.h",
        "lib/deep.h",
        "lib/a.h",
    )


@given(st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=4), max_size=10))
def test_circles_of_includes_end(graph: dict[int, list[int]]) -> None:
    files = {
        f"{node}.h": "".join(f'#include "{other}.h"\n' for other in others)
        for node, others in graph.items()
    }
    includes = Includes(layout(files))
    for path in files:
        closure = includes.closure(path)
        assert path not in closure
        assert len(set(closure)) == len(closure) <= CLOSURE_CAP
        for each in closure:
            assert set(includes.direct(each)) <= {*closure, path}


CSHARP = layout(
    {
        "Core/Core.csproj": "<Project/>",
        "Core/Prices.cs": "namespace Shop.Core;\nclass Prices {}",
        "Core/Odd/Name.cs": "namespace Shop.Core\n{\n  class Rate {}\n}",
        "App/App.csproj": '<Project><ItemGroup><Using Include="Shop.Core" /></ItemGroup></Project>',
        "App/Main.cs": "namespace Shop.App;\nclass Main { Prices p; }",
        "Tool/Tool.csproj": "<Project/>",
        "Tool/Usings.cs": "global using Shop.Core;",
        "Tool/Run.cs": "namespace Tool;\nclass Run {}",
    }
)


def test_namespaces_are_read_not_guessed_from_folders() -> None:
    found = resolve("csharp", CSHARP, "App/Main.cs", "Shop.Core")
    assert found == ("Core/Odd/Name.cs", "Core/Prices.cs")
    assert resolve("csharp", CSHARP, "App/Main.cs", "Shop.Core", "Rate") == ("Core/Odd/Name.cs",)
    assert resolve("csharp", CSHARP, "App/Main.cs", "Shop.Odd") == ()


@pytest.mark.parametrize(
    ("path", "package", "files"),
    [
        ("App/Main.cs", "Shop.App", ("Core/Prices.cs",)),
        ("Tool/Run.cs", "Tool", ("Core/Prices.cs",)),
        ("Core/Deep/New.cs", "Shop.Core.Deep", ("Core/Prices.cs",)),
        ("Web/Page.cs", "Web", ()),
    ],
)
def test_a_csharp_file_sees_outer_namespaces_and_global_usings(
    path: str, package: str, files: tuple[str, ...]
) -> None:
    assert visible(CSHARP, path, Outline("csharp", package=package), "Prices") == files


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"namespace shop { int f(); }", True),
        (b"template <class T> T f(T t);", True),
        (b"class Till;\n", True),
        (b"class Till : public Base {\n};", True),
        (b"  public:\n", True),
        (b"std::string name();", True),
        (b"using Name = int;", True),
        (b'#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);', False),
        (b"struct till { int class; int template; };", False),
        (b"/* a class of things */ int f(int new);", False),
        (b"", False),
    ],
)
def test_a_header_is_told_by_its_text(text: bytes, expected: bool) -> None:
    assert is_cpp(text) is expected


@pytest.mark.parametrize("language", ["java", "kotlin", "go", "csharp", "c", "rust"])
def test_half_a_million_blank_lines_take_no_time_to_look_through(language: str) -> None:
    blank = "\n" * 250_000 + " \t" * 125_000
    hostile = layout(
        {
            "go.mod": blank,
            "a/Cargo.toml": blank,
            "a/A.kt": blank,
            "a/A.cs": blank,
            "a/A.java": blank,
            "a/a.h": blank,
            "a/a.csproj": blank,
        }
    )
    assert resolve(language, hostile, "a/b.x", "com.shop") == ()


def test_a_java_file_without_a_package_sees_its_folder() -> None:
    loose = layout({"a/Main.java": "Prices", "a/Prices.java": "", "b/Prices.java": ""})
    assert visible(loose, "a/Main.java", Outline("java"), "Prices") == ("a/Prices.java",)
