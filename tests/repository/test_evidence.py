"""Facts that plain code sees and a model decides: what is told, and when nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.projects import Files, known


def told(folder: Path, kind: str, before: Files, after: Files) -> list[str]:
    """`text: places` of the facts of one kind."""
    facts = known(folder, before, after).facts
    return [
        f"{fact.text}: {', '.join(map(str, fact.places))}" for fact in facts if fact.kind == kind
    ]


BASE = "class Base:\n    def run(self, a{}):\n        return a\n"


@pytest.mark.parametrize(
    ("child", "places"),
    [
        ("class Child(Base):\n    def run(self, a):\n        return 2\n", ["user.py:2"]),
        ("class Child(Base):\n    def run(self, a, b=1):\n        return 2\n", []),
        ("class Child:\n    def run(self, a):\n        return 2\n", []),
    ],
)
def test_overrides_that_kept_the_old_parameters(
    child: str, places: list[str], tmp_path: Path
) -> None:
    before = {"lib.py": BASE.format(""), "user.py": "from lib import Base\n" + child}
    found = told(tmp_path, "override", before, {"lib.py": BASE.format(", b=1")})
    text = "`Base.run` changed its parameters, and these overrides kept the old ones: "
    assert found == [text + place.replace("2", "3") for place in places]


COLOURS = "from enum import Enum\n\n\nclass Colour(Enum):\n    RED = 1\n    BLUE = 2\n"
TELLS = (
    "from lib import Colour\n\n\ndef f(c):\n    if c is Colour.RED:\n        return 1\n"
    "    if c is Colour.BLUE:\n        return 2\n"
)


@pytest.mark.parametrize(
    ("user", "places"),
    [
        (TELLS, ["user.py:5"]),
        (TELLS + "    return Colour.GREEN\n", []),
        ("from lib import Colour\nx = Colour.RED\n", []),
    ],
)
def test_a_new_member_and_the_places_that_tell_others_apart(
    user: str, places: list[str], tmp_path: Path
) -> None:
    before = {"lib.py": COLOURS, "user.py": user, "tests/test_lib.py": TELLS}
    found = told(tmp_path, "enum_member", before, {"lib.py": COLOURS + "    GREEN = 3\n"})
    text = "`Colour` gained `GREEN`; these places tell its other members apart: "
    assert found == [text + place for place in places]


ENUMS = {
    "a.ts": ("enum C { A, B }\n", "B }", "B, D }"),
    "b.ts": ("export enum C {\n  A = 'a',\n  B = 'b',\n}\n", "'b',\n", "'b',\n  D = 'd',\n"),
    "A.java": ("enum C {\n  A(1),\n  B(2);\n  int x;\n}\n", "B(2);", "B(2),\n  D(3);"),
    "a.rs": ("pub enum C {\n    A,\n    B(u8),\n}\n", "B(u8),\n", "B(u8),\n    D,\n"),
    "a.php": (
        "enum C: string {\n case A = 'a';\n case B = 'b';\n}\n",
        "\n}",
        "\n case D = 'd';\n}",
    ),
}


@pytest.mark.parametrize("path", ENUMS)
def test_enums_of_other_languages(path: str, tmp_path: Path) -> None:
    enum, old, new = ENUMS[path]
    dot = "::" if path in ("a.rs", "a.php") else "."
    user = f"use.{path.rpartition('.')[2]}"
    before = {path: enum, user: f"C{dot}A\nC{dot}B\n"}
    text = "`C` gained `D`; these places tell its other members apart: "
    found = told(tmp_path, "enum_member", before, {path: enum.replace(old, new)})
    assert found == [f"{text}{user}:1"]


LOAD = "def load(x):\n    {}return x\n"
RAISES = LOAD.format("if x: raise Expired(x)\n    ")


@pytest.mark.parametrize(
    ("caught", "places"),
    [("ValueError", ["user.py:3"]), ("Expired", []), ("Exception", []), ("(OSError, Expired)", [])],
)
def test_a_new_error_that_a_caller_does_not_catch(
    caught: str, places: list[str], tmp_path: Path
) -> None:
    user = f"from lib import load\ntry:\n    load(1)\nexcept {caught}:\n    pass\n"
    found = told(
        tmp_path, "raised", {"lib.py": LOAD.format(""), "user.py": user}, {"lib.py": RAISES}
    )
    text = "`load` now raises `Expired`, and these calls stand in a `try` for other errors: "
    assert found == [text + place for place in places]


SAMPLE = "SHOP_MODE=test\n"


@pytest.mark.parametrize(
    ("code", "sample", "places"),
    [
        ('import os\nx = os.environ["SHOP_KEY"]\n', SAMPLE, ["app.py:2"]),
        ('import os\nx = os.getenv("SHOP_KEY", "")\n', SAMPLE, []),
        ('import os\nx = os.environ["SHOP_KEY"]\n', SAMPLE + "SHOP_KEY=\n", []),
        ('import os\nx = os.environ["SHOP_OLD"]\ny = 1\n', SAMPLE, []),
    ],
)
def test_a_new_variable_that_no_sample_lists(
    code: str, sample: str, places: list[str], tmp_path: Path
) -> None:
    before = {"app.py": 'import os\nz = os.environ["SHOP_OLD"]\n', ".env.example": SAMPLE}
    found = told(tmp_path, "new_setting", before, {"app.py": code, ".env.example": sample})
    text = "`SHOP_KEY` is newly read without a default, and no sample or manifest lists it: "
    assert found == [text + place for place in places]


DJANGO = "class Order(models.Model):\n    total = models.IntegerField()\n"
ALCHEMY = "class Order(Base):\n    id = mapped_column(Integer)\n"
MIGRATIONS = {"shop/migrations/0001_initial.py": "x\n", "alembic/versions/1a2b.py": "x\n"}


@pytest.mark.parametrize(
    ("path", "model", "column", "name"),
    [
        ("shop/models.py", DJANGO, "    note = models.TextField()\n", "Django"),
        ("shop/tables.py", ALCHEMY, "    note: Mapped[str] = mapped_column(Text)\n", "Alembic"),
    ],
)
def test_a_new_column_without_a_migration(
    path: str, model: str, column: str, name: str, tmp_path: Path
) -> None:
    folders = [tmp_path / name for name in ("none", "brought", "kept_elsewhere")]
    for folder in folders:
        folder.mkdir()
    before = {path: model, **MIGRATIONS}
    text = f"columns of models changed in {path}, without a {name} migration: {path}:3"
    assert told(folders[0], "migration", before, {path: model + column}) == [text]
    migration = {"shop/migrations/0002_note.py": "y\n", "alembic/versions/3c.py": "y\n"}
    assert told(folders[1], "migration", before, {path: model + column, **migration}) == []
    assert told(folders[2], "migration", {path: model}, {path: model + column}) == []


@pytest.mark.parametrize(
    ("user", "places"),
    [
        ("if str(e) == 'not found here': pass\n", ["user.py:1"]),
        ("# not found here\n", []),
        ("x = 'it was not found here'\n", []),
    ],
)
def test_a_changed_text_that_stands_elsewhere(user: str, places: list[str], tmp_path: Path) -> None:
    before = {"lib.py": "def f():\n    raise E('not found here')\n", "user.py": user}
    found = told(
        tmp_path, "old_literal", before, {"lib.py": "def f():\n    raise E('missing one')\n"}
    )
    text = 'the text "not found here" was changed in lib.py, and is still written here: '
    assert found == [text + place for place in places]


@pytest.mark.parametrize(
    ("path", "key", "code", "places"),
    [
        ("config/app.yml", "max_retries: 3\n", 'x = config["max_retries"]\n', []),
        ("config.yml", "max_retries: 3\n", 'x = config["max_retries"]\n', ["app.py:1"]),
        ("settings.toml", "max_retries = 3\n", "x = config.get('max_retries')\n", ["app.py:1"]),
        ("config.yml", "max_retries: 3\n", "max_retries = 1\n", []),
        ("config.yml", "retries: 3\n", 'x = config["retries"]\n', []),
    ],
)
def test_a_configuration_key_that_code_still_names(
    path: str, key: str, code: str, places: list[str], tmp_path: Path
) -> None:
    before = {path: f"name: shop\n{key}", "app.py": code}
    found = told(tmp_path, "config_key", before, {path: "name: shop\n"})
    text = f"`max_retries` is no longer set in {path}, and code still names it: "
    assert found == [text + place for place in places]


def test_a_properties_key_is_named_by_its_placeholder(tmp_path: Path) -> None:
    before = {
        "application.properties": "mail.host=x\n",
        "Mail.java": '@Value("${mail.host:none}") String host;\n',
    }
    found = told(tmp_path, "config_key", before, {"application.properties": "mail.port=1\n"})
    text = "`mail.host` is no longer set in application.properties, and code still names it: "
    assert found == [f"{text}Mail.java:1"]
