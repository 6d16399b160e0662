"""The tools as a model sees them."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import ToolCall
from bot.errors import FetchFailed, Superseded
from tests.fakes.code import BASE, HEAD, MemoryCode
from workers.model.tool_arguments import TOOLS
from workers.model.tools import Toolbox

HEAD_FILES: dict[str, str | bytes] = {
    "app/pay.py": (
        "LIMIT = 10\n\n\ndef charge(amount):\n    return amount\n\n\nclass Till:\n    pass\n"
    ),
    "app/web.py": "from app.pay import charge\n\ncharge(1)\n",
    "empty.txt": "",
    "logo.png": b"\x89PNG\0\0",
    "secrets/prod.env": "charge = hidden\n",
    "config.py": 'TOKEN = "ghp_' + "a1B2" * 9 + '"\nafter = 1\n',
    "trojan.py": "is_admin = False \u202e\u2066# comment\n",
}
BASE_FILES: dict[str, str | bytes] = {"app/pay.py": "def charge(amount, currency):\n    pass\n"}


def toolbox(code: MemoryCode | None = None) -> Toolbox:
    code = code or MemoryCode(HEAD_FILES, BASE_FILES, {"app/pay.py": ["c0ffee 2026-01-01 Pay"]})
    return Toolbox(code, BASE, HEAD, never_send=lambda path: path.startswith("secrets/"))


def use(tool: str, /, **arguments: object) -> str:
    return toolbox().run(ToolCall("c", tool, json.dumps(arguments)))


def test_a_file_is_read_at_head_by_default_and_at_base_on_request() -> None:
    assert use("read_file", path="app/pay.py", start_line=4, end_line=5) == (
        "app/pay.py at head, lines 4-5 of 9:\n"
        "    4 | def charge(amount):\n    5 |     return amount"
    )
    assert use("read_file", path="app/pay.py", at="base") == (
        "app/pay.py at base, lines 1-2 of 2:\n"
        "    1 | def charge(amount, currency):\n    2 |     pass"
    )


def test_matches_name_path_and_line_and_leave_out_what_is_withheld() -> None:
    assert use("search", pattern="charge") == (
        "app/pay.py:4: def charge(amount):\n"
        "app/web.py:1: from app.pay import charge\n"
        "app/web.py:3: charge(1)\n"
        "[1 more lines are withheld by policy]"
    )
    assert use("search", pattern="^class", under="app") == "app/pay.py:8: class Till:"
    assert use("search", pattern="nothing") == "No lines match 'nothing' at head."


def test_several_parts_are_read_in_one_call() -> None:
    parts = ["app/web.py:3", "gone.py", "app/pay.py:1-2", "secrets/prod.env", "logo.png:1"]
    assert use("read_file", path="app/pay.py", start_line=8, also=parts) == (
        "app/pay.py at head, lines 8-9 of 9:\n    8 | class Till:\n    9 |     pass\n\n"
        "app/web.py at head, lines 3-3 of 3:\n    3 | charge(1)\n\n"
        "There is no file 'gone.py' at head.\n\n"
        "app/pay.py at head, lines 1-2 of 9:\n    1 | LIMIT = 10\n    2 | \n\n"
        "secrets/prod.env is withheld: the repository's policy sends it to no model.\n\n"
        "logo.png is a binary file of 6 bytes."
    )


def test_what_short_parts_leave_is_room_for_the_long_one() -> None:
    text = "".join(f"value_{n:03} = '{'x' * 60}'\n" for n in range(300))
    parts = [f"a.py:{n}" for n in range(1, 5)]
    call = ToolCall("c", "read_file", json.dumps({"path": "a.py", "end_line": 290, "also": parts}))
    answer = toolbox(MemoryCode({"a.py": text}, {}, {})).run(call)
    assert len(answer) <= 16_000
    assert answer.startswith("a.py at head, lines 1-175 of 300:\n")
    assert answer.count("a.py at head, lines ") == 5


def test_what_has_no_room_is_named_by_its_lines_and_no_line_is_cut_in_two() -> None:
    text = "".join(f"value_{n:03} = '{'x' * 60}'\n" for n in range(300))
    call = ToolCall("c", "read_file", json.dumps({"path": "a.py", "end_line": 290}))
    rows = toolbox(MemoryCode({"a.py": text}, {}, {})).run(call).split("\n")
    assert sum(len(row) + 1 for row in rows) <= 16_000
    assert rows[0] == "a.py at head, lines 1-190 of 300:"
    assert rows[-2].startswith("  190 | value_189 = ")
    assert rows[-1] == "[lines 191-290: ask again]"


def test_a_wish_for_more_lines_around_than_there_may_be_gets_what_there_may() -> None:
    assert use("search", pattern="Till", around=50) == use("search", pattern="Till", around=8)


def test_matches_are_shown_with_the_lines_around_them() -> None:
    assert use("search", pattern="charge|Till", under="app", around=1) == (
        "app/pay.py:\n    3 | \n    4 | def charge(amount):\n    5 |     return amount\n\n"
        "app/pay.py:\n    7 | \n    8 | class Till:\n    9 |     pass\n\n"
        "app/web.py:\n    1 | from app.pay import charge\n    2 | \n    3 | charge(1)"
    )


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


def test_files_and_history() -> None:
    assert use("list_files", under="app/") == "app/pay.py\napp/web.py"
    assert use("list_files", name="web") == "app/web.py"
    assert use("list_files", name="nowhere") == "None of 7 paths holds 'nowhere'."
    assert "secrets/prod.env (withheld by policy)" in use("list_files")
    assert use("file_history", path="app/pay.py") == "c0ffee 2026-01-01 Pay"
    assert use("file_history", path="new.py") == "No commit before this change touched 'new.py'."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"path": "app/gone.py"}, "There is no file 'app/gone.py' at head."),
        (
            {"path": "src/pay.py"},
            "There is no file 'src/pay.py' at head. Files of that name: app/pay.py.",
        ),
        ({"path": "app"}, "app is a folder; use list_files."),
        ({"path": "../etc/passwd"}, "There is no file '../etc/passwd' in this repository."),
        ({"path": "/etc/passwd"}, "There is no file '/etc/passwd' in this repository."),
        ({"path": ".git/config"}, "There is no file '.git/config' in this repository."),
        ({"path": ""}, "There is no file '' in this repository."),
        ({"path": "logo.png"}, "logo.png is a binary file of 6 bytes."),
        ({"path": "empty.txt"}, "empty.txt at head is empty."),
        (
            {"path": "secrets/prod.env"},
            "secrets/prod.env is withheld: the repository's policy sends it to no model.",
        ),
        (
            {"path": "app/pay.py", "start_line": 99},
            "app/pay.py at head has 9 lines; ask within them.",
        ),
        (
            {"path": "a", "at": "tip"},
            "read_file: the arguments do not fit: at: Input should be 'head' or 'base' "
            "(got 'tip').",
        ),
        ({}, "read_file: the arguments do not fit: path: Field required."),
        (
            {"path": "a", "lines": 3},
            "read_file: the arguments do not fit: lines: Extra inputs are not permitted (got 3).",
        ),
    ],
)
def test_what_cannot_be_read_is_one_clear_sentence(
    arguments: dict[str, object], sentence: str
) -> None:
    assert use("read_file", **arguments) == sentence


def test_unknown_tools_and_broken_arguments_are_sentences_too() -> None:
    assert use("rm", path="x") == (
        "There is no tool 'rm'; the tools are read_file, search, find_definition, "
        "find_references, outline, list_files, file_history."
    )
    assert toolbox().run(ToolCall("c", "search", '{"pattern": ')) == (
        "search: the arguments cannot be read: the JSON is malformed: "
        "Expecting value at character 12."
    )


def test_credentials_and_invisible_characters_do_not_reach_the_model() -> None:
    assert use("read_file", path="config.py") == (
        'config.py at head, lines 1-2 of 2:\n    1 | TOKEN = "[redacted: github-token]"\n'
        "    2 | after = 1"
    )
    assert use("search", pattern="ghp_") == 'config.py:1: TOKEN = "[redacted: github-token]"'
    assert use("read_file", path="trojan.py").endswith(
        "    1 | is_admin = False \\u202e\\u2066# comment"
    )


def test_a_key_is_redacted_though_its_first_line_is_not_asked_for() -> None:
    body = "\n".join(["MIIEpAIBAAKCAQEA" + "aB3d" * 10] * 5)
    pem = f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n"
    arguments = json.dumps({"path": "k.pem", "start_line": 3, "end_line": 4})
    box = toolbox(MemoryCode({"k.pem": pem}))
    assert box.run(ToolCall("c", "read_file", arguments)) == (
        "k.pem at head, lines 3-4 of 7:\n    3 | [redacted: private-key]\n"
        "    4 | [redacted: private-key]"
    )


def test_results_are_bounded() -> None:
    files = {"long.py": "x = 1\n" * 5_000, "wide.py": "y" * 5_000 + "\n"}
    box = toolbox(MemoryCode(files))
    whole = box.run(ToolCall("c", "read_file", '{"path": "long.py"}'))
    assert whole.startswith("long.py at head, lines 1-400 of 5000:\n")
    assert whole.count("\n") == 400
    wide = box.run(ToolCall("c", "read_file", '{"path": "wide.py"}'))
    assert wide.endswith("y[... 4600 more characters]")
    found = box.run(ToolCall("c", "search", '{"pattern": "x"}'))
    assert found.count("\n") == 80
    assert found.endswith("[there may be more lines; narrow it with `under` or a longer pattern]")


class FailingCode(MemoryCode):
    """A clone that is taken away in the middle of a review."""

    def __init__(self, error: Exception) -> None:
        super().__init__({})
        self._error = error

    def search(self, *_: object, **__: object) -> Sequence[tuple[str, int, str]]:
        raise self._error


def test_a_failing_clone_is_told_to_the_model_but_a_stop_is_not() -> None:
    call = ToolCall("c", "search", '{"pattern": "("}')
    failing = toolbox(FailingCode(FetchFailed("git grep: Unmatched (\nusage: ...")))
    assert failing.run(call) == "search failed: git grep: Unmatched ( usage: ..."
    with pytest.raises(Superseded):
        toolbox(FailingCode(Superseded("closed"))).run(call)


def test_the_same_call_is_recognised_however_it_is_written() -> None:
    box = toolbox()
    first = ToolCall("1", "read_file", '{"path":"a", "at":"head"}')
    again = ToolCall("2", "read_file", '{ "path": "a" }')
    other = ToolCall("3", "read_file", '{"path": "a", "at": "base"}')
    assert box.same_call_key(first) == box.same_call_key(again) != box.same_call_key(other)


@given(name=st.sampled_from([*TOOLS, "x"]), arguments=st.text(max_size=80))
def test_no_arguments_raise(name: str, arguments: str) -> None:
    assert toolbox().run(ToolCall("c", name, arguments))


_ANY = st.text(max_size=30) | st.integers() | st.none() | st.sampled_from(["head", "app/pay.py"])


@given(
    name=st.sampled_from(list(TOOLS)),
    arguments=st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("path", "at", "under", "name", "start_line", "around", "depth"), _ANY),
            "also": st.lists(_ANY, max_size=3),
        },
    ),
)
def test_no_values_of_known_arguments_raise(name: str, arguments: dict[str, object]) -> None:
    answer = toolbox().run(ToolCall("c", name, json.dumps(arguments)))
    assert "hidden" not in answer
