"""The models that the commands ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace

import click

from bot.environment import read_settings
from bot.ports import Model
from bot.settings import ModelSettings


@contextmanager
def judging(judges: Sequence[str]) -> Iterator[dict[str, Model]]:
    """The judges by their names: one model each, without fallbacks that would judge otherwise."""
    if not 1 <= len(judges) <= 2:
        raise click.UsageError("name one judge, or two, with --judge MODEL.")
    settings = read_settings().model
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(open_model(replace(settings, model=name, fallback_models=())))
            for name in judges
        }


@contextmanager
def open_model(settings: ModelSettings) -> Iterator[Model]:
    """A client that is closed in the end."""
    from workers.model.client import OpenAIModel  # here: the SDK takes a second to import

    with closing(OpenAIModel(settings)) as model:
        yield model
