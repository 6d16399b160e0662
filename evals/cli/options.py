"""Options that several commands of `plumbline eval` share."""

from __future__ import annotations

from pathlib import Path

import click

from workers.cli import options

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
EXISTING = click.Path(exists=True, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)

jobs_option = options.number_option("--jobs", 1, 32, 1, "How many at a time.")
judges_option = click.option(
    "--judge", "judges", multiple=True, metavar="MODEL", help="Model that judges; two may be named."
)
form_option = options.form_option(("text", "markdown", "json"))
level_option = click.option(
    "--level",
    type=click.Choice(["posted", "shown"]),
    default="posted",
    show_default=True,
    help="What counts as a comment.",
)
plot_option = click.option("--plot", type=FILE, metavar="FILE", help="Draw the ratios as SVG.")
