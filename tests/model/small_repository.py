"""A toolbox over a small repository that is held in memory."""

from __future__ import annotations

import json

from bot.domain.conversation import ToolCall
from tests.fakes.code import BASE, HEAD, MemoryCode
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
    """Over the small repository, or another; `secrets/` is sent to no model."""
    code = code or MemoryCode(HEAD_FILES, BASE_FILES, {"app/pay.py": ["c0ffee 2026-01-01 Pay"]})
    return Toolbox(code, BASE, HEAD, never_send=lambda path: path.startswith("secrets/"))


def use(tool: str, /, **arguments: object) -> str:
    """What the model is answered."""
    return toolbox().run(ToolCall("c", tool, json.dumps(arguments)))
