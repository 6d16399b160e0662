"""Where everything begins: the repositories, and the way to a review by the name people know."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from bot.web.links import review_page
from bot.web.paging import SIZE, number_of, offset_of, screen
from bot.web.visits import Admitted

router = APIRouter()

_LONGEST_NAME = 300


@router.get("/")
def show_repositories(visit: Admitted) -> Response:
    """All that were reviewed or taught, the one that was reviewed last first."""
    number = number_of(visit.query)
    start = offset_of(number)
    found = visit.stores.records.repositories()[start : start + SIZE + 1]
    return visit.draw("repositories.html", screen=screen(number, found))


@router.get("/find")
def find_review(visit: Admitted) -> Response:
    """A review by what stands in its footer on GitHub, by its key, or by its head's SHA."""
    name = visit.query.get("name", "").strip()
    found = visit.stores.records.find(name) if 0 < len(name) <= _LONGEST_NAME else ()
    if len(found) == 1:
        return RedirectResponse(review_page(found[0].key), 303)
    return visit.draw("found.html", name=name, reviews=found)
