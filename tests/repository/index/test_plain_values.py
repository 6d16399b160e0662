"""What crosses between processes and into the index comes back equal, or is refused."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.repository.index.plain_values import Unreadable, packed, unpacked
from workers.repository.outline import Import, Outline, OutlinedDefinition, Use
from workers.repository.parsed import Parsed, pack_uses

WORDS = st.text(max_size=8)
NUMBERS = st.integers(1, 10_000)
DEFINITIONS = st.builds(
    OutlinedDefinition, WORDS, st.just("function"), NUMBERS, NUMBERS, NUMBERS, WORDS
)
IMPORTS = st.builds(Import, WORDS, WORDS, WORDS, NUMBERS, st.booleans())
OUTLINES = st.builds(
    Outline,
    language=WORDS,
    definitions=st.lists(DEFINITIONS).map(tuple),
    imports=st.lists(IMPORTS).map(tuple),
    note=WORDS,
)


@given(OUTLINES)
def test_an_outline_comes_back_equal(outline: Outline) -> None:
    assert unpacked(Outline, packed(outline)) == outline


@given(st.lists(st.builds(Use, WORDS, WORDS, NUMBERS, st.booleans())))
def test_every_use_comes_back_in_order(uses: list[Use]) -> None:
    parsed = Parsed(Outline(), pack_uses(uses))
    everything = {use.name for use in uses}, {use.line for use in uses}
    assert parsed.uses(*everything) == tuple(uses)


@dataclass(frozen=True)
class Nested:
    """What engineers may add to an outline."""

    pair: tuple[int, str]
    inner: Outline | None = None


@pytest.mark.parametrize("value", [Nested((1, "a")), Nested((2, ""), Outline("go"))])
def test_nested_values_come_back(value: Nested) -> None:
    assert unpacked(Nested, packed(value)) == value


@pytest.mark.parametrize(
    "data", [b"", b"rotten", packed(Outline())[:-6], packed(["too", "short"]), packed({"a": 1})]
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        unpacked(Outline, data)


@pytest.mark.parametrize("value", [{1, 2}, object(), b"bytes"])
def test_what_is_no_plain_value_cannot_be_packed(value: object) -> None:
    with pytest.raises(TypeError, match="is no plain value"):
        packed(value)
