"""PHP: types that are gone, and methods that an interface newly asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.projects import Files, known

HEAD = "<?php\nnamespace App;\n\n"
BOX = HEAD + "class Box\n{\n    public function put() {}\n}\n"


def broken(folder: Path, before: Files, after: Files) -> list[str]:
    """`path:line why` of each broken place."""
    return [
        f"{site.path}:{site.line} {site.why}"
        for entry in known(folder, before, after).ledger
        for site in entry.sites
        if site.status == "broken"
    ]


@pytest.mark.parametrize(
    ("user", "found"),
    [
        (HEAD + "class Big extends Box {}\n", ["src/User.php:4 `Big` is built on it"]),
        (HEAD + "$x = new Box();\n", ["src/User.php:4 it makes one"]),
        (HEAD + "Box::make();\n", ["src/User.php:4 it calls it"]),
        ("<?php\nuse App\\Box as B;\n$x = new \\App\\Box();\n", ["src/User.php:3 it makes one"]),
        ("<?php\nnamespace Other;\n$x = new Box();\n", []),
        (HEAD + "use Other\\Box;\n$x = new Box();\n", []),
        (HEAD + "use App\\Box;\n", []),
        (HEAD + "// new Box()\n$x = 'new Box()';\n", []),
        (HEAD + "$x = Box::class;\nfunction f(Box $b) {}\n", []),
        (HEAD + "if (class_exists(Box::class)) {\n    $x = new Box();\n}\n", []),
        (HEAD + "function f() {\n    try {\n        new Box();\n    } catch (E $e) {}\n}\n", []),
    ],
)
def test_a_class_that_is_gone(user: str, found: list[str], tmp_path: Path) -> None:
    before = {"src/Box.php": BOX, "src/User.php": user}
    assert broken(tmp_path, before, {"src/Box.php": None}) == found


@pytest.mark.parametrize(
    "after",
    [
        {"src/Box.php": None, "lib/Box.php": BOX},
        {"src/Box.php": None, "composer.json": '{"require": {"app/box": "1"}}'},
        {"src/Box.php": None, "src/Alias.php": HEAD + "class_alias(Bag::class, Box::class);\n"},
    ],
)
def test_a_class_that_may_still_be_there(after: Files, tmp_path: Path) -> None:
    user = after.get("src/Alias.php") or ""
    before = {"src/Box.php": BOX, "src/User.php": HEAD + "$x = new Box();\n" + user[len(HEAD) :]}
    assert broken(tmp_path, before, after) == []


SHAPE = HEAD + "interface Shape\n{\n}\n"
ASKS = SHAPE.replace("{\n", "{\n    public function area(): float;\n")
LACKS = "has no `area`: PHP stops when it loads it"


@pytest.mark.parametrize(
    ("user", "found"),
    [
        ("class Square implements Shape {}\n", [f"src/User.php:4 `Square` {LACKS}"]),
        ("class Square implements Shape { function AREA(): float {} }\n", []),
        ("abstract class Square implements Shape {}\n", []),
        (
            "abstract class Flat implements Shape {}\nclass Square extends Flat {}\n",
            [f"src/User.php:5 `Square` {LACKS}"],
        ),
        ("trait A { function area(): float {} }\nclass Square implements Shape { use A; }\n", []),
        ("class Square extends \\Foreign implements Shape {}\n", []),
        ("interface Round extends Shape {}\n", []),
    ],
)
def test_a_class_that_lacks_a_method_newly_asked_for(
    user: str, found: list[str], tmp_path: Path
) -> None:
    before = {"src/Shape.php": SHAPE, "src/User.php": HEAD + user}
    assert broken(tmp_path, before, {"src/Shape.php": ASKS}) == found


def test_an_abstract_method_is_asked_for_too(tmp_path: Path) -> None:
    base = HEAD + "abstract class Shape\n{\n    function name() {}\n}\n"
    asks = base.replace("function name() {}", "abstract function area(): float;")
    before = {"src/Shape.php": base, "src/User.php": HEAD + "class Square extends Shape {}\n"}
    [finding] = known(tmp_path, before, {"src/Shape.php": asks}).findings
    assert (finding.title, finding.line, finding.body) == (
        "`Shape::area` is newly asked for, 1 place lacks it",
        6,
        "`Shape::area` is asked of every class below `Shape` now, and 1 place lacks it:\n\n"
        f"- `src/User.php:4`: `Square` {LACKS}\n\n"
        "Smallest fix: add `area` there, or give it a body that serves as default.",
    )


def test_a_file_that_is_too_large_now_has_lost_nothing(tmp_path: Path) -> None:
    grown = BOX.replace("class Box", "final class Box") + "// pad\n" * 90_000
    before = {"src/Box.php": BOX, "src/User.php": HEAD + "$x = new Box();\n"}
    assert broken(tmp_path, before, {"src/Box.php": grown}) == []
