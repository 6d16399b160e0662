"""Removed methods and inherited calls: which receivers are resolved, and what keeps it silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.projects import known

PACKAGE = {"pkg/__init__.py": ""}
BOX = (
    "class Box:\n    def put(self, a):\n        return a\n\n    def kept(self):\n        return 1\n"
)
EMPTIED = "class Box:\n    def kept(self):\n        return 1\n"
REMOVED = ["`Box.put` is removed but still used in 1 place"]
IMPORT = "from pkg.lib import Box\n\n\n"


def found(folder: Path, library: str, changed: str, user: str) -> list[str]:
    """The titles raised when pkg/lib.py goes from one text to another and user.py stays."""
    before = {**PACKAGE, "pkg/lib.py": library, "user.py": user}
    return [finding.title for finding in known(folder, before, {"pkg/lib.py": changed}).findings]


USES = {
    "constructed in place": "Box().put(1)\n",
    "through the class": "Box.put(Box(), 1)\n",
    "a local made once": "def f():\n    box = Box()\n    return box.put(1)\n",
    "a local of a function around": ("def f():\n    box = Box()\n    return lambda: box.put(1)\n"),
    "an annotated parameter": "def f(box: Box):\n    return box.put(1)\n",
    "an optional parameter": "def f(box: 'Box | None'):\n    return box.put(1)\n",
    "an instance of the module": "box = Box()\nbox.put(1)\n",
    "an attribute that is constructed": (
        "class Shop:\n    def __init__(self):\n        self.box = Box()\n\n"
        "    def f(self):\n        return self.box.put(1)\n"
    ),
    "an attribute from a parameter": (
        "class Shop:\n    def __init__(self, box: Box):\n        self.box = box\n\n"
        "    def f(self):\n        return self.box.put(1)\n"
    ),
    "self in a subclass": "class Own(Box):\n    def f(self):\n        return self.put(1)\n",
    "cls in a subclass": (
        "class Own(Box):\n    @classmethod\n    def f(cls):\n        return cls.put\n"
    ),
    "super in a subclass": "class Own(Box):\n    def put(self):\n        return super().put(1)\n",
    "a subclass of a subclass": "class Own(Box):\n    pass\n\n\nOwn().put(1)\n",
}


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_a_removed_method_is_found_through_a_resolved_receiver(use: str, tmp_path: Path) -> None:
    assert found(tmp_path, BOX, EMPTIED, IMPORT + use) == REMOVED


@pytest.mark.parametrize("mark", ["property", "classmethod", "staticmethod"])
def test_properties_and_class_and_static_methods_count_as_methods(
    mark: str, tmp_path: Path
) -> None:
    library = BOX.replace("    def put", f"    @{mark}\n    def put")
    assert found(tmp_path, library, EMPTIED, IMPORT + "Box().put\n") == REMOVED


SILENT = {
    "an unknown receiver": "def f(box):\n    return box.put(1)\n",
    "assigned twice": "def f():\n    box = Box()\n    box = g()\n    return box.put(1)\n",
    "a wider annotation": "def f(box: 'Box | Bag'):\n    return box.put(1)\n",
    "narrowed": "def f(box: Box):\n    if isinstance(box, Own):\n        return box.put(1)\n",
    "asked for": "def f(box: Box):\n    return hasattr(box, 'put') and box.put(1)\n",
    "caught": "try:\n    Box().put(1)\nexcept AttributeError:\n    pass\n",
    "patched in": "Box.put = len\nBox().put(1)\n",
    "set by name": "setattr(Box, 'put', len)\nBox().put(1)\n",
    "a subclass defines it": (
        "class Own(Box):\n    def put(self, a):\n        return a\n\n\n"
        "def f(box: Box):\n    return box.put(1)\n"
    ),
    "a subclass sets it": (
        "class Own(Box):\n    def __init__(self):\n        self.put = len\n\n\n"
        "def f(box: Box):\n    return box.put(1)\n"
    ),
    "a mixin beside it defines it": (
        "class Puts:\n    def put(self, a):\n        return a\n\n\n"
        "class Own(Box, Puts):\n    pass\n\n\ndef f(box: Box):\n    return box.put(1)\n"
    ),
    "an unresolved base": (
        "import tornado\n\n\nclass Own(Box, tornado.Handler):\n"
        "    def f(self):\n        return self.put(1)\n"
    ),
    "another self": (
        "class Own(Box):\n    def f(self):\n        def g(self):\n            return self.put(1)\n"
        "        return g\n"
    ),
    "a store": "box = Box()\nbox.put = 1\n",
}


@pytest.mark.parametrize("use", SILENT.values(), ids=SILENT.keys())
def test_uses_of_a_removed_method_that_may_still_work(use: str, tmp_path: Path) -> None:
    assert found(tmp_path, BOX, EMPTIED, IMPORT + use) == []


PUT = "    def put(self, a):\n        return a\n"
STILL_THERE = {
    "moved to a base": f"class Base:\n{PUT}\n\nclass Box(Base):\n    pass\n",
    "an unresolved base": "from elsewhere import Base\n\n\nclass Box(Base):\n    pass\n",
    "a metaclass": "class Box(metaclass=Maker):\n    pass\n",
    "a decorator": "@adds_methods\nclass Box:\n    pass\n",
    "__getattr__": "class Box:\n    def __getattr__(self, name):\n        return len\n",
    "an attribute of the class": "class Box:\n    put = len\n",
    "an attribute of the instance": (
        "class Box:\n    def __init__(self, put):\n        self.put = put\n"
    ),
    "under a condition": "class Box:\n    if x:\n        def put(self, a):\n            pass\n",
    "set in a loop": "class Box:\n    for name in NAMES:\n        locals()[name] = len\n",
    "a protocol": "from typing import Protocol\n\n\nclass Box(Protocol):\n    pass\n",
}


@pytest.mark.parametrize("changed", STILL_THERE.values(), ids=STILL_THERE.keys())
def test_a_class_that_may_still_have_the_method(changed: str, tmp_path: Path) -> None:
    assert found(tmp_path, BOX, changed, IMPORT + "Box().put(1)\n") == []


def test_plain_bases_and_dataclasses_are_read_as_they_are(tmp_path: Path) -> None:
    head = "from abc import ABC\nfrom dataclasses import dataclass\n\n\n@dataclass(frozen=True)\n"
    library, changed = (head + text.replace("Box:", "Box(ABC):") for text in (BOX, EMPTIED))
    assert found(tmp_path, library, changed, IMPORT + "Box().put(1)\n") == REMOVED


def test_a_method_that_was_never_this_classes_own_is_not_its_removal(tmp_path: Path) -> None:
    user = IMPORT + "class Bag:\n    pass\n\n\nBag().put(1)\n"
    assert found(tmp_path, BOX, EMPTIED, user) == []


def test_the_body_names_the_class_at_each_place(tmp_path: Path) -> None:
    before = {**PACKAGE, "pkg/lib.py": BOX, "user.py": IMPORT + "Box().put(1)\n"}
    [finding] = known(tmp_path, before, {"pkg/lib.py": EMPTIED}).findings
    assert finding.body == (
        "This change takes `Box.put` away from `pkg/lib.py`, but it is still used in 1 place:\n\n"
        "- `user.py:4`: `AttributeError`, `Box` has no `put` any more\n\n"
        "Each of these fails as soon as the line runs. "
        "Smallest fix: change these lines, or keep the name `Box.put` as an alias."
    )
    assert (finding.severity, finding.line, finding.side, finding.kind) == (
        "P1",
        2,
        "LEFT",
        "removed_name",
    )


SIGNED = "class Box:\n    {0}def put({1}a{2}):\n        return a\n"
CALLS = {
    "self in a subclass": (
        "",
        "self, ",
        "class Own(Box):\n    def f(self):\n        self.put(1)\n",
    ),
    "super": ("", "self, ", "class Own(Box):\n    def put(self):\n        super().put(1)\n"),
    "static through the class": ("@staticmethod\n    ", "", "Box.put(1)\n"),
    "static through an instance": ("@staticmethod\n    ", "", "Box().put(1)\n"),
    "class method of a subclass": (
        "@classmethod\n    ",
        "cls, ",
        "class Own(Box):\n    pass\n\n\nOwn.put(1)\n",
    ),
}


@pytest.mark.parametrize(("mark", "first", "user"), CALLS.values(), ids=CALLS.keys())
def test_a_changed_method_is_followed_to_calls_that_inherit_it(
    mark: str, first: str, user: str, tmp_path: Path
) -> None:
    library, changed = (SIGNED.format(mark, first, more) for more in ("", ", b"))
    assert found(tmp_path, library, changed, IMPORT + user) == [
        "`Box.put` changed its parameters, 1 place still calls it the old way"
    ]


MADE = "class Box:\n    def __init__(self, a{0}):\n        self.a = a\n"


@pytest.mark.parametrize(
    ("subclass", "raised"),
    [
        ("class Own(Box):\n    pass\n", True),
        ("class Own(Box):\n    def __init__(self, a):\n        self.a = a\n", False),
        ("class Own(Box, metaclass=Maker):\n    pass\n", False),
        ("class Own(Box):\n    def __new__(cls, a):\n        return super().__new__(cls)\n", False),
    ],
)
def test_a_changed_constructor_is_followed_to_subclasses_that_inherit_it(
    subclass: str, raised: bool, tmp_path: Path
) -> None:
    user = f"{IMPORT}{subclass}\n\nOwn(1)\n"
    assert bool(found(tmp_path, MADE.format(""), MADE.format(", b"), user)) is raised
