"""What both rooms and the verifier share: the prompt prefix, and questions asked in parallel.

All calls of one review that look at one pack start with the same two messages, byte for byte, so
that providers can cache them; only what follows differs from room to room.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain.conversation import Message
from bot.errors import LimitExceeded, ModelError
from workers.context.pack import Pack
from workers.model.prompts import load_prompt

T = TypeVar("T")
U = TypeVar("U")
_PARALLEL = 4


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a question gave: a value, or the reason why there is none."""

    value: T | None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class SecondQuestion:
    """What a question is asked along with its own; the answer has a list of its own for it.

    `tag` is the prompt's, for the record.
    """

    text: str
    tag: str


def prefix(pack: Pack) -> tuple[Message, ...]:
    """The shared beginning of every conversation about this pack; none of the author's words."""
    return Message("system", load_prompt("system").template), Message("user", pack.text)


def in_parallel(tasks: Sequence[Callable[[], T]]) -> list[Outcome[T]]:
    """Run all tasks, a few at a time; a model's failure is an outcome, anything else is raised.

    Raises:
        Superseded: nobody wants the review any more.
    """
    with ThreadPoolExecutor(max_workers=_PARALLEL) as pool:
        futures = [pool.submit(copy_context().run, _guarded, task) for task in tasks]
        return [future.result() for future in futures]


def both(one: Callable[[], T], other: Callable[[], U]) -> tuple[T, U]:
    """Run two tasks at once and give both results; an exception of either is raised."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        first = pool.submit(copy_context().run, one)
        second = pool.submit(copy_context().run, other)
        return first.result(), second.result()


def _guarded(task: Callable[[], T]) -> Outcome[T]:
    try:
        return Outcome(task())
    except (ModelError, LimitExceeded) as error:
        return Outcome(None, str(error))
