"""Pull requests that are too large to read: bounded work, and the truth about it."""

from __future__ import annotations

from collections import Counter

import pytest
from inline_snapshot import snapshot

from bot.domain.review import FileCoverage
from tests.fakes.answers import rooms
from tests.stories.world import World
from workers.repository import knowledge


def test_three_thousand_files(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge, "SECONDS", 600.0)  # what a slow machine leaves out is told
    files: dict[str, str | None] = {
        f"pkg{n % 40}/module{n}.py": _functions(n) for n in range(3_000)
    }
    world.model = model = rooms()
    pull = world.open(files)
    world.drain()
    assert world.page(pull).glance() == snapshot(
        "=== check of HEAD1 completed neutral: Partial: nothing found in what was read"
    )
    review = world.record(pull)
    states = Counter(entry.state for entry in review.coverage.files)
    assert (world.failures, review.status, states, review.coverage.not_done) == snapshot(
        ([], "partial", Counter({"read": 1496, "cut": 1504}), ())
    )
    assert len(world.github.checks(pull)[0].output["text"] or "") < 65_536
    assert len(model.requests) <= 40


def _functions(module: int) -> str:
    return "\n\n".join(f"def f{module}_{n}(x):\n    return x + {n}\n" for n in range(6))


def test_twenty_thousand_lines_in_one_file(world: World) -> None:
    text = "".join(f"value_{n} = {n}\n" for n in range(20_000))
    world.model = model = rooms()
    pull = world.open({"shop/values.py": text})
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed success: Clean: nothing found
No issues found.\
""")
    review = world.record(pull)
    assert (world.failures, review.status, review.coverage.files) == snapshot(
        (
            [],
            "complete",
            (FileCoverage(path="shop/values.py", state="read"),),
        )
    )
    assert len(model.requests) <= 40
