"""A C or C++ declaration and its definition are one changed thing."""

from __future__ import annotations

from pathlib import Path

from inline_snapshot import snapshot

from tests.repository.projects import known, told

BEFORE = {
    "cart.h": "int total(int count);\nint tax(int cents);\n",
    "cart.c": '#include "cart.h"\nint total(int count) { return count; }\n'
    "int tax(int cents) { return cents / 5; }\n",
    "shop.c": '#include "cart.h"\nint main(void) { return total(2) + tax(10); }\n',
}
AFTER = {
    "cart.h": "int total(int count, int cents);\nint tax(int cents);\n",
    "cart.c": '#include "cart.h"\nint total(int count, int cents) { return count * cents; }\n'
    "int tax(int cents) { return cents / 4; }\n",
}


def test_a_declaration_that_changes_with_its_definition_is_told_once(tmp_path: Path) -> None:
    knowledge = told(known(tmp_path, BEFORE, AFTER))
    assert (knowledge["changed"], knowledge["ledger"]) == snapshot(
        (
            ["signature cart.c function total possible=0", "body cart.c function tax possible=0"],
            [
                "total now requires the parameter `cents`: "
                "shop.c:2 T1 not_inspected: its compiler decides"
            ],
        )
    )


def test_what_only_the_declaration_says_is_kept(tmp_path: Path) -> None:
    before = {
        "cart.hpp": "int total(int count, int cents = 1);\n",
        "cart.cpp": '#include "cart.hpp"\nint total(int count, int cents) { return count; }\n',
        "shop.cpp": '#include "cart.hpp"\nint main() { return total(2); }\n',
    }
    after = {
        "cart.hpp": "long total(int count, int cents = 2);\n",
        "cart.cpp": '#include "cart.hpp"\nlong total(int count, int cents) { return count; }\n',
    }
    knowledge = known(tmp_path, before, after)
    assert [(entry.symbol, entry.change) for entry in knowledge.ledger] == snapshot(
        [
            (
                "total",
                "its return type changed from `int` to `long`; "
                "default of `cents` changed from `1` to `2`",
            )
        ]
    )


def test_two_functions_of_one_name_stay_two(tmp_path: Path) -> None:
    before = {
        "a.c": "static int total(int a) { return a; }\nint f(void) { return total(1); }\n",
        "b.c": "static int total(int a) { return -a; }\nint g(void) { return total(1); }\n",
    }
    after = {path: text.replace("int a)", "int a, int b)") for path, text in before.items()}
    assert told(known(tmp_path, before, after))["changed"] == snapshot(
        ["signature a.c function total possible=0", "signature b.c function total possible=0"]
    )
