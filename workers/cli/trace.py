"""`plumbline trace`: look at the records of reviews, carry one away, make it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click

from bot.domain.review_json import record_to_json
from bot.environment import read_settings
from bot.store.database import open_database
from bot.store.record_search import Record, RecordSearch
from workers.cli.asked import EFFORTS
from workers.cli.options import form_option, number_option, policy_option, repository_option
from workers.cli.output.trace_text import render_list, render_record
from workers.cli.report import FORMATS, Format, page_colour, page_width, print_report


@click.group("trace")
def trace() -> None:
    """Look at the records of reviews: inputs, steps, every finding with its fate."""


@trace.command("list")
@repository_option
@number_option("--limit", 1, 10_000, 20, "How many.")
def list_records(repo: str, limit: int) -> None:
    """The newest records first."""
    with _search() as search:
        print_report(render_list(search.newest(repo, limit), page_width(), page_colour()))


@trace.command("show")
@click.argument("key")
@click.option("--steps", is_flag=True, help="With the whole text of each model and tool call.")
@click.option("--json", "as_json", is_flag=True, help="The whole record as one JSON object.")
def show_record(key: str, steps: bool, as_json: bool) -> None:
    """One record. KEY may be the beginning of a record's key or of the head's SHA."""
    with _search() as search:
        record = search.record(key)
    if as_json:
        print_report(json.dumps(record_json(record), indent=2) + "\n")
    else:
        print_report(render_record(record, steps, page_width(), page_colour()))


@trace.command("export")
@click.argument("key")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write (default: named after the change, in this folder).",
)
@click.option(
    "--repo",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Repository of a local range (default: this one).",
)
def export(key: str, output: Path | None, repo: Path) -> None:
    """Write all that one review was made of into one file: inputs, answers, code.

    It holds the code of the change and of its base, and what the author wrote.
    """
    from workers.cli.replay import export_record  # here: a list needs no pipeline

    click.echo(str(export_record(key, output, repo)))


@trace.command("replay")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@policy_option
@click.option("--model", default="", metavar="NAME", help="Ask this model anew.")
@click.option(
    "--effort", type=click.Choice(list(EFFORTS)), default="auto", help="Another depth (--model)."
)
@form_option(FORMATS, "text: what differs; else the review itself.")
@click.pass_context
def replay(
    ctx: click.Context, *, file: Path, policy: Path | None, model: str, effort: str, form: Format
) -> None:
    """Make an exported review again, without a network unless a model is named.

    \b
    Exit status: 0 the same review; 1 another one; 2 usage or a file that
    cannot be read; 3 not completed: an answer is not on record.
    """
    from workers.cli.replay import replay_file  # here: a list needs no pipeline

    ctx.exit(replay_file(file, policy, model, EFFORTS[effort], form))


def record_json(record: Record) -> dict[str, Any]:
    """Everything that is stored of a review: identity, inputs, the review, its steps in order."""
    summary = record.summary
    return {
        "schema": 1,
        "key": summary.key,
        "repository": summary.repository,
        "number": summary.number,
        "head": summary.head,
        "status": summary.status,
        "attempt": summary.attempt,
        "started_at": summary.started_at.isoformat(),
        "finished_at": summary.finished_at and summary.finished_at.isoformat(),
        "published_at": summary.published_at and summary.published_at.isoformat(),
        "inputs": dict(record.inputs),
        "review": None if record.review is None else record_to_json(record.review),
        "steps": [
            {
                "kind": step.kind,
                "name": step.name,
                "prompt_version": step.prompt_version,
                "seconds": step.seconds,
                "request": dict(step.request),
                "response": dict(step.response),
            }
            for step in record.steps
        ],
    }


@contextmanager
def _search() -> Iterator[RecordSearch]:
    settings = read_settings()
    with closing(open_database(settings.database_url, settings.data_dir)) as database:
        yield RecordSearch(database)
