"""`plumbline outcomes`: what became of the findings that were posted."""

from __future__ import annotations

import json
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Literal

import click

from bot.environment import read_settings
from bot.errors import UserError
from bot.store.database import open_database
from bot.store.outcomes import SqlOutcomes
from workers.cli.options import form_option, repository_option
from workers.cli.output.outcomes_text import outcomes_json, render_outcomes
from workers.cli.report import page_colour, page_width, print_report

_DAYS = re.compile(r"([0-9]{1,5})d")


@click.command("outcomes")
@repository_option
@click.option("--since", default="", metavar="DATE", help="Posted since: 2026-01-31, or 90d.")
@form_option(("text", "json"))
def outcomes(repo: str, since: str, form: Literal["text", "json"]) -> None:
    """How many posted findings were worth a person's time.

    By repository, category, severity, origin, and month in which they were posted.
    """
    start, settings = day_of(since, datetime.now(UTC)), read_settings()
    with closing(open_database(settings.database_url, settings.data_dir)) as database:
        counts = SqlOutcomes(database).counts(repo, start)
    if form == "json":
        print_report(json.dumps(outcomes_json(counts), indent=2) + "\n")
    else:
        print_report(render_outcomes(counts, page_width(), page_colour()))


def day_of(text: str, now: datetime) -> datetime | None:
    """The moment that `--since` means; None when nothing is given.

    Raises:
        UserError: neither a date nor a number of days.
    """
    if not text:
        return None
    days = _DAYS.fullmatch(text)
    if days:
        return now - timedelta(days=int(days[1]))
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        message = f"--since: {text!r} is neither a date like 2026-01-31 nor days like 90d."
        raise UserError(message) from error
