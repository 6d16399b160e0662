"""`plumbline config`: is the policy file right?"""

from __future__ import annotations

from pathlib import Path

import click

from bot.domain.policy_file import parse_policy
from bot.errors import PolicyError

_DEFAULT = Path(".github/plumbline.yml")


@click.group("config")
def config() -> None:
    """Check the policy file."""


@config.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
def check(file: Path | None) -> None:
    """List every problem of FILE.

    Each with its line and remedy; exit status 2 if there is one.
    Without FILE: .github/plumbline.yml.
    """
    if file is None and not _DEFAULT.exists():
        click.echo(f"no policy: there is no {_DEFAULT}, the defaults hold")
        return
    file = file or _DEFAULT
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        message = f"{str(file)!r} cannot be read ({why}). Name a policy file."
        raise PolicyError(message) from error
    problems = parse_policy(text, str(file)).problems
    if problems:
        for problem in problems:
            click.echo(problem, err=True)
        raise click.exceptions.Exit(2)
    click.echo(f"{file}: OK")
