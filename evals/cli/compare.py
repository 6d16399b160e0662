"""`plumbline eval compare` and `page`: two runs side by side, for a program and for a person."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from evals.chart import Bars, bar_chart
from evals.cli.models import judging
from evals.cli.options import (
    FILE,
    FOLDER,
    form_option,
    jobs_option,
    judges_option,
    level_option,
    plot_option,
)
from evals.cli.output import print_tables, say, write
from evals.comparing import compare
from evals.measures import RATIOS
from evals.result import ResultFolder
from evals.scoring import judged, run_name
from evals.side_by_side import side_by_side_page
from evals.tally import Level


@click.command("compare")
@click.argument("a", type=FOLDER)
@click.argument("b", type=FOLDER)
@judges_option
@level_option
@form_option
@plot_option
@jobs_option
def compare_command(
    a: Path,
    b: Path,
    judges: tuple[str, ...],
    level: Level,
    form: str,
    plot: Path | None,
    jobs: int,
) -> None:
    """Set two runs over the same cases side by side, case by case. The first judge decides."""
    with judging(judges[:1]) as models:
        first, second = (next(iter(judged(folder, models, jobs).values())) for folder in (a, b))
    names = (_name(a), _name(b))
    found = compare(names, first, second, level)
    if plot is not None:
        ratios = tuple((d.name, (d.a, d.b)) for d in found.deltas if d.name in RATIOS)
        write(plot, bar_chart(Bars(f"{names[0]} and {names[1]}: {level}", names, ratios)))
    print_tables(form, found.as_json(), found.tables(), found.notes())


@click.command("page")
@click.argument("a", type=FOLDER)
@click.argument("b", type=FOLDER)
@click.option("--out", type=FILE, required=True, metavar="FILE", help="Where to write the page.")
@click.option("--seed", type=int, help="Shuffle alike each time.")
def page_command(a: Path, b: Path, out: Path, seed: int | None) -> None:
    """Write one page on which a person picks the better of two unnamed reviews, case by case."""
    first, second = (ResultFolder(folder).results() for folder in (a, b))
    chosen = secrets.randbits(32) if seed is None else seed
    write(out, side_by_side_page((_name(a), _name(b)), first, second, chosen))
    say(f"Open {out} in a browser.")


def _name(folder: Path) -> str:
    """Reviewer, model and folder: two runs of one reviewer are told apart."""
    return f"{run_name(ResultFolder(folder).results())} in {folder.name}"
