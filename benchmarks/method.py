"""What one review asks of a model: calls, rounds, tokens, and how much of them a cache may keep.

A scripted model reports one defect, looks once before it confirms it, and is counted. No tokenizer
is used: tokens are the program's own upper estimate, and the cached share is an estimate too, what
a request has in common, from its first byte, with one that was sent before it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Measure
from bot.domain.conversation import ModelAnswer, ModelRequest, ToolCall
from bot.domain.jobs import Trigger
from bot.store.database import open_database
from bot.store.records import SqlRecords
from workers.cli.local_change import Words
from workers.cli.progress import TerminalWatch
from workers.cli.subject import local_subject
from workers.model.tokens import estimated_tokens
from workers.pipeline import Deps, ReviewRequest, review_pull_request

_MODULES = 60
_FUNCTIONS = 12
_BASELINE_INSTRUCTIONS = 300
"""Tokens of a plain request to review a diff."""
_STAGES = {"hunt": 0, "intent": 0, "verify": 1, "announced": 2}
_QUOTE = {"path": "shop/m0.py", "at": "head", "line": 4, "quote": "    total = n * 3"}


@dataclass(frozen=True, slots=True)
class Size:
    """One change of the made-up repository: which modules it touches, and how many functions."""

    name: str
    modules: int
    functions: int


SIZES = (Size("small", 1, 1), Size("medium", 8, 4), Size("large", 40, 12))


class CountingModel:
    """ports.Model: answers at once, keeps every request in the order of their coming."""

    def __init__(self) -> None:
        self.requests: list[ModelRequest] = []
        self._lock = threading.Lock()

    def complete(self, request: ModelRequest) -> ModelAnswer:
        """One look where a verification may look, else the scripted answer."""
        with self._lock:
            self.requests.append(request)
        looked = any(message.role == "tool" for message in request.messages)
        if request.room == "verify" and request.tools_open and not looked:
            call = ToolCall("call_1", "read_file", json.dumps({"path": "shop/m0.py"}))
            return ModelAnswer("", (call,), "tool_calls", model="counting")
        return ModelAnswer(json.dumps(_answer(request)), model="counting")


def measures() -> list[Measure]:
    """Three sizes of change, each beside a request that holds the diff alone."""
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "repository"
        _made(repository)
        return [row for size in SIZES for row in _measured(size, repository, Path(folder))]


def _measured(size: Size, repository: Path, folder: Path) -> Iterator[Measure]:
    model, diff = _reviewed(size, repository, folder)
    spent, cached = _tokens(model.requests)
    name = f"a {size.name} change"
    rounds, rounds_most = _rounds(model.requests), 3 if size.name == "small" else None
    fresh_most = 30_000 if size.name == "medium" else None
    yield Measure(f"model calls, {name}", len(model.requests), "")
    yield Measure(f"rounds one after the other, {name}", rounds, "", "at most", rounds_most)
    yield Measure(f"input tokens, {name}", spent, "")
    yield Measure(f"of them in a common prefix, {name}", 100 * cached / spent, "%")
    yield Measure(f"tokens not in it, {name}", spent - cached, "", "at most", fresh_most)
    yield Measure(f"tokens of its diff alone, {name}", diff + _BASELINE_INSTRUCTIONS, "")


def _reviewed(size: Size, repository: Path, folder: Path) -> tuple[CountingModel, int]:
    """(the model after one review, tokens of the change's diff)."""
    _git(repository, "checkout", "--quiet", "-B", size.name, "main")
    for number in range(size.modules):
        _write(repository, number, changed=size.functions)
    _git(repository, "commit", "--quiet", "--all", "--message", "Prices are three times as high")
    model = CountingModel()
    subject = local_subject(repository, f"main..{size.name}", Words(None, None))
    watch = TerminalWatch(sys.stderr, quiet=True)
    with closing(open_database("", folder / size.name)) as database:
        deps = Deps(subject.pulls, subject.repositories, model, SqlRecords(database), watch)
        review_pull_request(ReviewRequest(subject.ref, Trigger("event")), deps)
    return model, estimated_tokens(_git(repository, "diff", f"main..{size.name}"))


def _rounds(requests: list[ModelRequest]) -> int:
    """Of each stage the longest conversation; conversations of one stage run side by side."""
    turns = Counter((_stage(r), r.purpose, r.messages[:3]) for r in requests)
    return sum(
        max((count for (stage, *_), count in turns.items() if stage == wanted), default=0)
        for wanted in sorted(set(_STAGES.values()))
    )


def _stage(request: ModelRequest) -> int:
    return _STAGES[request.purpose.split()[0].rstrip(":")] if request.room != "hunt" else 0


def _tokens(requests: list[ModelRequest]) -> tuple[int, int]:
    """(input tokens, those in a prefix that an earlier request had too)."""
    spent = cached = 0
    before: list[str] = []
    for request in requests:
        text = "\0".join((repr(request.tools), *(m.content for m in request.messages)))
        common = max((_common(text, other) for other in before), default=0)
        spent += estimated_tokens(text)
        cached += estimated_tokens(text[:common]) if common else 0
        before.append(text)
    return spent, cached


def _common(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def _answer(request: ModelRequest) -> dict[str, object]:
    if request.room == "hunt":
        return {"defects": [_DEFECT], "sites": []}
    if request.room == "verify":
        count = request.messages[2].content.count("\n## ")
        return {"results": [{**_CHECKED, "number": number + 1} for number in range(count)]}
    if request.purpose.startswith("announced"):
        return {"results": []}
    return {"promises": [], "unasked": []}


def _made(repository: Path) -> None:
    """Modules whose functions call those of the module before."""
    (repository / "shop").mkdir(parents=True)
    _git(repository, "init", "--quiet", "--initial-branch=main")
    for number in range(_MODULES):
        _write(repository, number)
    _git(repository, "add", "--all")
    _git(repository, "commit", "--quiet", "--message", "A shop")


def _write(repository: Path, number: int, changed: int = 0) -> None:
    rows = [f"from shop.m{number - 1} import price_{number - 1}_0" if number else "import math", ""]
    for function in range(_FUNCTIONS):
        factor = 3 if function < changed else 2
        called = f"price_{number - 1}_0(n)" if number else "math.ceil(n)"
        rows += [f"def price_{number}_{function}(n):", f"    total = n * {factor}"]
        rows += [f"    part_{step} = total + {step}" for step in range(8)]
        rows += [f"    return total + {called}", "", ""]
    (repository / "shop" / f"m{number}.py").write_text("\n".join(rows))


def _git(repository: Path, *arguments: str) -> str:
    person = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    done = subprocess.run(
        ["git", "-C", str(repository), *person, *arguments],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


_DEFECT = {
    "title": "Prices are tripled",
    "what": "The factor is three, the callers expect two.",
    "trigger": "any price",
    "severity": "P1",
    "category": "correctness",
    "kind": "wrong-result",
    "symbol": "price_0_0",
    "path": "shop/m0.py",
    "at": "head",
    "line": 4,
    "end_line": 4,
    "evidence": [_QUOTE],
    "fix": "Multiply by two.",
    "suggestion": None,
}
_CHECKED = {
    "checked": "shop/m0.py:4",
    "verdict": "confirmed",
    "confidence": 0.9,
    "severity": "P1",
    "why": "It is as told.",
    "evidence": [],
    "same_as": None,
}
