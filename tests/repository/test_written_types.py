"""The class names in a type as written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.repository.references.written_types import item_types, written_types


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Basket", ("Basket",)),
        ("Basket | None", ("Basket",)),
        ('Optional["shop.Basket"]', ("shop.Basket",)),
        ("Union[Basket, list[Item], None]", ("Basket", "list")),
        ("Annotated[Basket, Depends(make)]", ("Basket",)),
        ("Promise<api.Basket<Item>>", ("api.Basket",)),
        ("(Basket, Item)", ("Basket", "Item")),
        ("?App\\Shop\\Basket", ("App\\Shop\\Basket",)),
        ("&'a mut Box<Basket>", ("Basket",)),
        ("Left & Right", ("Left", "Right")),
        ("Basket[]", ()),
        ("dict[str, Basket]", ("dict",)),
        ("None", ()),
        ("() => Basket", ()),
    ],
)
def test_a_type_names_what_an_instance_of_it_is(written: str, names: tuple[str, ...]) -> None:
    assert written_types(written) == names


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("list[Basket]", ("Basket",)),
        ("Iterable['Basket'] | None", ("Basket",)),
        ("ReadonlyArray<Basket>", ("Basket",)),
        ("Basket[]", ("Basket",)),
        ("[]*Basket", ("Basket",)),
        ("Optional[Sequence[Basket]]", ("Basket",)),
        ("dict[str, Basket]", ()),
        ("Basket", ()),
    ],
)
def test_a_container_names_what_a_loop_gets(written: str, names: tuple[str, ...]) -> None:
    assert item_types(written) == names


@given(st.text(alphabet="Ab[]<>(){},|&?*'\". \\:", max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    assert all(name for name in (*written_types(text), *item_types(text)))
