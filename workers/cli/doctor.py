"""`plumbline doctor`: is this installation fit to run? One line a check, with its remedy."""

from __future__ import annotations

from collections.abc import Iterator

import click

from bot.environment import read_settings
from bot.errors import SettingError
from bot.settings import Settings
from workers.cli import health
from workers.cli.health import Check
from workers.cli.output.page import Page
from workers.cli.report import page_colour, print_report

_WIDE = 10_000
_MARKS = {"ok": ("ok", "kept"), "note": ("note", "partly"), "bad": ("FAIL", "broken")}


@click.command("doctor")
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Check this installation: settings, stores, GitHub, model.

    Exit status: 0 when it can run, 1 when something must be changed.
    """
    failed = False
    for check in _checks():
        print_report(_line(check))
        failed = failed or check.state == "bad"
    ctx.exit(1 if failed else 0)


def _checks() -> Iterator[Check]:
    """Each check is printed as soon as it is known: some wait for a network."""
    try:
        settings = read_settings()
    except SettingError as error:
        yield Check("settings", "bad", str(error))
        return
    yield Check("settings", "ok", "every value can be used")
    yield from _of(settings)


def _of(settings: Settings) -> Iterator[Check]:
    yield health.git_version()
    yield health.database(settings)
    yield health.redis(settings)
    yield health.github_app(settings.github)
    yield health.webhook_secret(settings)
    yield health.model(settings.model)


def _line(check: Check) -> str:
    page = Page(_WIDE, page_colour())
    mark, style = _MARKS[check.state]
    page.line((f"{mark:<5}", style), (f"{check.name:<16}", "title"), (check.text, ""))
    return page.text()
