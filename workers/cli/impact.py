"""`plumbline impact`: what hangs on a change, without a model."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from bot.ports import Code
from workers.cli.local_change import NothingChanged, Words
from workers.cli.output.impact.tree import Impact, impact_of
from workers.cli.report import page_colour, page_width, print_report
from workers.cli.subject import local_subject
from workers.repository.knowledge import understand, with_companions
from workers.repository.references.callers import DEPTH_CAP
from workers.review.reading_policy import PolicyOverrides, path_rule, read_policy

ImpactFormat = Literal["text", "json", "html"]
IMPACT_FORMATS: tuple[ImpactFormat, ...] = ("text", "json", "html")


@click.command("impact")
@click.argument("commits", metavar="[BASE..HEAD]", required=False, default="")
@click.option(
    "--repo",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder of the repository (default: this one).",
)
@click.option(
    "--depth",
    type=click.IntRange(1, DEPTH_CAP),
    default=2,
    show_default=True,
    help="How far to follow the callers of callers.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(IMPACT_FORMATS),
    default="text",
    show_default=True,
    help="Output; html is one page that needs no network.",
)
@click.option("--debug", is_flag=True, expose_value=False, help="Show where an error came from.")
def impact(*, commits: str, repo: Path, depth: int, form: ImpactFormat) -> None:
    """Show which contracts a change alters, and what hangs on them.

    Without a range: from where the default branch was left to HEAD.
    No model is asked, and nothing is recorded.
    """
    try:
        subject = local_subject(repo, commits, Words())
    except NothingChanged as error:
        click.echo(f"plumbline: {error}", err=True)
        return
    pull = subject.pulls.read(subject.ref)
    with subject.repositories.open(pull) as code:
        ignored = path_rule(read_policy(code, pull, PolicyOverrides()).ignore)
        change = code.changes()
        knowledge = understand(code, change, pull.base_tip, ignored, depth)
        knowledge = with_companions(knowledge, code, change, ignored)
        told = impact_of(
            knowledge, change.base, change.head, depth, len(change.files), change.notes
        )
        report = _rendered(told, form, code)
    print_report(report)


def _rendered(told: Impact, form: ImpactFormat, code: Code) -> str:
    """Each renderer is imported where it is used, so that no format pays for another."""
    match form:
        case "text":
            from workers.cli.output.impact.text import render_impact

            return render_impact(told, page_width(), page_colour())
        case "json":
            from workers.cli.output.impact.json import render_impact_json

            return render_impact_json(told)
        case "html":
            from workers.cli.output.impact.html import render_impact_page

            return render_impact_page(told, code.read)
