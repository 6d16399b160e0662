"""What crosses between processes and into the index comes back equal, or is refused."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.repository.index.plain_values import Unreadable, deflated, from_json, inflated, to_json
from workers.repository.outline import Import, Outline, OutlinedDefinition, Use
from workers.repository.parsed import Parsed

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
    assert from_json(Outline, to_json(outline)) == outline


SOURCE = "run = x.run(a.b)\r\né_1 ßtotal? $x @x\n\n\tlast last\xff".encode("latin-1")
NAMES = st.sampled_from(["run", "x", "a", "b", "last", "$x", "@x", "total?", "é_1", "gone", ""])
LINES = st.integers(1, 6)


@given(
    st.lists(
        st.builds(Use, WORDS, WORDS, NUMBERS, st.booleans())
        | st.builds(Use, NAMES, WORDS, LINES, st.booleans())
    ),
    st.sampled_from([SOURCE, SOURCE.decode("latin-1").encode(), b""]),
)
def test_every_use_comes_back_in_order(uses: list[Use], source: bytes) -> None:
    parsed = Parsed.unpack(Parsed.of(Outline("go"), uses, source).pack(), source)
    everything = {use.name for use in uses}, {use.line for use in uses}
    assert (parsed.outline, parsed.uses(*everything)) == (Outline("go"), tuple(uses))


def test_names_that_stand_in_the_text_are_not_written_out() -> None:
    uses = [Use(f"{word}_{n}", "", n, False) for n in range(1, 200) for word in ("order", "price")]
    source = "\n".join(f"order_{n} + price_{n}" for n in range(1, 200)).encode()

    with_text, without = (len(Parsed.of(Outline(), uses, text).pack()) for text in (source, b""))

    assert with_text < without / 5


@dataclass(frozen=True)
class Nested:
    """What engineers may add to an outline."""

    pair: tuple[int, str]
    inner: Outline | None = None


@pytest.mark.parametrize("value", [Nested((1, "a")), Nested((2, ""), Outline("go"))])
def test_nested_values_come_back(value: Nested) -> None:
    assert from_json(Nested, inflated(deflated(to_json(value)))) == value


@pytest.mark.parametrize("text", ["", "rotten", '["too","short"]', '{"a":1}', "[1,2,3,4]"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        from_json(Outline, text)


@pytest.mark.parametrize("data", [b"", b"rotten", deflated("cut off")[:-6], deflated("one line")])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        Parsed.unpack(data, b"")


@pytest.mark.parametrize("value", [{1, 2}, object(), b"bytes"])
def test_what_is_no_plain_value_cannot_be_written(value: object) -> None:
    with pytest.raises(TypeError, match="is no plain value"):
        to_json(value)
