"""Two tiny cases, and a server that answers each question of a run or of a judge by its prompt."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.answers import NO_DEFECT, NO_PROMISE, checked, defect, quote
from tests.fakes.openai_server import Call, OpenAIServer, Reply, says

PRICE = 'def price(order):\n    """In cents."""\n    return order["cents"]\n'
EUROS = 'def price(order):\n    return order["cents"] / 100\n'
BILL = "from price import price\n\n\ndef bill(order):\n    return {'cents': price(order)}\n"

NAMES = "def name(user):\n    return user['name']\n"
NAMED = "def name(user):\n    # What people call themselves.\n    return user['name']\n"

TRUTH = {
    "file": "bill.py",
    "what": "bill() writes euros where cents are meant",
    "severity": "P1",
    "outside": True,
    "quote": "    return {'cents': price(order)}",
}

_QUESTIONS = {
    "hunt": "Find the defects that this change introduces",
    "intent": "The author of this change described it",
    "verify": "Another reviewer reported the findings",
    "announced": "announce",
    "baseline": "Review this pull request",
    "judge": "Two lists about one change",
}

Answer = Mapping[str, Any] | Callable[[str], Mapping[str, Any]]


def write_cases(folder: Path) -> Path:
    """The folder of both cases: `euros` breaks a caller, `named` is clean."""
    _write(folder / "euros", {"price.py": PRICE, "bill.py": BILL}, {"price.py": EUROS}, [TRUTH])
    _write(folder / "named", {"names.py": NAMES}, {"names.py": NAMED}, [])
    return folder


def _write(
    folder: Path, base: Mapping[str, str], change: Mapping[str, str], truth: list[dict[str, Any]]
) -> None:
    case = {"id": folder.name, "title": f"About {folder.name}", "truth": truth}
    for side, files in (("base", base), ("change", change)):
        for name, text in files.items():
            (folder / side).mkdir(parents=True, exist_ok=True)
            (folder / side / name).write_text(text)
    (folder / "case.json").write_text(json.dumps(case))


def euros_defect(text: str) -> Mapping[str, Any]:
    """What a hunter says: the caller breaks; of the clean case nothing."""
    if "price.py" not in text:
        return NO_DEFECT
    where = quote("bill.py", 5, "    return {'cents': price(order)}")
    cause = quote("price.py", 2, '    return order["cents"] / 100')
    found = defect("price.py", 2, cause, where, title="bill() now holds euros", symbol="price")
    return {**NO_DEFECT, "defects": [found]}


def all_true(text: str) -> Mapping[str, Any]:
    """Every finding of a verification is confirmed."""
    asked = text.count("\n## ")
    return {"results": [checked(number + 1) for number in range(asked)]}


USUAL: Mapping[str, Answer] = {
    "hunt": euros_defect,
    "intent": NO_PROMISE,
    "verify": all_true,
    "announced": {"results": []},
    "baseline": {"comments": []},
    "judge": {"verdicts": [{"comment": 1, "defect": 1, "why": "the same"}]},
}


def serving(
    monkeypatch: pytest.MonkeyPatch, **answers: Answer
) -> AbstractContextManager[OpenAIServer]:
    """A server that PLUMBLINE_MODEL and the judges are asked at; answers replace the usual ones."""
    by_question = {**USUAL, **answers}

    def script(call: Call) -> Reply:
        text = "\n".join(str(message["content"]) for message in call.body["messages"])
        name = question_of(call)
        answer = by_question[name]
        return says(json.dumps(answer(text) if callable(answer) else answer), prompt=1_000)

    server = OpenAIServer(script)
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("PLUMBLINE_MODEL", "scripted")
    return server


def question_of(call: Call) -> str:
    """Which of the questions a call asks."""
    text = "\n".join(str(message["content"]) for message in call.body["messages"][-4:])
    return next(name for name, words in _QUESTIONS.items() if words in text)
