"""The small project of the stories, changes to it, and what a model says of them."""

from __future__ import annotations

from typing import Any

from tests.fakes.answers import defect, promise, quote

USERS = "def find_user(user_id, tenant):\n    return user_id, tenant\n"
VIEWS = "from shop.users import find_user\n\n\ndef show():\n    return find_user(1, 2)\n"
CART = (
    "def total(prices):\n    return sum(prices)\n\n\ndef count(prices):\n    return len(prices)\n"
)
SHOP = {"shop/users.py": USERS, "shop/views.py": VIEWS, "shop/cart.py": CART}

BREAKS_A_CALLER = {"shop/users.py": "def find_user(user_id):\n    return user_id\n"}
"""`shop/views.py` still passes two arguments."""

MENDED = {
    **BREAKS_A_CALLER,
    "shop/views.py": VIEWS.replace("(1, 2)", "(1)"),
}

HARMLESS = {"shop/cart.py": CART.replace("sum(prices)", "sum(iter(prices))")}

WRONG_TOTAL = {"shop/cart.py": CART.replace("sum(prices)", "sum(prices[1:])")}
WRONG_BOTH = {
    "shop/cart.py": CART.replace("sum(prices)", "sum(prices[1:])").replace(
        "len(prices)", "len(prices) - 1"
    )
}
TITLE = "Speed up the cart"
BODY = "- The total stays what it is.\n"

SKIPS_THE_FIRST: dict[str, Any] = defect(
    "shop/cart.py",
    2,
    quote("shop/cart.py", 2, "    return sum(prices[1:])"),
    title="The total leaves out the first price",
    what="`prices[1:]` drops the first price, so every total is too low.",
    trigger="a cart with one price",
    symbol="total",
    fix="Sum all of `prices`.",
    suggestion="    return sum(prices)",
)
COUNTS_ONE_LESS: dict[str, Any] = defect(
    "shop/cart.py",
    6,
    quote("shop/cart.py", 6, "    return len(prices) - 1"),
    title="The count is one too low",
    what="`len(prices) - 1` counts one price too few.",
    trigger="a cart with one price",
    symbol="count",
    kind="missing-case",
    fix="Count all of `prices`.",
)
TOTAL_STAYS: dict[str, Any] = promise(
    "The total stays what it is",
    "broken",
    quote("shop/cart.py", 2, "    return sum(prices[1:])"),
    where="body",
    quote="The total stays what it is.",
    why="The first price is left out.",
)
