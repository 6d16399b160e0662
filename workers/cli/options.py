"""Options and arguments that several commands share: one spelling, one bound, one help text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from workers.cli.asked import EFFORTS

Decorated = TypeVar("Decorated", bound=Callable[..., Any] | click.Command)

range_argument = click.argument("commits", metavar="[BASE..HEAD]", required=False, default="")

repo_option = click.option(
    "--repo",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder of the repository (default: this one).",
)
repository_option = click.option(
    "--repo", default="", metavar="OWNER/NAME", help="Only of this repository."
)
effort_option = click.option(
    "--effort",
    type=click.Choice(list(EFFORTS)),
    default="auto",
    show_default=True,
    help="How deep.",
)
policy_option = click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Policy file to use instead of the repository's.",
)
grace_option = click.option(
    "--grace",
    type=click.FloatRange(0, 3600),
    default=30.0,
    show_default=True,
    help="Seconds that running jobs have when it is told to stop.",
)
debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show where an error came from."
)


def number_option(
    name: str, least: int, most: int, default: int, told: str
) -> Callable[[Decorated], Decorated]:
    """A number within bounds, its default shown."""
    return click.option(
        name, type=click.IntRange(least, most), default=default, show_default=True, help=told
    )


def form_option(forms: tuple[str, ...], told: str = "Output.") -> Callable[[Decorated], Decorated]:
    """`--format`; the first of the forms is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help=told,
    )
