"""Protocol Buffers: what a file declares, and changes that old messages do not survive."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.repository.projects import known
from workers.repository.schemas.protobuf import Field, Value, read_proto

ORDER = """syntax = "proto3";
package shop.v1;
/* message Ghost { */
message Order {
  string id = 1;            // the key
  repeated Line lines = 2 [packed = true, (note) = { text: "a;b" }];
  map<string, int32> counts = 3;
  oneof payment { Card card = 4; string token = 5; }
  reserved 6, 8 to 10;
  message Line { int32 amount = 1; }
  enum State { NEW = 0; PAID = 1; LOST = -1; }
  State state = 7;
  option deprecated = true;
}
service Orders { rpc Get(Order) returns (Order) { option (x) = "y"; } }
"""


def test_a_file_is_read_with_its_nesting_and_lines() -> None:
    found = read_proto(ORDER)
    assert (found.package, found.readable, list(found.messages)) == (
        "shop.v1",
        True,
        ["Order", "Order.Line"],
    )
    assert list(found.messages["Order"].fields.values()) == [
        Field("id", 1, "string", "", 5),
        Field("lines", 2, "Line", "repeated", 6),
        Field("counts", 3, "map<string,int32>", "", 7),
        Field("card", 4, "Card", "", 8),
        Field("token", 5, "string", "", 8),
        Field("state", 7, "State", "", 12),
    ]
    assert found.enums == {
        "Order.State": {"NEW": Value(0, 11), "PAID": Value(1, 11), "LOST": Value(-1, 11)}
    }


@given(st.text(alphabet='message Oenum{}[];="1 /*\n', max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert isinstance(read_proto(text).readable, bool)


@pytest.mark.parametrize(
    "text", ["message A {", "message A { int32 a = 1; ", "}", "enum A { A = x; }"]
)
def test_what_does_not_parse_is_refused(text: str) -> None:
    assert not read_proto(text).readable


REUSED = "Field number 1 of `Order` is given to another field"
RETYPED = " changes its type on the wire"
REQUIRED = "`Order.x` is newly required"


@pytest.mark.parametrize(
    ("old", "new", "titles"),
    [
        ("string id = 1", "int32 id = 1", ["`Order.id`" + RETYPED]),
        ("string id = 1", "bytes id = 1", []),
        ("string id = 1", "string key = 1", []),
        (
            "string id = 1",
            "int64 total = 1",
            [REUSED],
        ),
        ("int32 amount = 1", "int64 amount = 1", []),
        (
            "int32 amount = 1",
            "sint32 amount = 1",
            ["`Order.Line.amount`" + RETYPED],
        ),
        ("State state = 7", "int32 state = 7", []),
        ("State state = 7", "State state = 11", []),
        ("Card card = 4", "BankCard card = 4", []),
        ("Card card = 4", "pay.Card card = 4", []),
        ("PAID = 1", "PAID = 2", ["`Order.State.PAID` changes its number"]),
        (
            "string id = 1;",
            "string id = 1; required int32 x = 12;",
            ["`Order.x` is newly required"],
        ),
        ("string id = 1;", "string id = 1; int32 x = 12;", []),
        ("package shop.v1", "package shop.v2", []),
    ],
)
def test_what_old_messages_do_not_survive(
    old: str, new: str, titles: list[str], tmp_path: Path
) -> None:
    changed = ORDER.replace(old, new)
    found = known(tmp_path, {"order.proto": ORDER}, {"order.proto": changed}).findings
    assert [finding.title for finding in found] == titles


def test_an_unstable_package_may_change(tmp_path: Path) -> None:
    alpha = ORDER.replace("shop.v1", "shop.v1alpha1")
    changed = alpha.replace("string id", "int32 id")
    assert known(tmp_path, {"order.proto": alpha}, {"order.proto": changed}).findings == ()
