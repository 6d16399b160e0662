"""What a repository was taught: read, forget, promote, add."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from bot.domain.learning import LONGEST_LEARNING, Teaching, one_line
from bot.domain.path_patterns import pattern_problem
from bot.domain.pull_request import RepositoryRef
from bot.errors import UserError
from bot.web.links import repository_page
from bot.web.visits import Admitted, NoSuchPage, Visit

router = APIRouter()

BY_THE_OPERATOR = "operator"
"""Who teaches and forgets on this page: there is one password, and no name behind it."""

_MOST_PATTERNS = 20
_DONE = {
    "added": "Learning {} is kept. Reviews are given it from now on.",
    "known": "Learning {} says the same; it is kept once, for all that either is about.",
    "forgotten": "Learning {} is forgotten.",
    "promoted": "Learning {} holds for the whole installation now.",
    "kept-here": "Learning {} holds for this repository alone again.",
    "gone": "Learning {} is not there any more.",
}


@router.get("/repositories/{installation:int}/{number:int}/memory")
def show_memory(installation: int, number: int, visit: Admitted) -> Response:
    """The repository's learnings by number, then those of others that hold here too."""
    return _page(visit, visit.repository(installation, number), {}, "")


@router.post("/repositories/{installation:int}/{number:int}/memory")
def add(installation: int, number: int, visit: Admitted) -> Response:
    """Teach; the same form sent twice teaches once."""
    repository = visit.repository(installation, number)
    words, paths = one_line(visit.form.get("text", "")), _patterns(visit.form.get("paths", ""))
    problem = _problem(words, paths)
    if problem:
        return _page(visit, repository, visit.form, problem)
    source = f"web-{visit.form.get('once', '')[:40]}"
    taught = visit.stores.learnings.teach(
        repository, words, Teaching(source, BY_THE_OPERATOR, paths=paths)
    )
    done = "known" if taught.known else "added"
    return _done(repository, done, taught.learning.number)


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
    except UserError as error:
        return _page(visit, repository, {}, str(error))
    done = "promoted" if wanted else "kept-here"
    return _done(repository, done if there else "gone", learning)


def _page(
    visit: Visit, repository: RepositoryRef, form: Mapping[str, str], problem: str
) -> Response:
    known = visit.stores.learnings.known(repository)
    return visit.draw(
        "memory.html",
        422 if problem else 200,
        repository=repository,
        tab="/memory",
        own=[one for one in known if one.repository.id == repository.id],
        others=[one for one in known if one.repository.id != repository.id],
        form={name: form.get(name, "") for name in ("text", "paths")},
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
    return words.format(number) if re.fullmatch(r"[0-9]{1,9}", number) else ""


def _small(number: int) -> int:
    if number >= 2**31:
        raise NoSuchPage
    return number


def _patterns(text: str) -> tuple[str, ...]:
    """One path pattern a line, or separated by commas."""
    parts = (part.strip() for part in re.split(r"[\n,]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def _problem(words: str, paths: tuple[str, ...]) -> str:
    """What keeps this from being taught, with the remedy; "" if nothing does."""
    if not words:
        return "Nothing is said. Write one rule or fact."
    if len(words) > LONGEST_LEARNING:
        return f"It has {len(words)} characters. Say it in {LONGEST_LEARNING}."
    if len(paths) > _MOST_PATTERNS:
        return f"{len(paths)} path patterns are given. Give at most {_MOST_PATTERNS}."
    for path in paths:
        found = pattern_problem(path)
        if found:
            return f"The path pattern {path!r} {found[0]}. {found[1]}"
    return ""
