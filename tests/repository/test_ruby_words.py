"""What a word of Ruby means by how it is written; only what is sure is tied to a definition."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.projects import known, told
from workers.repository.references.ruby_words import binding_lines, names_scope


@pytest.mark.parametrize(
    ("line", "binds"),
    [
        ("req = make(1)", True),
        ("req ||= make(1)", True),
        ("req, env = pair", True),
        ("list.each do |name, req|", True),
        ("rescue Failed => req", True),
        ("for req in list", True),
        ("def run(env, req = nil)", True),
        ("->(req) { req.go }", True),
        ("req == other", False),
        ("req.env = other", False),
        ("self.req = other", False),
        ("@req = other", False),
        ("make(req: 1)", False),
        ("request = other", False),
        ("req(1)", False),
        ("puts req", False),
    ],
)
def test_a_line_that_may_give_a_variable_a_value(line: str, binds: bool) -> None:
    assert bool(list(binding_lines([line], "req"))) is binds


@pytest.mark.parametrize("sign", ["-> ", "def ", "req,"])
def test_a_long_line_that_binds_nothing_ends(sign: str) -> None:
    """Of a stranger's file: without a bound each of these takes minutes."""
    assert list(binding_lines([sign * 60_000 + "req?"], "req")) == []


@pytest.mark.parametrize(
    ("receiver", "container", "fits"),
    [
        ("Cart", "Shop.Cart", True),
        ("Shop::Cart", "Shop.Cart", True),
        ("::Shop::Cart", "Shop.Cart", True),
        ("::Cart", "Shop.Cart", False),
        ("Liquid", "Shop", False),
        ("::", "", True),
        ("::", "Shop", False),
    ],
)
def test_a_scope_that_resolves_to_nothing(receiver: str, container: str, fits: bool) -> None:
    assert names_scope(receiver, container) is fits


SHOP = """\
module Shop
  VERSION = "VALUE"

  class File
    def POST
      VALUE
    end

    def req(env)
      VALUE
    end

    def whole?
      VALUE
    end

    def use
      req
      whole?
    end

    def variable(list)
      list.each { |req| puts req }
      req = list.first
      req
    end

    def constant
      POST
      ::File.open("x")
    end
  end
end
"""
USER = """\
puts Shop::VERSION
puts Liquid::VERSION
Shop::File.new
::Shop::File.new
::File.new
"""


def test_only_what_is_written_as_one_is_tied_to_a_definition(tmp_path: Path) -> None:
    before = {"lib/shop.rb": SHOP, "lib/user.rb": USER}
    after = {"lib/shop.rb": SHOP.replace("VALUE", "2")}
    assert sorted(told(known(tmp_path, before, after))["sites"]) == [
        "Shop.File.req <- lib/shop.rb:18 T1 reads depth=1 in=Shop.File.use",
        "Shop.File.whole? <- lib/shop.rb:19 T1 calls depth=1 in=Shop.File.use",
        "Shop.VERSION <- lib/user.rb:1 T1 reads depth=1 in=-",
    ]


def test_a_class_is_named_by_its_whole_name_or_from_within(tmp_path: Path) -> None:
    define = "module Shop\n  class File\n    def initialize({})\n    end\n  end\nend\n"
    before = {"lib/shop.rb": define.format(""), "lib/user.rb": USER}
    after = {"lib/shop.rb": define.format("name")}
    assert told(known(tmp_path, before, after))["sites"] == [
        "Shop.File.initialize <- lib/user.rb:3 T1 calls depth=1 in=-",
        "Shop.File.initialize <- lib/user.rb:4 T1 calls depth=1 in=-",
    ]
