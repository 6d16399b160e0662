"""A small change with something of everything that `plumbline impact` tells."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.git_repository import GitRepository

PAY = """\
import os

URL = os.environ["PAYMENT_URL"]


def charge(amount, currency):
    return amount


def receipt(amount):
    return str(amount)


def refund(amount):
    return -amount
"""
PAID = """\
import os

URL = os.environ["PAYMENTS_HOST"]


def charge(amount):
    return amount


def receipt(amount):
    return f"{amount} EUR"
"""
BASE = {
    "shop/__init__.py": "",
    "shop/pay.py": PAY,
    "shop/web.py": (
        "from shop.pay import charge, refund\n\n\n"
        "def buy(cart):\n    charge(cart.total, 'EUR')\n\n\n"
        "def cancel(order):\n    return refund(order.total)\n"
    ),
    "shop/mail.py": (
        "from shop.pay import receipt\n\n\ndef bill(order):\n    return receipt(order.total)\n"
    ),
    "shop/nightly.py": "from shop.mail import bill\n\n\ndef main(orders):\n    bill(orders[0])\n",
    "requirements.txt": "httpx==0.27.2\n",
    "shop/client.py": "import httpx\n\nCLIENT = httpx.Client(proxies={})\n",
    "shop/state.py": ("from enum import Enum\n\n\nclass State(Enum):\n    NEW = 1\n    PAID = 2\n"),
    "shop/show.py": (
        "from shop.state import State\n\n\ndef label(state):\n    match state:\n"
        "        case State.NEW:\n            return 'new'\n        case State.PAID:\n"
        "            return 'paid'\n"
    ),
    "deploy.yml": "environment:\n  PAYMENT_URL: https://pay.example\n",
    "tests/test_pay.py": (
        "from shop.pay import charge\n\n\ndef test_charge():\n    assert charge(1, 'EUR') == 1\n"
    ),
    "<img src=x onerror=alert(1)>.py": (
        "from shop.pay import receipt\n\n\n"
        "def évil(x):\n    return receipt(x)  # </script><script>alert(1)</script> \u202e\n"
    ),
}


def sample(folder: Path) -> GitRepository:
    """`main`, and `change` on top of it; before it six commits that touch two files together."""
    repository = GitRepository(folder / "shop.git")
    for number in range(6):
        base = repository.commit(
            {**BASE, "shop/pay.py": PAY + f"# {number}\n", "shop/rates.py": f"RATE = {number}\n"}
        )
    repository.commit(
        {
            "shop/pay.py": PAID + "# 5\n",
            "requirements.txt": "httpx==0.28.1\n",
            "shop/state.py": BASE["shop/state.py"] + "    PAUSED = 3\n",
        },
        parent=base,
        branch="change",
    )
    return repository
