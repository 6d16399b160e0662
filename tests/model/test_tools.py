"""The tools as a model sees them."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import ToolCall
from bot.errors import FetchFailed, Superseded
from tests.fakes.code import MemoryCode
from tests.model.small_repository import toolbox, use
from workers.model.tool_arguments import TOOLS


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
