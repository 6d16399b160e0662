"""Pull requests that are too large to read: bounded work, and the truth about it."""

from __future__ import annotations

import time

from inline_snapshot import snapshot

from tests.fakes.answers import rooms
from tests.stories.world import World

MOST_SECONDS = 60.0


def test_three_thousand_files(world: World) -> None:
    files: dict[str, str | None] = {
        f"pkg{n % 40}/module{n}.py": f"def f{n}():\n    return {n}\n" for n in range(3_000)
    }
    world.model = model = rooms()
    began = time.monotonic()
    pull = world.open(files)
    world.drain()
    assert world.page(pull).glance() == snapshot('=== check of HEAD1 completed success: Clean: nothing found')
    assert (world.failures, world.record(pull).status) == ([], "partial")
    assert len(world.github.checks(pull)[0].output["text"] or "") < 65_536
    assert len(model.requests) <= 40
    assert time.monotonic() - began < MOST_SECONDS


def test_twenty_thousand_lines_in_one_file(world: World) -> None:
    text = "".join(f"value_{n} = {n}\n" for n in range(20_000))
    world.model = model = rooms()
    began = time.monotonic()
    pull = world.open({"shop/values.py": text})
    world.drain()
    assert world.page(pull).whole() == snapshot("""\
=== check of HEAD1 completed neutral: Plain checks found nothing; intent not judged
Plain checks found nothing. No changed file was read by a model: defects were not hunted and intent was not judged.\
""")
    assert len(model.requests) <= 40
    assert time.monotonic() - began < MOST_SECONDS
