"""A finished review on standard output, in the format that was asked for."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.metadata import version
from typing import Literal

import click

from bot.domain.review import Review
from workers.cli.output.snippets import Sources

Format = Literal["text", "json", "sarif", "markdown"]
FORMATS: tuple[Format, ...] = ("text", "json", "sarif", "markdown")

_NARROWEST = 60
_WIDEST = 110
_PIPED = 80


def render(review: Review, form: Format, sources: Sources) -> str:
    """The whole report. Only `text` depends on the terminal, and reads `sources`.

    Each renderer is imported where it is used, so that no format pays for another.
    """
    match form:
        case "text":
            from workers.cli.output.text import render_text

            return render_text(review, sources, page_width(), page_colour())
        case "json":
            from workers.cli.output.json import render_json

            return render_json(review)
        case "sarif":
            from workers.cli.output.sarif import render_sarif

            return render_sarif(review, version("plumbline"))
        case "markdown":
            from workers.cli.output.markdown import render_markdown

            return render_markdown(review)


def print_report(text: str) -> None:
    """Write it whole; a character that the terminal's encoding lacks becomes a question mark."""
    click.echo(text.encode(sys.stdout.encoding or "utf-8", "replace"), nl=False)


def page_width() -> int:
    """Columns of the terminal within reason; 80 where the output is no terminal."""
    if not sys.stdout.isatty():
        return _PIPED
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((_PIPED, 24)).columns))


def page_colour() -> bool:
    """Colour on a terminal, unless NO_COLOR (https://no-color.org) or TERM=dumb says otherwise."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()
