"""`plumbline`: the one program. Subcommands are imported when they are used, so help is quick."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from bot.errors import PlumblineError, UserError

EXIT_USAGE = 2
"""A setting, an option or a file must be changed."""
EXIT_FAILED = 3
"""The program could not complete what was asked."""


@dataclass(frozen=True, slots=True)
class Subcommand:
    """Where a subcommand lives, and its line in the help (so that listing imports nothing)."""

    module: str
    attribute: str
    help: str


SUBCOMMANDS: dict[str, Subcommand] = {
    "review": Subcommand("workers.cli.review", "review", "Review a local range or a pull request."),
    "impact": Subcommand("workers.cli.impact", "impact", "Show what hangs on a change."),
    "trace": Subcommand("workers.cli.trace", "trace", "Look at the records of reviews."),
    "config": Subcommand("workers.cli.config", "config", "Check a policy file."),
    "memory": Subcommand("workers.cli.memory", "memory", "Look at what people taught."),
    "outcomes": Subcommand(
        "workers.cli.outcomes", "outcomes", "Show what became of posted findings."
    ),
    "eval": Subcommand("evals.cli", "evaluation", "Measure reviews on known defects."),
    "doctor": Subcommand("workers.cli.doctor", "doctor", "Check this installation."),
    "serve": Subcommand("workers.cli.serve", "serve", "Run the App: receiver, workers, stores."),
    "worker": Subcommand("workers.cli.worker", "worker", "Run more workers."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order of the table."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command itself; imports its module."""
        entry = SUBCOMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = getattr(importlib.import_module(entry.module), entry.attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.module}.{entry.attribute} is no click command: {command!r}")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, without importing one."""
        rows = [(name, entry.help) for name, entry in SUBCOMMANDS.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _show_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import version  # here: it slows every start-up

    click.echo(f"plumbline {version('plumbline')}")
    ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
@click.option("--debug", is_flag=True, help="Show where an unexpected error came from.")
@click.pass_context
def plumbline(ctx: click.Context, debug: bool) -> None:
    """Review pull requests against what their authors promise."""
    ctx.obj = debug


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point: every way to fail is one line on stderr and a fixed exit status."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; its exit status.

    2: something given cannot be used; 3: it could not be completed; 130: interrupted.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status: Any = plumbline.main(args=words, prog_name="plumbline", standalone_mode=False)
    except click.ClickException as error:
        error.show(sys.stderr)
        return EXIT_USAGE
    except (click.Abort, KeyboardInterrupt):
        return _say("interrupted", 130)
    except UserError as error:
        return _say(str(error), EXIT_USAGE)
    except BrokenPipeError:
        # The reader (head, less) has seen enough; nothing is left to flush to at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the outermost frame: a person sees a line, not a traceback
        if "--debug" in words:
            traceback.print_exc()
        return _say(_one_line(error), EXIT_FAILED)
    return status if isinstance(status, int) else 0


def _one_line(error: Exception) -> str:
    first = str(error).strip().partition("\n")[0]
    if isinstance(error, PlumblineError) and first:
        return first
    name = type(error).__name__
    what = f"{name}: {first}" if first else name
    return f"unexpected error: {what}. Run `plumbline --debug ...` to see where it came from."


def _say(text: str, status: int) -> int:
    click.echo(f"plumbline: {text}", err=True)
    return status
