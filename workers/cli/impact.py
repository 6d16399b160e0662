"""`plumbline impact`: what hangs on a change, without a model."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from bot.ports import Code
from workers.cli.local_change import NothingChanged, Words
from workers.cli.options import (
    debug_option,
    form_option,
    number_option,
    range_argument,
    repo_option,
)
from workers.cli.output.impact.tree import Impact, impact_of
from workers.cli.report import page_colour, page_width, print_report
from workers.cli.subject import local_subject
from workers.repository.knowledge import understand, with_companions
from workers.repository.references.callers import DEPTH_CAP
from workers.review.reading_policy import PolicyOverrides, path_rule, read_policy

ImpactFormat = Literal["text", "json", "html"]
IMPACT_FORMATS: tuple[ImpactFormat, ...] = ("text", "json", "html")


@click.command("impact")
@range_argument
@repo_option
@number_option("--depth", 1, DEPTH_CAP, 2, "How far to follow the callers of callers.")
@form_option(IMPACT_FORMATS, "Output; html is one page that needs no network.")
@debug_option
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
