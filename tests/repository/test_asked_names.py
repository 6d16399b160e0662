"""What a model may ask for as the name of a symbol, and what it then means."""

from __future__ import annotations

import json

import pytest

from bot.domain.conversation import ToolCall
from tests.fakes.code import BASE, HEAD, MemoryCode
from workers.model.tools import Toolbox
from workers.repository.references.asked_name import AskedName, Spelling


@pytest.mark.parametrize(
    ("text", "owners", "simple"),
    [
        ("parse", (), "parse"),
        (" Config.parse() ", ("Config",), "parse"),
        ("app::Config#parse", ("app", "Config"), "parse"),
        ("config->parse", ("config",), "parse"),
        ("Request#valid?", ("Request",), "valid?"),
        ("App#call!", ("App",), "call!"),
        ("Basket.total=", ("Basket",), "total="),
        ("Rack::Headers#[]=", ("Rack", "Headers"), "[]="),
        ("Headers.[]", ("Headers",), "[]"),
        ("Version#<=>", ("Version",), "<=>"),
        ("-@", (), "-@"),
        ("!", (), "!"),
        ("Hono.#clone", ("Hono",), "#clone"),
        ("Hono#clone", ("Hono",), "clone"),
        ("#clone", (), "#clone"),
        ("Basket::~Basket", ("Basket",), "~Basket"),
        ("Basket::operator==", ("Basket",), "operator=="),
        ("Pointer::operator->", ("Pointer",), "operator->"),
        ("operator ()", (), "operator ()"),
        ('operator""_km', (), 'operator""_km'),
        ("operator bool", (), "operator bool"),
        ("Certificates.`decodes a key`", ("Certificates",), "`decodes a key`"),
        ("r#async", (), "r#async"),
        ("$basket", (), "$basket"),
        ("@total", (), "@total"),
        ("Box<T>.put", ("Box<T>",), "put"),
    ],
)
def test_a_name_is_read_with_its_owners(text: str, owners: tuple[str, ...], simple: str) -> None:
    assert AskedName.of(text) == AskedName(owners, simple)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a b",
        "foo|bar",
        "foo(1)",
        "a\nb",
        "1",
        "?",
        "def [](key)",
        "x" * 401,
        "a.b\0",
        "``",
    ],
)
def test_other_text_is_no_name(text: str) -> None:
    assert AskedName.of(text) is None


def test_a_refused_name_leads_to_the_search() -> None:
    assert ask({}, "find_definition", "foo|bar") == (
        "'foo|bar' is not the name of a symbol; try `search`."
    )


def test_the_signs_of_a_name_are_left_out_where_nothing_is_called_so() -> None:
    spelt = {text: [each.name for each in AskedName((), text).spellings()] for text in SPELT}
    assert spelt == SPELT


SPELT = {
    "call": ["call"],
    "call!": ["call!", "call"],
    "total=": ["total=", "total"],
    "#clone": ["#clone", "clone"],
    "$basket": ["$basket", "basket"],
    "r#async": ["r#async", "async"],
    "[]=": ["[]="],
    "~Basket": ["~Basket"],
    "operator==": ["operator=="],
}


def test_spaces_of_an_operator_mean_nothing() -> None:
    equal = Spelling("operator==")
    assert equal.is_name_of("operator ==")
    assert equal.is_in("bool operator == (const Basket& other) const;")
    assert not equal.is_name_of("operator=")
    assert not Spelling("operator=").is_in("bool operator==(const Basket& other) const;")
    assert not Spelling("operator new").is_name_of("operatornew")


RUBY = """class Basket
  attr_accessor :owner

  def call!(env)
    valid?(env) || fail
  end

  def valid?(env) = env.any?

  def total=(cents)
    @total = cents
  end

  def total = @total

  def [](at)
    @goods[at]
  end

  def <<(good)
    @goods << good
  end
end
"""
USES = """basket = Basket.new
basket.call!(ENV)
basket.total = 3
basket.total == 3
basket.owner = "Ann"
puts basket[0] if basket.valid?(ENV)
basket << 1
"""
CPP = "struct Basket {\n  bool operator == (const Basket&) const;\n  ~Basket();\n};\n"
PHP = "<?php\nclass Basket { public $goods; }\n"
SHOP: dict[str, str | bytes] = {
    "lib/basket.rb": RUBY, "bin/use.rb": USES, "basket.cpp": CPP, "Basket.php": PHP,
}  # fmt: skip


def ask(files: dict[str, str | bytes], tool: str, name: str) -> str:
    box = Toolbox(MemoryCode(files), BASE, HEAD)
    return box.run(ToolCall("c", tool, json.dumps({"name": name})))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Basket#call!", "lib/basket.rb:4 at head, method Basket.call!:"),
        ("valid?", "lib/basket.rb:8 at head, method Basket.valid?:"),
        ("valid?()", "lib/basket.rb:8 at head, method Basket.valid?:"),
        ("total=", "lib/basket.rb:10 at head, method Basket.total=:"),
        ("owner=", "lib/basket.rb:2 at head, field Basket.owner:"),
        ("[]", "lib/basket.rb:16 at head, method Basket.[]:"),
        ("Basket.<<", "lib/basket.rb:20 at head, method Basket.<<:"),
        ("Basket::operator==", "basket.cpp:2 at head, method Basket.operator ==:"),
        ("~Basket", "basket.cpp:3 at head, method Basket.~Basket:"),
        ("$goods", "Basket.php:2 at head, field Basket.goods:"),
    ],
)
def test_the_definition_of_a_name_with_signs_is_found(name: str, found: str) -> None:
    assert ask(SHOP, "find_definition", name).partition("\n")[0] == found


def test_references_of_a_name_with_signs_are_found() -> None:
    assert ask(SHOP, "find_references", "Basket#call!") == (
        "method Basket.call! (lib/basket.rb:4), 0 resolved (T1), 1 typed (T2) at head:\n"
        "T2 bin/use.rb:2: basket.call!(ENV)"
    )
    assert ask(SHOP, "find_references", "valid?") == (
        "method Basket.valid? (lib/basket.rb:8), 1 resolved (T1), 1 typed (T2) at head:\n"
        "T1 lib/basket.rb:5 in Basket.call!: valid?(env) || fail\n"
        "T2 bin/use.rb:6: puts basket[0] if basket.valid?(ENV)"
    )


def test_who_sets_is_told_from_who_compares() -> None:
    assert ask(SHOP, "find_references", "total=") == (
        "No resolved reference at head to: method Basket.total= (lib/basket.rb:10).\n"
        "3 lines, only the name matches (T3):\n"
        "T3 bin/use.rb:3: basket.total = 3\n"
        "T3 lib/basket.rb:11: @total = cents\n"
        "T3 lib/basket.rb:14: def total = @total"
    )


def test_who_uses_an_operator_is_said_not_to_be_known() -> None:
    note = "is not looked up by name: try `search`]"
    assert ask(SHOP, "find_references", "Basket#[]") == (
        "No resolved reference at head to: method Basket.[] (lib/basket.rb:16).\n"
        f"[who uses the operator '[]' {note}"
    )
    assert ask(SHOP, "find_references", "**") == f"[who uses the operator '**' {note}"
