"""What the commands print and write."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from bot.errors import UserError
from evals.table import Table
from workers.cli.output.safe_text import safe_line
from workers.cli.report import print_report


def print_tables(form: str, value: object, tables: Sequence[Table], said: Sequence[str]) -> None:
    """Tables and notes, or the value as JSON, on standard output."""
    if form == "json":
        print_report(json.dumps(value, indent=2) + "\n")
        return
    drawn = [table.markdown() if form == "markdown" else table.text() for table in tables]
    lines = [f"- {safe_line(line)}" if form == "markdown" else safe_line(line) for line in said]
    print_report("\n\n".join([*drawn, *(["\n".join(lines)] if lines else [])]) + "\n")


def write(file: Path, text: str) -> None:
    """Write a file that was asked for. Raises UserError."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{str(file)!r} cannot be written ({error}).") from error


def say(text: str) -> None:
    """One line of progress, on standard error."""
    click.echo(safe_line(text), file=sys.stderr)
