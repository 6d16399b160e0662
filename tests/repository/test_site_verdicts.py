"""What plain code tells of one use of a changed contract, and what it leaves open."""

from __future__ import annotations

import pytest

from tests.repository.edited import edits
from workers.repository.contracts.site_verdicts import verdict
from workers.repository.graph import ChangedSymbol, Site
from workers.repository.outlines.contracts.calls import read_calls


def judged(before: str, after: str, use: str, path: str = "a.py", tier: str = "T1") -> str:
    """The verdict on the first line of `use`, which calls the one definition that changed."""
    [edit] = edits({path: before}, {path: after})
    name = edit.after.name if edit.after else ""
    symbol = ChangedSymbol(
        path, name, "function", edit.change, None, None, aspects=edit.aspects,
        language=edit.language, contracts=edit.contracts,
    )  # fmt: skip
    site = Site("u", 1, use, "T1" if tier == "T1" else "T2", "", False, 1)
    found = verdict(symbol, site, read_calls(f"u.{path.partition('.')[2]}", use.encode(), [1]))
    return f"{found.status}: {found.why}"


def python(before: str, after: str, use: str) -> str:
    head = "def f({}):\n    return 1\n"
    return judged(head.format(before), head.format(after), use)


@pytest.mark.parametrize(
    ("before", "after", "use", "said"),
    [
        ("a", "a, b=1", "f(1)", "safe: still fits: it passes 1 by place"),
        ("a", "a, b", "f(1, 2)", "safe: adapted: it passes 2 by place"),
        ("a, b=1", "a, b=2", "f(1, b=3)", "safe: still fits: it passes 1 by place, `b` by name"),
        (
            "a, b=1",
            "a, b=2",
            "f(1)",
            "not_inspected: it relies on a default: default of `b` changed from `1` to `2`",
        ),
        ("a, b", "b, a", "f(1, 2)", "not_inspected: what it passes for `a` now fills `b`"),
        ("a", "a, b", "f(1)", "not_inspected: likely broken, not proven: it does not pass `b`"),
        (
            "a",
            "a, b=1",
            "f(*x)",
            "not_inspected: it passes arguments whose number its text does not say",
        ),
        ("a", "a, b=1", "callback(f)", "not_inspected: it is no call that plain code can read"),
        ("a", "a, b=1", "f(1); f(2)", "not_inspected: it is no call that plain code can read"),
    ],
)
def test_arguments_decide(before: str, after: str, use: str, said: str) -> None:
    assert python(before, after, use) == said


def test_a_dropped_result_does_not_mind_what_it_is() -> None:
    before, after = "def f():\n    return 1\n", "def f():\n    return None\n"
    assert judged(before, after, "f()\n") == "safe: its result is not used"
    assert judged(before, after, "x = f()\n") == (
        "not_inspected: not decided by plain code: may now return None"
    )


def test_an_unpacking_of_the_new_size_is_safe() -> None:
    before, after = "def f():\n    return 1, 2\n", "def f():\n    return 1, 2, 3\n"
    assert judged(before, after, "a, b, c = f()\n") == "safe: it takes 3 values"
    assert judged(before, after, "a, b = f()\n") == (
        "not_inspected: not decided by plain code: returns 3 values, before 2"
    )


def test_one_open_difference_keeps_the_use_open() -> None:
    before = "def f(a):\n    return a\n"
    after = "def f(a, b=1):\n    raise Expired(a)\n"
    assert judged(before, after, "f(1)\n") == (
        "not_inspected: not decided by plain code: now raises `Expired`"
    )


def test_ruby_and_php_refuse_what_does_not_fit() -> None:
    assert judged("def f(a)\n  a\nend\n", "def f(a, b)\n  a\nend\n", "f(1)\n", "a.rb") == (
        "broken: it does not pass `b`"
    )
    php = "<?php function f($a{}) {{ return $a; }}"
    assert judged(php.format(""), php.format(", $b"), "<?php f(1);", "a.php") == (
        "broken: it does not pass `b`"
    )


def test_only_a_resolved_use_is_broken() -> None:
    before, after = "def f(a)\n  a\nend\n", "def f(a, b)\n  a\nend\n"
    assert judged(before, after, "f(1)\n", "a.rb", "T2") == (
        "not_inspected: likely broken, not proven: it does not pass `b`"
    )


def test_javascript_requires_nothing() -> None:
    before, after = "function f(a) { return a }", "function f(a, b) { return a }"
    assert judged(before, after, "f(1)", "a.js") == (
        "not_inspected: it does not pass `b`, which is new"
    )


def test_a_compiler_decides_where_there_is_one() -> None:
    before, after = "package p\nfunc F(a int) {}\n", "package p\nfunc F(a int, b int) {}\n"
    assert judged(before, after, "package p\n", "a.go") == "not_inspected: its compiler decides"
