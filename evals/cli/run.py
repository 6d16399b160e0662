"""`plumbline eval run`."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import click

from bot.environment import read_settings
from bot.errors import UserError
from bot.store.database import open_database
from bot.store.records import SqlRecords
from evals.baselines.asking import Baseline
from evals.case import load_cases
from evals.cli.models import open_model
from evals.cli.options import EXISTING, jobs_option
from evals.cli.output import say
from evals.repositories import CaseRepositories
from evals.result import ResultFolder
from evals.running import Reviewer, Run
from workers.cli.asked import EFFORTS
from workers.cli.options import effort_option
from workers.review.budgets import Budgets


@click.command("run")
@click.argument("cases", type=EXISTING)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Where the results go; run again to go on.",
)
@click.option("--model", metavar="NAME", help="Model to ask instead of PLUMBLINE_MODEL.")
@effort_option
@click.option(
    "--baseline",
    type=click.Choice(["diff-only", "agent"]),
    help="Run this instead of the whole method.",
)
@jobs_option
def run_command(
    cases: Path, out: Path, model: str | None, effort: str, baseline: str | None, jobs: int
) -> None:
    """Review every case of CASES, a file or a folder; exit with 3 where one was not done."""
    chosen = load_cases(cases)
    settings = read_settings()
    named = settings.model
    if model:  # one model is measured, so no other answers for it
        named = replace(named, model=model, fast_model="", fallback_models=())
    if baseline and not named.configured:
        raise UserError(f"the baseline {baseline!r} needs a model: set PLUMBLINE_MODEL or --model.")
    with ExitStack() as stack:
        asked = stack.enter_context(open_model(named)) if named.configured else None
        database = stack.enter_context(closing(open_database("", out / "records")))
        reviewer = Reviewer(
            asked,
            named.model,
            EFFORTS[effort],
            cast("Baseline | None", baseline),
            Budgets(replace(settings.limits, window=named.window)),
        )
        repositories = CaseRepositories(out / "repositories")
        run = Run(reviewer, ResultFolder(out), SqlRecords(database), repositories)
        if asked is None:
            say("No model is configured (PLUMBLINE_MODEL): only the contract checks run.")
        results = run.over(chosen, jobs, say)
    undone = [result for result in results if not result.done]
    say(f"{len(results) - len(undone)} of {len(results)} cases are done: {out}")
    if undone:
        raise click.exceptions.Exit(3)
