"""What a repository was taught: read, forget, promote, add."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from bot.domain.finding import Category
from bot.domain.learning import (
    LONGEST_LEARNING,
    MOST_LEARNINGS,
    Teaching,
    one_line,
    teaching_problem,
)
from bot.domain.pull_request import RepositoryRef
from bot.errors import UserError
from bot.web.links import repository_page
from bot.web.visits import Admitted, NoSuchPage, Visit

router = APIRouter()

_CATEGORIES = [category.value for category in Category]
BY_THE_OPERATOR = "operator"
"""Who teaches and forgets on this page: there is one password, and no name behind it."""

_DONE = {
    "added": "Learning {} is kept. Reviews that it is about are given it from now on.",
    "known": "Learning {} says the same; it is kept once, for all that either is about.",
    "made-room": "It is kept. {most} learnings are the most, so learning {} was forgotten.",
    "forgotten": "Learning {} is forgotten.",
    "promoted": "Learning {} is offered to all repositories of the installation.",
    "promoted-private": "Learning {} is offered to all private repositories of the installation.",
    "kept-here": "Learning {} is offered to this repository alone again.",
    "gone": "Learning {} is not there any more.",
}
_FULL = (
    f"{MOST_LEARNINGS} learnings of this installation are promoted, and no more may be. "
    "Forget one of them, or take one back."
)


@router.get("/repositories/{installation:int}/{number:int}/memory")
def show_memory(installation: int, number: int, visit: Admitted) -> Response:
    """The repository's learnings, the newest first, then those of others that are offered here."""
    return _page(visit, visit.repository(installation, number), {}, "")


@router.post("/repositories/{installation:int}/{number:int}/memory")
def add(installation: int, number: int, visit: Admitted) -> Response:
    """Teach; the same form sent twice teaches once."""
    repository = visit.repository(installation, number)
    words, paths = one_line(visit.form.get("text", "")), _patterns(visit.form.get("paths", ""))
    problem = teaching_problem(words, paths)
    if problem:
        return _page(visit, repository, visit.form, problem)
    source = f"web-{visit.form.get('once', '')[:40]}"
    category = visit.form.get("category", "")
    teaching = Teaching(
        source,
        BY_THE_OPERATOR,
        paths=paths,
        category=Category(category) if category in _CATEGORIES else None,
    )
    taught = visit.stores.learnings.teach(repository, words, teaching)
    if taught.left is not None:
        return _done(repository, "made-room", taught.left.number)
    return _done(repository, "known" if taught.known else "added", taught.learning.number)


@router.post("/repositories/{installation:int}/{number:int}/memory/{learning:int}/forget")
def forget(installation: int, number: int, learning: int, visit: Admitted) -> Response:
    """End a learning; whoever forgets it a second time is told so."""
    repository = visit.repository(installation, number)
    source = f"web-{secrets.token_hex(8)}"
    gone = visit.stores.learnings.forget(repository, _small(learning), source)
    return _done(repository, "forgotten" if gone else "gone", learning)


@router.post("/repositories/{installation:int}/{number:int}/memory/{learning:int}/promote")
def promote(installation: int, number: int, learning: int, visit: Admitted) -> Response:
    """Let it hold for the installation, or, with the field `back`, for its repository alone."""
    repository = visit.repository(installation, number)
    wanted = not visit.form.get("back")
    try:
        there = visit.stores.learnings.promote(repository, _small(learning), wanted)
    except UserError:
        return _page(visit, repository, {}, _FULL)
    if not there:
        return _done(repository, "gone", learning)
    promoted = "promoted-private" if repository.private else "promoted"
    return _done(repository, promoted if wanted else "kept-here", learning)


def _page(
    visit: Visit, repository: RepositoryRef, form: Mapping[str, str], problem: str
) -> Response:
    known = visit.stores.learnings.known(repository)
    return visit.draw(
        "memory.html",
        422 if problem else 200,
        repository=repository,
        tab="/memory",
        own=[one for one in reversed(known) if one.repository.id == repository.id],
        others=[one for one in known if one.repository.id != repository.id],
        form={name: form.get(name, "") for name in ("text", "paths", "category")},
        categories=_CATEGORIES,
        once=secrets.token_hex(8),
        longest=LONGEST_LEARNING,
        problem=problem,
        done=_said(visit.query),
    )


def _done(repository: RepositoryRef, what: str, number: int) -> Response:
    """To the page again, which says what was done: a reload repeats nothing."""
    address = repository_page(repository, f"/memory?done={what}&number={number}")
    return RedirectResponse(address, 303)


def _said(query: Mapping[str, str]) -> str:
    words, number = _DONE.get(query.get("done", ""), ""), query.get("number", "")
    return words.format(number, most=MOST_LEARNINGS) if re.fullmatch(r"[0-9]{1,9}", number) else ""


def _small(number: int) -> int:
    if number >= 2**31:
        raise NoSuchPage
    return number


def _patterns(text: str) -> tuple[str, ...]:
    """One path pattern a line, or separated by commas."""
    parts = (part.strip() for part in re.split(r"[\n,]", text))
    return tuple(dict.fromkeys(part for part in parts if part))
