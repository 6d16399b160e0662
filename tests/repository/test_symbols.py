"""Which definitions a change touches, told from two texts and git's own diff."""

from __future__ import annotations

from difflib import SequenceMatcher

from bot.domain.diff import DiffLine, FileChange, Hunk
from workers.repository.outlines.walker import parse
from workers.repository.symbols import FileSide, symbol_edits


def _change(before: list[str], after: list[str]) -> FileChange:
    lines: list[DiffLine] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            lines += [DiffLine("-", number + 1, None, before[number]) for number in range(a, b)]
            lines += [DiffLine("+", None, number + 1, after[number]) for number in range(c, d)]
    hunk = Hunk(1, len(before), 1, len(after), "", tuple(lines))
    return FileChange("a.py", "a.py", "modified", hunks=(hunk,))


def edits(before: str, after: str, path: str = "a.py") -> list[tuple[str, str, str]]:
    """(change, name before, name after) of each edit."""
    old, new = before.split("\n"), after.split("\n")
    sides = (
        FileSide(parse(path, before.encode()).outline, tuple(old)),
        FileSide(parse(path, after.encode()).outline, tuple(new)),
    )
    found = symbol_edits(_change(old, new), *sides)
    return [
        (
            edit.change,
            edit.before.name if edit.before else "",
            edit.after.name if edit.after else "",
        )
        for edit in found
    ]


def test_added_and_removed() -> None:
    assert edits("def a():\n    return 1\n", "def b():\n    yield from range(9)\n") == [
        ("added", "", "b"),
        ("removed", "a", ""),
    ]


def test_a_rename_is_known_by_its_body() -> None:
    body = "():\n    x = compute(1)\n    return x + 1\n"
    assert edits("def old" + body, "def new" + body) == [("renamed", "old", "new")]


def test_a_new_parameter_is_a_change_of_signature() -> None:
    assert edits("def a(x):\n    pass\n", "def a(x, y):\n    pass\n") == [("signature", "a", "a")]


def test_reformatting_a_signature_is_none() -> None:
    assert edits("def a(x, y):\n    pass\n", "def a(\n    x,\n    y,\n):\n    pass\n") == [
        ("body", "a", "a")
    ]


def test_the_innermost_definition_takes_the_changed_line() -> None:
    before = (
        "class A:\n    def f(self):\n        def g():\n            return 1\n        return g\n"
    )
    assert edits(before, before.replace("return 1", "return 2")) == [("body", "A.f", "A.f")]


def test_a_constants_value_is_body_not_contract() -> None:
    assert edits("RATE = 1\n", "RATE = 2\n") == [("body", "RATE", "RATE")]


def test_an_overload_more_is_added_beside_the_others() -> None:
    before = "class A { void f(int a) {} }"
    after = "class A { void f(int a) {}\n void f(long a) {} }"
    assert ("added", "", "A.f") in edits(before, after, "A.java")


def test_nothing_changed_is_nothing() -> None:
    assert edits("def a():\n    pass\n", "def a():\n    pass\n") == []
