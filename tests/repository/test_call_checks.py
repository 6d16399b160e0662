"""Checks on calls and classes: missing `await`, tuples of another length, abstract methods."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from bot.domain.finding import Fate
from tests.repository.projects import known
from workers.repository.index.parsers import renew_shared_parsers, shared_parsers

PACKAGE = {"pkg/__init__.py": ""}


def found(folder: Path, library: str, changed: str, user: str) -> list[str]:
    """`path:line why` of each broken place when pkg/lib.py goes from one text to another."""
    before = {**PACKAGE, "pkg/lib.py": library, "user.py": user}
    knowledge = known(folder, before, {"pkg/lib.py": changed})
    return [
        f"{site.path}:{site.line} {site.why}"
        for entry in knowledge.ledger
        for site in entry.sites
        if site.status == "broken"
    ]


PLAIN = "def load(name):\n    return [name]\n"
ASYNC = "async " + PLAIN
IMPORT = "from pkg.lib import load\n"

TAKEN_AT_ONCE = {
    "load(1)\n": "the call is not awaited, so its body never runs",
    "x = load(1)[0]\n": "it takes an item of an async result",
    "load(1).append(2)\n": "it takes `.append` of a coroutine",
    "assert load(1) == [1]\n": "it compares a coroutine",
    "if not load(1): pass\n": "a coroutine is always true",
    "if load(1): pass\n": "a coroutine is always true",
    "for x in load(1): pass\n": "only `async for` can read an async result",
    "x = [y for y in load(1)]\n": "only `async for` can read an async result",
    "a, b = load(1)\n": "it unpacks an async result",
    "x = len(load(1))\n": "`len()` cannot read an async result",
    "x = f'{load(1)}'\n": "it formats a coroutine",
    "x = load(1) + [2]\n": "it calculates with a coroutine",
    "with load(1): pass\n": "a coroutine is no context manager",
}


@pytest.mark.parametrize(("use", "why"), TAKEN_AT_ONCE.items(), ids=TAKEN_AT_ONCE.keys())
def test_a_call_that_takes_the_result_at_once_is_found(use: str, why: str, tmp_path: Path) -> None:
    assert found(tmp_path, PLAIN, ASYNC, IMPORT + use) == [f"user.py:2 {why}"]


@pytest.mark.parametrize(
    "use",
    [
        "async def f():\n    return await load(1)\n",
        "async def f():\n    x = load(1)\n    return await x\n",
        "import asyncio\nasyncio.run(load(1))\n",
        "def f():\n    return load(1)\n",
        "tasks = [load(1), load(2)]\n",
        "import pytest\nwith pytest.raises(TypeError):\n    load(1)[0]\n",
        "def f(load):\n    load(1)\n",
    ],
)
def test_a_coroutine_that_may_be_awaited_is_left_alone(use: str, tmp_path: Path) -> None:
    assert found(tmp_path, PLAIN, ASYNC, IMPORT + use) == []


@pytest.mark.parametrize(
    ("library", "changed"),
    [
        ("@cache\n" + PLAIN, "@cache\n" + ASYNC),
        ("def load(name) -> 'Awaitable[int]':\n    return name\n", ASYNC),
        (ASYNC, ASYNC.replace("[name]", "[name, name]")),
    ],
)
def test_what_callers_awaited_already_is_no_change(
    library: str, changed: str, tmp_path: Path
) -> None:
    assert found(tmp_path, library, changed, IMPORT + "load(1)\n") == []


def test_a_generator_that_became_async_fails_in_a_plain_loop_only(tmp_path: Path) -> None:
    rows = "def load(name):\n    yield name\n"
    user = (
        IMPORT + "load(1)\nfor x in load(1): pass\nx = list(load(1))\n"
        "async def f():\n    async for x in load(1): pass\n    [x async for x in load(1)]\n"
    )
    assert found(tmp_path, rows, "async " + rows, user) == [
        "user.py:3 only `async for` can read an async result",
        "user.py:4 `list()` cannot read an async result",
    ]


def test_a_method_that_became_async_is_followed_to_a_typed_receiver(tmp_path: Path) -> None:
    library = "class Box:\n    {}def put(self, n):\n        return n\n"
    user = "from pkg.lib import Box\n\n\ndef f(box: Box):\n    box.put(1)\n"
    broken = found(tmp_path, library.format(""), library.format("async "), user)
    assert broken == ["user.py:5 the call is not awaited, so its body never runs"]


def test_the_finding_is_listed_until_its_check_is_measured(tmp_path: Path) -> None:
    before = {**PACKAGE, "pkg/lib.py": PLAIN, "user.py": IMPORT + "load(1)\n"}
    [finding] = known(tmp_path, before, {"pkg/lib.py": ASYNC}).findings
    assert (finding.title, finding.fate, finding.line) == (
        "`load` became async, 1 place still uses it as a plain function",
        Fate.LISTED,
        1,
    )
    assert finding.body == (
        "`load` is now `async`: a call gives a coroutine. These use the result at once:\n\n"
        "- `user.py:2`: the call is not awaited, so its body never runs\n\n"
        "Smallest fix: `await` these calls, or keep a synchronous version for them."
    )


PAIR = "def split(x):\n    if x:\n        return 1, 2\n    return 3, 4\n"
TRIPLE = "def split(x):\n    if x:\n        return 1, 2, 5\n    return 3, 4, 5\n"


@pytest.mark.parametrize(
    ("library", "changed", "use", "broken"),
    [
        (PAIR, TRIPLE, "a, b = split(1)", ["user.py:2 it unpacks 2 values, 3 come"]),
        (TRIPLE, PAIR, "[a, b, c] = split(1)", ["user.py:2 it unpacks 3 values, 2 come"]),
        (PAIR, TRIPLE, "a, *b = split(1)", []),
        (PAIR, TRIPLE, "a, b, c = split(1)", []),
        (PAIR, TRIPLE, "a = split(1)", []),
        (PAIR, TRIPLE, "a, b = g(split(1))", []),
        (PAIR, TRIPLE, "try:\n    a, b = split(1)\nexcept ValueError: pass", []),
        (PAIR, TRIPLE.replace("3, 4, 5", "x"), "a, b = split(1)", []),
        (PAIR, "def split(x):\n    if x:\n        return 1, 2, 5\n", "a, b = split(1)", []),
        (PAIR, TRIPLE.replace("return", "yield"), "a, b = split(1)", []),
        (PAIR, TRIPLE.replace("1, 2, 5", "1, *x"), "a, b = split(1)", []),
    ],
)
def test_unpacking_a_tuple_of_another_length(
    library: str, changed: str, use: str, broken: list[str], tmp_path: Path
) -> None:
    assert found(tmp_path, library, changed, f"from pkg.lib import split\n{use}\n") == broken


def test_an_awaited_tuple_is_unpacked_too(tmp_path: Path) -> None:
    user = "from pkg.lib import split\n\n\nasync def f():\n    a, b = await split(1)\n"
    broken = found(tmp_path, "async " + PAIR, "async " + TRIPLE, user)
    assert broken == ["user.py:5 it unpacks 2 values, 3 come"]


BASE = "from abc import ABC, abstractmethod\n\n\nclass Shape(ABC):\n    pass\n"
ASKED = BASE.replace("    pass\n", "    @abstractmethod\n    def area(self): ...\n")
LACKS = "`Square` has no `area`: making one raises `TypeError`"


@pytest.mark.parametrize(
    ("user", "broken"),
    [
        ("class Square(Shape):\n    pass\n", [f"user.py:2 {LACKS}"]),
        ("class Flat(Shape):\n    pass\nclass Square(Flat):\n    pass\n", [f"user.py:4 {LACKS}"]),
        ("class Square(Shape):\n    def area(self): return 1\n", []),
        ("class Square(Shape):\n    area = 3\n", []),
        ("class BaseSquare(Shape):\n    pass\n", []),
        ("import abc\nclass Square(Shape, abc.ABC):\n    pass\n", []),
        ("from elsewhere import Mixin\nclass Square(Mixin, Shape):\n    pass\n", []),
        ("@register\nclass Square(Shape):\n    pass\n", []),
    ],
)
def test_a_class_that_lacks_a_new_abstract_method(
    user: str, broken: list[str], tmp_path: Path
) -> None:
    assert found(tmp_path, BASE, ASKED, "from pkg.lib import Shape\n" + user) == broken


@pytest.mark.parametrize(
    ("library", "changed"),
    [
        (BASE.replace("(ABC)", ""), ASKED.replace("(ABC)", "")),
        (BASE, ASKED.replace("    @abstractmethod\n", "")),
        (ASKED, ASKED.replace("): ...", ", unit='m'): ...")),
    ],
)
def test_what_python_does_not_enforce_or_asked_before_is_silent(
    library: str, changed: str, tmp_path: Path
) -> None:
    user = "from pkg.lib import Shape\nclass Square(Shape):\n    pass\n"
    assert found(tmp_path, library, changed, user) == []


def test_an_explicit_subclass_of_a_protocol_is_held_to_it_too(tmp_path: Path) -> None:
    library = "from typing import Protocol\nfrom abc import abstractmethod\nclass P(Protocol):\n"
    changed = library + "    @abstractmethod\n    def area(self): ...\n"
    user = "from pkg.lib import P\nclass Square(P):\n    pass\n"
    assert found(tmp_path, library + "    pass\n", changed, user) == [f"user.py:2 {LACKS}"]


def test_the_ledger_takes_a_checks_own_word_where_no_outline_tells(tmp_path: Path) -> None:
    """The outline's parser dies; the check reads the file with Python's own."""
    before = {**PACKAGE, "pkg/lib.py": PLAIN, "user.py": IMPORT + "load(1)\n"}
    renew_shared_parsers()
    shared_parsers().get_ready()
    for pid in shared_parsers().pids:
        os.kill(pid, signal.SIGKILL)
    knowledge = known(tmp_path, before, {"pkg/lib.py": PLAIN.replace("name)", "name, x)", 1)})
    told = [(entry.symbol, entry.change, len(entry.sites)) for entry in knowledge.ledger]
    assert told == [("load", "changed its parameters", 1)]
