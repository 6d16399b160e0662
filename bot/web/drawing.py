"""Values to HTML. Every text is data: escaped, its invisible characters written out, cut.

This is done in one place for whatever a template shows (`finalize`), so no template can forget it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.domain.finding import Fate
from bot.domain.plural import plural
from bot.github.markdown_safety import visible
from bot.settings import PAGES_PATH
from bot.web import links

FOLDER = Path(__file__).with_name("templates")
LONGEST_TEXT = 20_000
MOST_TEXT = 1_000_000
"""Characters of one text, and of all texts of a page; the records hold the rest."""
SHORT = 200
"""Characters that are shown wherever they stand: the fields of a form must be whole."""
NOTHING = "\N{EN DASH}"
"""Where a number is not known."""

_left = ContextVar("characters that the page which is being drawn may still show", default=0)


def draw(template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401
    """A whole page."""
    _left.set(MOST_TEXT)
    return HTMLResponse(_templates().get_template(template).render(values), status)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        auto_reload=False,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_FILTERS)
    environment.globals.update(
        root=PAGES_PATH,
        repository_page=links.repository_page,
        review_page=links.review_page,
        step_page=links.step_page,
    )
    return environment


def shown(value: object) -> object:
    """What stands in the page for a value; None leaves nothing."""
    if value is None:
        return ""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    text = value if len(value) <= SHORT else value[: min(LONGEST_TEXT, _left.get())]
    _left.set(max(0, _left.get() - len(text)))
    more = len(value) - len(text)
    plain = text.replace("\n", "").replace("\t", "").isprintable()
    return (text if plain else visible(text)) + (f" … ({more:,} more characters)" if more else "")


def moment(at: datetime | None) -> Markup | str:
    """A time to the minute, UTC."""
    if at is None:
        return ""
    machine, person = f"{at:%Y-%m-%dT%H:%M:%SZ}", f"{at:%Y-%m-%d %H:%M}"
    return Markup('<time datetime="{}">{}</time>').format(machine, person)


def money(dollars: float | None) -> str:
    """US dollars; cents of cents for what is cheaper than one."""
    if dollars is None:
        return NOTHING
    return f"${dollars:,.2f}" if dollars >= 0.1 else f"${dollars:.4f}"


def duration(seconds: float | None) -> str:
    """`0.3 s`, `42 s`, `3 min 5 s`."""
    if seconds is None:
        return NOTHING
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def thousands(number: int | None) -> str:
    """`12,345`; nothing where there is no number."""
    return "" if number is None else f"{number:,}"


def by_fate(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """What people saw first, as the fates are listed; what is no fate comes last."""
    order = [fate.value for fate in Fate]
    known = [(fate, counts[fate]) for fate in order if fate in counts]
    return known + [(fate, count) for fate, count in counts.items() if fate not in order]


def percent(share: float | None) -> str:
    """`75 %`, or a dash where there is nothing to count."""
    return NOTHING if share is None else f"{100 * share:.0f} %"


_FILTERS: Mapping[str, Callable[..., object]] = {
    "moment": moment,
    "money": money,
    "duration": duration,
    "counted": plural,
    "thousands": thousands,
    "by_fate": by_fate,
    "percent": percent,
}
