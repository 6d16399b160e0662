"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
EXISTING = click.Path(exists=True, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)

jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 32), default=1, show_default=True, help="How many at a time."
)
judges_option = click.option(
    "--judge", "judges", multiple=True, metavar="MODEL", help="Model that judges; two may be named."
)
form_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Output.",
)
level_option = click.option(
    "--level",
    type=click.Choice(["posted", "shown"]),
    default="posted",
    show_default=True,
    help="What counts as a comment.",
)
plot_option = click.option("--plot", type=FILE, metavar="FILE", help="Draw the ratios as SVG.")
