"""Ruby: classes and modules that are gone from their namespace."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.projects import Files, known

BEFORE = "module Shop\n  class Basket\n  end\n\n  class Till\n  end\nend\n"
AFTER = "module Shop\n  class Till\n  end\nend\n"
WHY = "it names `Shop::Basket`, which is gone"


def broken(folder: Path, user: str, after: Files) -> list[str]:
    """`path:line why` of each broken place."""
    before = {"lib/shop.rb": BEFORE, "lib/user.rb": user}
    return [
        f"{site.path}:{site.line} {site.why}"
        for entry in known(folder, before, after).ledger
        for site in entry.sites
        if site.status == "broken"
    ]


@pytest.mark.parametrize(
    ("user", "lines"),
    [
        ("Shop::Basket.new\n", [1]),
        ("x = ::Shop::Basket\n", [1]),
        ("module Shop\n  class Big < Basket\n  end\nend\n", [2]),
        ("module Shop\n  def self.go\n    Basket.new\n  end\nend\n", [3]),
        ("Basket.new\n", []),
        ("Other::Basket.new\n", []),
        ("# Shop::Basket\nx = 'Shop::Basket'\n", []),
        ("x = Shop::Basket if defined?(Shop::Basket)\n", []),
        ("def go\n  Shop::Basket.new\nrescue NameError\nend\n", []),
        ("Shop::Basket.new\nBasket = Struct.new(:a)\n", []),
        ("Shop::Basket.new\nautoload :Basket, 'shop/basket'\n", []),
        ("Shop::Basket.new\nShop.const_set('Basket', 1)\n", []),
    ],
)
def test_a_constant_that_is_gone(user: str, lines: list[int], tmp_path: Path) -> None:
    found = broken(tmp_path, user, {"lib/shop.rb": AFTER})
    assert found == [f"lib/user.rb:{line} {WHY}" for line in lines]


def test_a_namespace_of_a_gem_that_a_test_reopened_is_not_ours(tmp_path: Path) -> None:
    dsl = "module Minitest::Spec::DSL\n  def go; end\nend\n"
    before = {"test/a_spec.rb": dsl, "test/b_spec.rb": "x = Minitest::Spec::DSL\n"}
    assert known(tmp_path, before, {"test/a_spec.rb": None}).findings == ()


@pytest.mark.parametrize(
    "after",
    [
        {"lib/shop.rb": AFTER, "lib/basket.rb": "class Shop::Basket\nend\n"},
        {"lib/shop.rb": AFTER, "Gemfile": "gem 'shop-basket'\n"},
    ],
)
def test_a_constant_that_may_still_be_there(after: Files, tmp_path: Path) -> None:
    assert broken(tmp_path, "Shop::Basket.new\n", after) == []


def test_a_file_that_is_too_large_now_has_lost_nothing(tmp_path: Path) -> None:
    grown = BEFORE.replace("Till", "Tills") + "# pad\n" * 110_000
    assert broken(tmp_path, "Shop::Basket.new\n", {"lib/shop.rb": grown}) == []
