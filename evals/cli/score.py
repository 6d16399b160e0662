"""`plumbline eval score`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bot.domain.budget import Price
from bot.errors import UserError
from evals.chart import Bars, bar_chart
from evals.cli.models import judging
from evals.cli.options import FOLDER, form_option, jobs_option, judges_option, plot_option
from evals.cli.output import print_tables, write
from evals.measures import RATIOS
from evals.score_tables import Score, notes, score_tables
from evals.scoring import score


@click.command("score")
@click.argument("results", type=FOLDER)
@judges_option
@form_option
@plot_option
@click.option(
    "--price",
    metavar="IN,CACHED,OUT",
    help="US dollars for a million tokens, for reviews whose record holds no cost.",
)
@jobs_option
def score_command(
    results: Path,
    judges: tuple[str, ...],
    form: str,
    plot: Path | None,
    price: str | None,
    jobs: int,
) -> None:
    """Let judges match what was said to what is true, and print the numbers."""
    paid = _price(price) if price else None
    with judging(judges) as models:
        scored = score(results, models, jobs, paid)
    if plot is not None:
        write(plot, bar_chart(_bars_of_score(scored)))
    print_tables(form, scored.as_json(), score_tables(scored), notes(scored))


def _price(text: str) -> Price:
    try:
        fresh, cached, out = (float(part) for part in text.split(","))
    except ValueError as error:
        raise UserError(f"--price: {text!r} is not three numbers such as 2.5,0.25,10.") from error
    return Price(fresh, cached, out)


def _bars_of_score(scored: Score) -> Bars:
    levels = scored.first["levels"]
    shown = {"posted": levels["posted"], "shown": levels["shown"]}
    parts: dict[str, Callable[[dict[str, Any]], float | None]] = {
        "recall outside": lambda level: _share(level["outside"]),
        "recall within": lambda level: _share(level["inside"]),
    }
    ratios = [
        (name, tuple(level[name]["value"] for level in shown.values())) for name in RATIOS
    ] + [(name, tuple(part(level) for level in shown.values())) for name, part in parts.items()]
    return Bars(scored.run, tuple(shown), tuple(ratios))


def _share(found: dict[str, int]) -> float | None:
    return found["found"] / found["truths"] if found["truths"] else None
