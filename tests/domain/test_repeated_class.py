"""When a kind of defect is worth a guideline, and for which folder."""

from __future__ import annotations

from bot.domain.finding import Category
from bot.domain.repeated_class import Confirmed, DefectClass, Proposal, repeated

CORRECTNESS, SECURITY = Category.CORRECTNESS, Category.SECURITY


def confirmed(
    number: int, path: str, kind: str = "missing-case", category: Category = CORRECTNESS
) -> Confirmed:
    return Confirmed(number, path, category, kind, f"found in #{number}")


def test_three_pull_requests_make_a_class_two_do_not() -> None:
    two = [confirmed(1, "shop/cart.py"), confirmed(2, "shop/till.py")]
    assert repeated(two) is None
    assert repeated([*two, confirmed(5, "shop/cart.py")]) == Proposal(
        CORRECTNESS,
        "missing-case",
        "shop",
        (1, 2, 5),
        ("found in #1", "found in #2", "found in #5"),
    )


def test_three_findings_of_one_pull_request_are_one() -> None:
    assert repeated([confirmed(1, f"shop/{name}.py") for name in "abc"]) is None


def test_the_deepest_folder_that_holds_enough_is_named() -> None:
    spread = [confirmed(1, "shop/db/a.py"), confirmed(2, "shop/b.py"), confirmed(3, "lib/c.py")]
    found = repeated(spread)
    assert found is not None
    assert (found.folder, found.pulls) == ("", (1, 2, 3))

    deep = [*spread, confirmed(4, "shop/db/x/d.py"), confirmed(5, "shop/db/e.py")]
    found = repeated(deep)
    assert found is not None
    assert (found.folder, found.pulls) == ("shop/db", (1, 4, 5))


def test_other_categories_and_kinds_are_other_classes() -> None:
    mixed = [
        confirmed(1, "a.py"),
        confirmed(2, "a.py"),
        confirmed(3, "a.py", category=SECURITY),
        confirmed(4, "a.py", kind="race"),
    ]
    assert repeated(mixed) is None


def test_kinds_that_no_guideline_could_name_are_none() -> None:
    for kind in ("", "other", "broken-promise"):
        assert repeated([confirmed(number, "a.py", kind) for number in range(5)]) is None


def test_the_most_frequent_class_comes_first_and_none_twice() -> None:
    often = [confirmed(number, "a.py", "race") for number in range(1, 5)]
    rare = [confirmed(number, "a.py") for number in range(1, 4)]
    first = repeated([*rare, *often])
    assert first is not None
    assert first.kind == "race"
    second = repeated([*rare, *often], {first.about})
    assert second is not None
    assert second.kind == "missing-case"
    both = {DefectClass(CORRECTNESS, "race"), DefectClass(CORRECTNESS, "missing-case")}
    assert repeated([*rare, *often], both) is None


def test_only_the_newest_pull_requests_are_named() -> None:
    found = repeated([confirmed(number, "a.py") for number in range(1, 10)])
    assert found is not None
    assert found.pulls == (5, 6, 7, 8, 9)
