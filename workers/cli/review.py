"""`plumbline review`: the same review as on GitHub, of a local range, in the terminal."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

from bot.domain.finding import Severity
from bot.domain.jobs import Trigger
from bot.domain.policy import Effort
from bot.domain.pull_request import PullRef
from bot.environment import read_settings
from bot.ports import Model
from bot.settings import ModelSettings, Settings
from bot.store.database import open_database
from bot.store.records import SqlRecords
from bot.store.spending import SqlSpending
from workers.cli.asked import EFFORTS, policy_of
from workers.cli.exit_status import exit_status
from workers.cli.local_change import NothingChanged, Words
from workers.cli.options import (
    debug_option,
    effort_option,
    form_option,
    policy_option,
    range_argument,
    repo_option,
)
from workers.cli.progress import TerminalWatch
from workers.cli.report import FORMATS, Format, print_report, render
from workers.cli.subject import Subject, local_subject, pull_request_subject
from workers.pipeline import Deps, Reviewed, ReviewRequest, review_pull_request
from workers.repository.dependencies.artefacts.releases import open_releases
from workers.review.budgets import Budgets
from workers.review.reading_policy import PolicyOverrides

NO_MODEL = (
    "No model is configured (PLUMBLINE_MODEL): only the contract checks ran; "
    "defects were not hunted, and intent was not judged."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of one review."""

    effort: Effort | None
    overrides: PolicyOverrides
    form: Format
    fail_on: Severity | None


@click.command("review")
@range_argument
@repo_option
@click.option("--title", help="Title of the change (default: from its commits).")
@click.option(
    "--body-file",
    type=click.File(encoding="utf-8", errors="replace"),
    help="File that describes the change, - for standard input (default: from its commits).",
)
@form_option(FORMATS)
@click.option(
    "--fail-on",
    type=click.Choice([level.value for level in Severity], case_sensitive=False),
    help="Exit with 1 for a finding of this severity or worse.",
)
@effort_option
@policy_option
@click.option("--pr", metavar="URL", help="Review a pull request on GitHub (GITHUB_TOKEN).")
@click.option("--post", is_flag=True, help="With --pr: post the review; else it is only shown.")
@click.option("--quiet", "-q", is_flag=True, help="No progress on standard error.")
@debug_option
@click.pass_context
def review(  # noqa: PLR0913 - one parameter for each option
    ctx: click.Context,
    *,
    commits: str,
    repo: Path,
    title: str | None,
    body_file: TextIO | None,
    form: Format,
    fail_on: str | None,
    effort: str,
    policy: Path | None,
    pr: str | None,
    post: bool,
    quiet: bool,
) -> None:
    """Review a range of commits: what it promises, and what it breaks.

    Without a range: from where the default branch was left to HEAD.
    With --pr: a pull request on GitHub; nothing is written without --post.

    \b
    Exit status: 0 nothing at or above --fail-on; 1 something is; 2 usage or
    configuration; 3 the review is not complete.
    """
    settings = read_settings()
    asked = Asked(
        effort=EFFORTS[effort],
        overrides=policy_of(policy),
        form=form,
        fail_on=None if fail_on is None else Severity(fail_on.upper()),
    )
    if pr is not None:
        if commits or title is not None or body_file is not None:
            raise click.UsageError("--pr names the whole change: leave range, title and body out.")
        subject = pull_request_subject(pr, settings)
    else:
        if post:
            raise click.UsageError("--post needs --pr: a local range is nowhere to be posted to.")
        body = None if body_file is None else body_file.read()
        try:
            subject = local_subject(repo, commits, Words(title, body))
        except NothingChanged as error:
            click.echo(f"plumbline: {error}", err=True)
            return
    ctx.exit(_run(asked, subject, settings, TerminalWatch(sys.stderr, quiet), post))


def _run(
    asked: Asked, subject: Subject, settings: Settings, watch: TerminalWatch, post: bool
) -> int:
    with ExitStack() as stack:
        stack.callback(watch.end)
        database = stack.enter_context(
            closing(open_database(settings.database_url, settings.data_dir))
        )
        records = SqlRecords(database)
        model = _model(settings.model, stack)
        releases = open_releases(settings)
        deps = Deps(
            subject.pulls,
            subject.repositories,
            model,
            records,
            watch,
            releases=releases,
            budgets=Budgets(settings.limits, SqlSpending(database)),
        )
        reviewed = review_pull_request(_request(asked, subject.ref), deps)
        report = _report(reviewed, asked.form, subject)
        watch.end()
        print_report(report)  # first, so that a refusal to post costs nobody the review
        if post and subject.publisher is not None:
            watch.stage("publishing")
            github_id = subject.publisher.publish(subject.ref, reviewed.review, reviewed.key, 1)
            records.published(reviewed.key, github_id)
    if not settings.model.configured:
        watch.notice(NO_MODEL)
    return exit_status(reviewed.review, asked.fail_on)


def _request(asked: Asked, ref: PullRef) -> ReviewRequest:
    """Each run is a review of its own, so its trigger is named after the moment."""
    trigger = Trigger("rerequest", id=f"terminal-{time.time_ns() // 1_000_000}")
    return ReviewRequest(
        ref=ref,
        trigger=trigger,
        asked=True,
        effort=asked.effort,
        overrides=asked.overrides,
    )


def _report(reviewed: Reviewed, form: Format, subject: Subject) -> str:
    with subject.repositories.open(reviewed.pull) as code:
        return render(reviewed.review, form, code.read)


def _model(settings: ModelSettings, stack: ExitStack) -> Model | None:
    if not settings.configured:
        return None
    from workers.model.client import OpenAIModel  # here: the SDK takes a second to import

    return stack.enter_context(closing(OpenAIModel(settings)))
