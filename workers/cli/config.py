"""`plumbline config`: is the policy file right?"""

from __future__ import annotations

from pathlib import Path

import click

from bot.domain.policy_file import parse_policy
from bot.errors import PolicyError

_DEFAULT = ".github/plumbline.yml"


@click.group("config")
def config() -> None:
    """Check the policy file."""


@config.command("check")
@click.argument("file", default=_DEFAULT, type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Say OK, or every problem of FILE with its line and remedy (exit status 2)."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{str(file)!r} cannot be read ({error}). Name a policy file."
        raise PolicyError(message) from error
    problems = parse_policy(text, str(file)).problems
    if problems:
        for problem in problems:
            click.echo(problem, err=True)
        raise click.exceptions.Exit(2)
    click.echo(f"{file}: OK")
