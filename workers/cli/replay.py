"""`plumbline trace export` and `replay`: one review in a file, and made again from it."""

from __future__ import annotations

import tempfile
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import click

from bot.domain.policy import Effort
from bot.domain.pull_request import PullRequest
from bot.environment import read_settings
from bot.errors import UserError
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.record_search import RecordSearch
from bot.store.records import SqlRecords
from bot.store.spending import SqlSpending
from workers.cli.asked import policy_of
from workers.cli.output.replay_text import render_replayed
from workers.cli.report import Format, page_colour, page_width, print_report, render
from workers.replay.again import Otherwise, Replayed, replay
from workers.replay.archive import read_export, write_export
from workers.replay.export import Export
from workers.replay.exporting import export_of, pull_of
from workers.replay.recorded import Forgetful
from workers.repository.clones.bare_clones import BareClones
from workers.repository.clones.git import Git
from workers.repository.clones.local import borrowed
from workers.repository.clones.packing import commits_of, unpack
from workers.review.budgets import Budgets

SAME, DIFFERS, NOT_COMPLETED = 0, 1, 3
"""The exit status of a replay."""
_WIDE_SHA = 64


def export_record(key: str, output: Path | None, repo: Path) -> Path:
    """Write the export of one record; where it lies."""
    settings = read_settings()
    with ExitStack() as stack:
        database = stack.enter_context(
            closing(open_database(settings.database_url, settings.data_dir))
        )
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plumbline-")))
        record = RecordSearch(database).record(key)
        pull = pull_of(record)
        file = output or Path(_file_name(pull))
        if file.exists():
            raise UserError(f"{str(file)!r} exists already. Name another file with -o.")
        code = _code(pull, repo, settings)
        export = export_of(
            record, SqlRecords(database), code, folder, f"plumbline {version('plumbline')}"
        )
        write_export(export, file)
    return file


def _file_name(pull: PullRequest) -> str:
    name = "".join(c if c.isalnum() or c in "-_." else "-" for c in pull.ref.repository.full_name)
    number = f"-{pull.ref.number}" if pull.ref.number else ""
    return f"{name}{number}-{pull.head[:12]}.zip"


def _code(pull: PullRequest, repo: Path, settings: Settings) -> AbstractContextManager[Git]:
    """A local range is read from the person's repository, all else from the clone that was kept."""
    if not pull.ref.number:
        return borrowed(repo)
    clones = BareClones(settings.data_dir, settings.github.git_url, lambda _repository: None)
    return clones.kept(pull.ref.repository)


def replay_file(
    file: Path, policy: Path | None, model: str, effort: Effort | None, form: Format
) -> int:
    """Make the review of an export again, print what came of it; the exit status."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plumbline-")))
        export = read_export(file, folder)
        repositories = unpack(export.code, folder / "code", _wide(export))
        otherwise = Otherwise(None if policy is None else policy_of(policy), effort)
        if model:
            otherwise = _asking(otherwise, model, stack)
        replayed = replay(export, repositories, Forgetful(), otherwise)
        told = render_replayed(export, replayed, model, page_width(), page_colour())
        if form == "text":
            print_report(told)
        else:
            with repositories.open(export.pull) as code:
                print_report(render(replayed.review, form, code.read))
            click.echo(told, nl=False, err=True)
    return _status(replayed)


def _wide(export: Export) -> bool:
    """Whether the objects are named by SHA-256."""
    try:
        return len(commits_of(export.pull)[0]) == _WIDE_SHA
    except ValueError as error:
        raise UserError(f"the export cannot be used: {error}.") from error


def _asking(otherwise: Otherwise, model: str, stack: ExitStack) -> Otherwise:
    """The same with a model that is asked anew, on the configured server, within the budgets."""
    settings = read_settings()
    named = replace(settings.model, model=model, fast_model="", fallback_models=())
    from workers.model.client import OpenAIModel  # here: the SDK takes a second to import

    database = stack.enter_context(closing(open_database(settings.database_url, settings.data_dir)))
    asked = stack.enter_context(closing(OpenAIModel(named)))
    budgets = Budgets(replace(settings.limits, window=named.window), SqlSpending(database))
    return replace(otherwise, model=asked, budgets=budgets)


def _status(replayed: Replayed) -> int:
    if replayed.missing or replayed.review.status == "failed":
        return NOT_COMPLETED
    return DIFFERS if replayed.differences else SAME
