"""`plumbline memory`: what people taught, for whoever runs the App."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from uuid import uuid4

import click

from bot.domain.finding import Category
from bot.domain.learning import Learning, Teaching, one_line, teaching_problem
from bot.domain.record_codec import encode
from bot.environment import read_settings
from bot.errors import UserError
from bot.store.database import open_database
from bot.store.learnings import SqlLearnings
from workers.cli.options import repository_option
from workers.cli.output.memory_text import render_learnings
from workers.cli.report import page_colour, page_width, print_report
from workers.model.redaction import redact

_ONE = click.option("--repo", required=True, metavar="OWNER/NAME", help="The repository.")
_CATEGORIES = [category.value for category in Category]


@click.group("memory")
def memory() -> None:
    """Look at what people taught, add to it, forget it, promote it."""


@memory.command("list")
@repository_option
def list_learnings(repo: str) -> None:
    """What is remembered, by repository and number."""
    with _learnings() as learnings:
        known = _known(learnings, repo)
    print_report(render_learnings(known, page_width(), page_colour()))


@memory.command("export")
@repository_option
def export(repo: str) -> None:
    """The same as one JSON object, whole."""
    with _learnings() as learnings:
        known = [encode(learning) for learning in _known(learnings, repo)]
    print_report(json.dumps({"schema": 1, "learnings": known}, indent=2) + "\n")


@memory.command("add")
@click.argument("text")
@_ONE
@click.option("--path", "paths", multiple=True, metavar="PATTERN", help="Only about these paths.")
@click.option("--category", type=click.Choice(_CATEGORIES), help="Only about such findings.")
def add(text: str, repo: str, paths: tuple[str, ...], category: str | None) -> None:
    """Teach TEXT, a rule or a fact about a repository."""
    words = redact(one_line(text))[0]
    if problem := teaching_problem(words, paths):
        raise UserError(problem)
    teaching = Teaching(
        source=f"command line {uuid4().hex}",
        author=getpass.getuser(),
        paths=paths,
        category=None if category is None else Category(category),
    )
    with _learnings() as learnings:
        taught = learnings.teach(learnings.repository_named(repo), words, teaching)
    known = "known already" if taught.known else "remembered"
    click.echo(f"{taught.learning.repository.full_name} {taught.learning.number}: {known}")
    if taught.left is not None:
        click.echo(f"forgotten to make room: {taught.left.number}: {taught.left.text}")


@memory.command("forget")
@click.argument("number", type=click.IntRange(1))
@_ONE
def forget(number: int, repo: str) -> None:
    """Forget what a repository remembers as NUMBER."""
    with _learnings() as learnings:
        done = learnings.forget(learnings.repository_named(repo), number, "command line")
    _say(repo, number, "forgotten", done)


@memory.command("promote")
@click.argument("number", type=click.IntRange(1))
@_ONE
@click.option("--undo", is_flag=True, help="Make it the repository's alone again.")
def promote(number: int, repo: str, undo: bool) -> None:
    """Offer what a repository remembers as NUMBER to all of its installation.

    What a private repository taught is offered to private ones only.
    """
    with _learnings() as learnings:
        repository = learnings.repository_named(repo)
        done = learnings.promote(repository, number, promoted=not undo)
        key = (repository.id, number)
        private = any(
            one.repository.private for one in learnings.known(repository) if one.key == key
        )
    others = "private repositories" if private else "repositories"
    to_all = f"offered to all {others} of the installation"
    _say(repo, number, "offered to its own repository alone" if undo else to_all, done)


def _known(learnings: SqlLearnings, repo: str) -> Sequence[Learning]:
    return learnings.of(learnings.repository_named(repo)) if repo else learnings.everywhere()


def _say(repo: str, number: int, what: str, done: bool) -> None:
    if not done:
        raise UserError(f"{repo} remembers nothing as {number}. `plumbline memory list` shows all.")
    click.echo(f"{repo} {number}: {what}")


@contextmanager
def _learnings() -> Iterator[SqlLearnings]:
    settings = read_settings()
    with closing(open_database(settings.database_url, settings.data_dir)) as database:
        yield SqlLearnings(database)
