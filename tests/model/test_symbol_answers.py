"""What the tools say of definitions, references and outlines, as a model reads it."""

from __future__ import annotations

import json

import pytest

from bot.domain.conversation import ToolCall
from tests.fakes.code import MemoryCode
from tests.model.small_repository import toolbox, use


def test_a_definition_is_shown_with_its_first_lines() -> None:
    assert use("find_definition", name="Till") == (
        "app/pay.py:8 at head, class Till:\n    8 | class Till:\n    9 |     pass"
    )
    assert use("find_definition", name="LIMIT").startswith("app/pay.py:1 at head, variable LIMIT:")
    assert use("find_definition", name="charge", at="base").startswith(
        "app/pay.py:1 at base, function charge:\n    1 | def charge(amount, currency):"
    )
    assert use("find_definition", name="amount") == (
        "No definition of 'amount' was recognised at head; try `search`."
    )


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("export async function load(x) {", "load"),
        ("func (s *Server) Serve() error {", "Serve"),
        ("pub(crate) struct Config {", "Config"),
        ("    public static int parse(String s) {", "parse"),
        ("const retry = async () => {", "retry"),
        ("  def self.call(env)", "call"),
        ("impl Display for Money {", "Money"),
        ("type Handler interface {", "Handler"),
        ("timeout: int = 5", "timeout"),
    ],
)
def test_definitions_are_recognised_in_other_languages(line: str, name: str) -> None:
    box = toolbox(MemoryCode({"f": f"{line}\n"}))
    arguments = json.dumps({"name": name})
    assert box.run(ToolCall("c", "find_definition", arguments)) == (
        f"f:1 at head (by its text, there is no outline):\n    1 | {line}"
    )


SHOP: dict[str, str | bytes] = {
    "shop/__init__.py": "",
    "shop/tax.py": "def rate(country):\n    return 0.2\n\n\nclass Bill:\n    def rate(self):\n"
    "        return rate('de')\n",
    "shop/sum.py": "from shop.tax import Bill, rate\n\n\ndef total(x):\n    return x * rate('fr')\n"
    "\n\ndef owed():\n    bill = Bill()\n    return bill.rate()\n",
    "shop/page.py": "from shop.sum import total\n\n\ndef show():\n    return total(3)\n",
    "tests/test_sum.py": "from shop.sum import total\n\n\ndef test_total():\n    assert total(1)\n",
    "config.yml": "rate: 0.2\n",
    "secrets/rates.txt": "rate\n",
}


def ask(tool: str, /, **arguments: object) -> str:
    return toolbox(MemoryCode(SHOP)).run(ToolCall("c", tool, json.dumps(arguments)))


def test_references_are_told_by_definition_and_tier_the_surest_first() -> None:
    assert ask("find_references", name="rate") == (
        "function rate (shop/tax.py:1), 3 resolved (T1), 0 typed (T2) at head:\n"
        "T1 shop/tax.py:7 in Bill.rate: return rate('de')\n"
        "T1 shop/sum.py:1: from shop.tax import Bill, rate\n"
        "T1 shop/sum.py:5 in total: return x * rate('fr')\n"
        "method Bill.rate (shop/tax.py:6), 0 resolved (T1), 1 typed (T2) at head:\n"
        "T2 shop/sum.py:10 in owed: return bill.rate()\n"
        "1 line, only the name matches (T3):\n"
        "T3 config.yml:1: rate: 0.2\n"
        "[1 more lines are withheld by policy]"
    )


def test_references_of_one_owner_of_one_folder_and_of_those_who_refer() -> None:
    assert ask("find_references", name="Bill.rate", under="shop/page.py") == (
        "No resolved reference at head to: method Bill.rate (shop/tax.py:6).\n"
        "[1 more lines are withheld by policy]"
    )
    assert ask("find_references", name="tax.rate", depth=3).split("\n")[:9] == [
        "function rate (shop/tax.py:1), 3 resolved (T1), 0 typed (T2), 5 deeper at head:",
        "T1 shop/tax.py:7 in Bill.rate: return rate('de')",
        "T1 shop/sum.py:1: from shop.tax import Bill, rate",
        "T1 shop/sum.py:5 in total: return x * rate('fr')",
        "T1 depth 2 shop/page.py:1: from shop.sum import total",
        "T1 depth 2 shop/page.py:5 in show: return total(3)",
        "T1 depth 2 tests/test_sum.py:1 (test): from shop.sum import total",
        "T1 depth 2 tests/test_sum.py:5 in test_total (test): assert total(1)",
        "T2 depth 2 shop/sum.py:10 in owed: return bill.rate()",
    ]
    assert ask("find_references", name="elsewhere") == "No lines name 'elsewhere' at head."


def test_a_name_that_only_stands_in_text_is_found_by_its_text() -> None:
    box = toolbox(MemoryCode({"deploy.yml": "QUEUE_URL: x\n", "run.sh": "echo $QUEUE_URL\n"}))
    call = ToolCall("c", "find_references", json.dumps({"name": "QUEUE_URL"}))
    assert box.run(call) == (
        "2 lines, no definition was found; the name (T3):\n"
        "T3 deploy.yml:1: QUEUE_URL: x\n"
        "T3 run.sh:1: echo $QUEUE_URL"
    )


def test_definitions_of_one_name_are_told_apart_by_owner_or_file() -> None:
    both = ask("find_definition", name="rate")
    assert [row for row in both.split("\n") if " at head" in row] == [
        "shop/tax.py:1 at head, function rate:",
        "shop/tax.py:6 at head, method Bill.rate:",
    ]
    assert ask("find_definition", name="Bill.rate").startswith("shop/tax.py:6 at head, method")
    assert ask("find_definition", name="rate", path="shop/sum.py") == (
        "No definition of 'rate' was recognised at head; try `search`."
    )


def test_a_name_on_many_lines_is_shown_in_part_and_counted() -> None:
    box = toolbox(MemoryCode({"a.txt": "queue_url\n" * 90}))
    rows = box.run(ToolCall("c", "find_references", '{"name": "queue_url"}')).split("\n")
    assert rows[0] == "90 lines, no definition was found; the name (T3):"
    assert rows[1:3] == ["T3 a.txt:1: queue_url", "T3 a.txt:2: queue_url"]
    assert rows[41:] == ["[50 more lines; narrow it with `under` or a longer pattern]"]


def test_the_outline_of_a_long_file_leaves_out_values_first() -> None:
    values = "".join(f"VALUE_{n} = {n}\n" for n in range(600))
    functions = "".join(f"def function_{n}(argument):\n    pass\n" for n in range(400))
    box = toolbox(MemoryCode({"long.py": values + functions}))
    told = box.run(ToolCall("c", "outline", '{"path": "long.py"}'))
    assert len(told) < 16_000
    assert "VALUE_" not in told
    assert "601-602   function function_0: def function_0(argument):" in told
    assert told.endswith(" more definitions]")


def test_an_outline_lists_definitions_with_their_lines() -> None:
    assert ask("outline", path="shop/tax.py") == (
        "shop/tax.py at head, python, 7 lines:\n"
        "    1-2     function rate: def rate(country):\n"
        "    5-7     class Bill: class Bill:\n"
        "    6-7       method rate: def rate(self):"
    )
    assert ask("outline", path="config.yml") == (
        "config.yml at head has no outline (config.yml: no grammar for this kind of file): read it."
    )
    assert ask("outline", path="secrets/rates.txt").startswith("secrets/rates.txt is withheld")


TILL = (
    "// Package pay takes money.\npackage pay\n\n// Charge takes the amount. At once.\n"
    "func Charge(amount int) int {\n\treturn amount\n}\n\nfunc free() {}\n"
)


def test_an_outline_tells_what_documents_a_definition() -> None:
    box = toolbox(MemoryCode({"pay.go": TILL}))
    assert box.run(ToolCall("c", "outline", '{"path": "pay.go"}')) == (
        "pay.go at head, go, 9 lines:\n"
        "documented: Package pay takes money.\n"
        "    5-7     function Charge: func Charge(amount int) int -- Charge takes the amount.\n"
        "    9-9     function free: func free()"
    )


def test_a_definition_tells_what_documents_it_above_its_lines() -> None:
    """Once: a doc string stands in the lines that are shown."""
    box = toolbox(MemoryCode({"pay.go": TILL, "a.py": 'def charge():\n    """Takes it."""\n'}))
    assert box.run(ToolCall("c", "find_definition", '{"name": "Charge"}')) == (
        "pay.go:5 at head, function Charge -- Charge takes the amount.\n"
        "    5 | func Charge(amount int) int {\n    6 | \treturn amount\n    7 | }"
    )
    assert box.run(ToolCall("c", "find_definition", '{"name": "charge"}')) == (
        'a.py:1 at head, function charge:\n    1 | def charge():\n    2 |     """Takes it."""'
    )


def test_documentation_takes_no_definition_out_of_an_outline() -> None:
    """What fitted without it is still there, and with it the answer is no longer than before."""
    bare = "".join(f"func F{n}(a int) int {{ return a }}\n" for n in range(180))
    rows = [f"// F{n} {'says much ' * 20}.\n{row}\n" for n, row in enumerate(bare.split("\n")[:-1])]
    box = toolbox(MemoryCode({"a.go": f"package a\n{bare}", "b.go": f"package a\n{''.join(rows)}"}))
    plain, documented = (
        box.run(ToolCall("c", "outline", f'{{"path": "{path}"}}')) for path in ("a.go", "b.go")
    )
    assert len(documented) <= 16_000
    assert documented.count("function F") == plain.count("function F") == 180
    assert " -- " not in documented


def test_documentation_takes_its_room_from_the_lines_of_a_definition() -> None:
    body = "".join(f'\tstep{n}("{"x" * 350}")\n' for n in range(55))
    text = f"package a\n\n// Long {'says much ' * 30}.\nfunc Long() {{\n{body}}}\n"
    told = toolbox(MemoryCode({"a.go": text})).run(
        ToolCall("c", "find_definition", '{"name": "Long"}')
    )
    assert len(told) <= 16_200
    assert told.startswith("a.go:4 at head, function Long -- Long says much ")
    assert told.endswith("\n[continues to line 60]")


def test_a_credential_in_documentation_is_shown_by_no_sentence() -> None:
    key = "".join(f"// {'AbCd1234' * 8}\n" for _ in range(20))
    block = f"// -----BEGIN RSA PRIVATE KEY-----\n{key}// -----END RSA PRIVATE KEY-----\n"
    box = toolbox(MemoryCode({"a.go": f"package a\n\n{block}func F() {{}}\n"}))
    for tool, arguments in (("outline", '{"path": "a.go"}'), ("find_definition", '{"name": "F"}')):
        told = box.run(ToolCall("c", tool, arguments))
        assert "AbCd1234" not in told
        assert "[redacted: " in told
