"""What moved or was renamed, and the lines that this same change adapted to it."""

from __future__ import annotations

from pathlib import Path

from tests.repository.projects import known, told

BODY = "(order, at) {\n  const due = order.total + at;\n  return due * 2;\n}\n"
SETTLE = f"export function settle{BODY}"


def test_uses_at_the_new_place_are_told_beside_those_left_behind(tmp_path: Path) -> None:
    use = 'import {{ settle }} from "./{}";\n\nsettle(order, 1);\n'
    before = {
        "src/a.js": f"{SETTLE}export const x = 1;\n",
        "src/use.js": use.format("a"),
        "src/left.js": use.format("a"),
    }
    after = {
        "src/a.js": "export const x = 1;\n",
        "src/pay.js": SETTLE,
        "src/use.js": use.format("pay"),
    }
    knowledge = known(tmp_path, before, after)
    moved = "settle moved from `src/a.js` to `src/pay.js`"
    assert told(knowledge)["ledger"] == [
        f"{moved}: src/left.js:1 T1 broken: it imports `settle`, which is not exported any more",
        f"{moved}: src/left.js:3 T1 not_inspected: no static check decides this use",
        f"{moved}: src/use.js:1 T1 safe: it names the new place",
        f"{moved}: src/use.js:3 T1 safe: it names the new place",
    ]
    assert [fact.text for fact in knowledge.facts if fact.kind == "contract"] == [
        "function settle (src/pay.js), before settle (src/a.js): moved from `src/a.js` to "
        "`src/pay.js`: 4 resolved uses in 2 files (2 by its new place or name)"
    ]


def test_a_renamed_definition_has_the_callers_that_took_its_new_name(tmp_path: Path) -> None:
    define = "def {}(order, at{}):\n    due = order.total + at\n    return due * 2\n"
    use = "from shop.a import {0}\n\n\ndef run(order):\n    return {0}(order, {1})\n"
    before = {
        "shop/__init__.py": "",
        "shop/a.py": define.format("settle", ""),
        "shop/use.py": use.format("settle", "1"),
    }
    after = {
        "shop/a.py": define.format("pay", ", tax=0"),
        "shop/use.py": use.format("pay", "1"),
    }
    knowledge = known(tmp_path, before, after)
    assert told(knowledge)["sites"] == [
        "pay <- shop/use.py:1 T1 imports depth=1 in=-",
        "pay <- shop/use.py:5 T1 calls depth=1 in=run",
    ]
    [call] = [line for line in told(knowledge)["ledger"] if "use.py:5" in line]
    assert call == (
        "pay renamed from settle; takes a new optional parameter `tax = 0`: shop/use.py:5 T1 safe: "
        "it uses the new name; still fits: it passes 2 by place"
    )
