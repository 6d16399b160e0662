"""What holds for every change: layout is none, a rename has two directions, no line is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.repository.edited import edits, lines
from workers.repository.outlines.walker import parse

NAMES = st.sampled_from(["load", "store", "merge", "total", "check"])
EXPRESSIONS = st.sampled_from(["1", "call(a, b)", "[a, b]", "a + b", '{"k": a}', "a if b else 1"])
STATEMENTS = st.sampled_from(["x = {}", "step({}, n)", "return {}", "if {}:\n    again(n)"])


@st.composite
def functions(draw: st.DrawFn) -> str:
    """A Python function of a few statements."""
    body: list[str] = []
    for statement in draw(st.lists(STATEMENTS, min_size=1, max_size=5)):
        body += statement.format(draw(EXPRESSIONS)).split("\n")
    parameters = draw(st.lists(st.sampled_from(["a", "b=1", "*, n"]), unique=True, max_size=3))
    head = ", ".join(sorted(parameters, key=["a", "b=1", "*, n"].index))
    return f"def {draw(NAMES)}({head}):\n" + "".join(f"    {line}\n" for line in body)


MODULES = st.lists(functions(), min_size=1, max_size=4).map("\n".join)


@st.composite
def laid_out(draw: st.DrawFn, text: str) -> str:
    """The same code with other line breaks, comments, quotes and trailing commas."""
    text = text.replace(
        "(a, b)", draw(st.sampled_from(["(a, b)", "(\n        a,\n        b,\n    )"]))
    )
    text = text.replace('"k"', draw(st.sampled_from(['"k"', "'k'"])))
    text = text.replace("return a + b", draw(st.sampled_from(["return a + b", "return (a + b)"])))
    comment = draw(st.sampled_from(["", "  # why", " "]))
    rows = [row + comment if row and not row.endswith("\\") else row for row in text.split("\n")]
    return ("\n" * draw(st.integers(1, 3))).join(rows) if draw(st.booleans()) else "\n".join(rows)


@given(st.data(), MODULES)
def test_layout_is_never_a_change(data: st.DataObject, module: str) -> None:
    other = data.draw(laid_out(module))
    assert lines(module, other) == [], other


@given(MODULES)
def test_a_rename_there_and_back_is_the_same_pair(module: str) -> None:
    renamed = module.replace("def load", "def fetch").replace("def merge", "def join")
    there = edits({"a.py": module}, {"a.py": renamed})
    back = edits({"a.py": renamed}, {"a.py": module})
    pairs = {(e.before.name, e.after.name) for e in there if e.before and e.after}
    assert {(e.after.name, e.before.name) for e in back if e.before and e.after} == pairs


@given(MODULES, MODULES)
def test_every_definition_that_differs_is_in_some_edit(before: str, after: str) -> None:
    found = edits({"a.py": before}, {"a.py": after})
    told = {(e.after.line, e.after.end_line) for e in found if e.after}
    kept = {
        _text(before, entry.line, entry.end_line)
        for entry in parse("a.py", before.encode()).outline.definitions
    }
    for entry in parse("a.py", after.encode()).outline.definitions:
        if _text(after, entry.line, entry.end_line) not in kept:
            assert (entry.line, entry.end_line) in told


def _text(module: str, line: int, end_line: int) -> str:
    return "\n".join(module.split("\n")[line - 1 : end_line])
