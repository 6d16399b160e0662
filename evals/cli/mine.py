"""`plumbline eval mine`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from bot.errors import RangeError
from evals.case import Case
from evals.cli.options import FILE, FOLDER
from evals.cli.output import write
from evals.mining import Mined, mine
from evals.table import Table
from workers.cli.options import number_option
from workers.cli.report import print_report
from workers.repository.clones.git import GitFailed


@click.command("mine")
@click.option("--repo", type=FOLDER, default=Path(), help="Folder of the repository.")
@click.option("--revision", default="HEAD", show_default=True, help="The newest commit to read.")
@number_option("--commits", 1, 1_000_000, 5_000, "How many commits to read.")
@number_option("--most", 1, 10_000, 50, "At most so many cases with a defect.")
@number_option("--clean", 0, 10_000, 0, "So many more that nobody blamed.")
@click.option("--out", type=FILE, metavar="FILE", help="Where to write (default: standard output).")
def mine_command(
    repo: Path, revision: str, commits: int, most: int, clean: int, out: Path | None
) -> None:
    """Make cases of a project's own past: changes that later commits blame.

    Each case is one line of JSON. What was met and left out is told on standard error.
    """
    try:
        mined = mine(repo, revision, commits, most, clean)
    except GitFailed as error:
        raise RangeError(f"{revision!r} cannot be read in {str(repo)!r} ({error}).") from error
    _write_cases(mined.cases, out)
    click.echo(_told(mined), err=True)


def _write_cases(cases: Sequence[Case], out: Path | None) -> None:
    text = "".join(f"{case.model_dump_json(exclude_defaults=True)}\n" for case in cases)
    if out is None:
        print_report(text)
    else:
        write(out, text)


def _told(mined: Mined) -> str:
    rows = tuple((name, f"{count:,}") for name, count in sorted(mined.met.items()))
    return Table(f"{len(mined.cases)} cases", ("what was met", ""), rows).text()
