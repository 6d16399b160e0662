"""A file larger than a prompt is read in parts: nothing is lost, each part fits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workers.context.parts import parts_of
from workers.model.tokens import estimated_tokens

ROWS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from("+- "), st.booleans()), min_size=1, max_size=120
)


def _view(rows: list[tuple[int, str, bool]]) -> str:
    made = ["== a.py (added)"]
    for number, (length, mark, gap) in enumerate(rows, 1):
        old = "     " if mark == "+" else f"{number:>5}"
        new = "     " if mark == "-" else f"{number:>5}"
        made.append("  ..." if gap else f"{old} {new} {mark} {'x' * length}")
    return "\n".join(made)


@given(rows=ROWS, room=st.integers(60, 400))
def test_all_rows_in_their_order_and_each_part_within_the_room(
    rows: list[tuple[int, str, bool]], room: int
) -> None:
    view = _view(rows)
    parts = parts_of("a.py", view, room)
    together = [row for part in parts for row in part.text.split("\n")[1:]]
    assert together == view.split("\n")[1:]
    assert all(part.tokens <= room for part in parts)
    assert all(part.whole for part in parts) == (estimated_tokens(view) <= room)


def test_it_is_cut_between_definitions_and_each_part_says_what_it_is() -> None:
    rows = []
    for number in range(1, 61):
        text = "" if number % 10 == 0 else f"    step_{number}()"
        rows.append(f"      {number:>5} + {text}")
    parts = parts_of("a.py", "\n".join(("== a.py (added)", *rows)), 260)
    assert [(part.text.split("\n")[0], part.first, part.last) for part in parts] == [
        ("== a.py (added) part 1 of 3", 1, 20),
        ("== a.py (added) part 2 of 3", 21, 40),
        ("== a.py (added) part 3 of 3", 41, 60),
    ]


def test_one_line_that_is_larger_than_a_prompt_is_cut_and_says_so() -> None:
    view = "== a.min.js (added)\n          1 + " + "x" * 10_000
    (part,) = parts_of("a.min.js", view, 200)
    assert part.text.endswith("xxx [line cut: 10014 characters]")
    assert part.tokens <= 200
