"""Which learnings a change is offered, and why these."""

from __future__ import annotations

import math

import pytest

from bot.domain.diff import ChangeSet, DiffLine, FileChange, FileStatus, Hunk
from bot.domain.finding import Category
from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.learning import Learning, Teaching
from bot.domain.pull_request import RepositoryRef
from workers.context.learnings import MOST_OFFERED, MOST_TOKENS, likeness, matching, offered, terms
from workers.model.tokens import estimated_tokens

SHOP = RepositoryRef(RepositoryId(11), "acme/shop", InstallationId(5))
DAY = "2026-01-31"
BLOG = RepositoryRef(RepositoryId(12), "acme/blog", InstallationId(5))


def change(path: str, *added: str, old: str | None = None) -> ChangeSet:
    lines = tuple(DiffLine("+", None, n, text) for n, text in enumerate(added, 1))
    hunk = Hunk(0, 0, 1, len(added), "", (DiffLine(" ", 1, 9, "retryQueue()"), *lines))
    status: FileStatus = "renamed" if old else "added"
    return ChangeSet(Sha("b" * 40), Sha("a" * 40), (FileChange(path, old, status, hunks=(hunk,)),))


def learning(number: int, text: str, *paths: str, of: RepositoryRef = SHOP) -> Learning:
    return Learning(
        number, text, of, (Teaching(f"{number}", "bob", paths=paths, date="2026-01-31"),)
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("parseHTMLPage(total_prices)", ["parse", "html", "page", "total", "price"]),
        ("HTTP2Client is a class", ["http", "client", "class"]),
        ("ab x1y Straße", ["straße".casefold()]),
        ("המחירים באגורות", ["המחירים", "באגורות"]),
    ],
)
def test_terms_are_parts_of_words_and_identifiers(text: str, parts: list[str]) -> None:
    assert terms(text) == parts


def test_scope_decides_first() -> None:
    known = [
        learning(1, "Of everything."),
        learning(2, "Of here.", "shop/**"),
        learning(3, "Of elsewhere.", "db/**"),
        learning(4, "Of where it came from.", "old/**"),
    ]
    moved = change("shop/cart.py", "x", old="old/cart.py")
    assert [one.number for one in matching(known, moved)] == [1, 2, 4]


def test_the_likest_are_taken_where_there_is_no_room_for_all_and_order_is_kept() -> None:
    others = [learning(n, f"Word{n} of nothing in particular.") for n in range(1, 15)]
    like = learning(20, "A cart's totals are cents.")
    known = [*others, like, learning(21, "Queues are retried.")]
    chosen = matching(known, change("shop/cart.py", "def cartTotal(): ..."))
    assert [one.number for one in chosen] == [*range(1, MOST_OFFERED), 20]
    assert matching(chosen, change("shop/cart.py", "x")) == chosen


def test_long_ones_stay_within_the_tokens() -> None:
    known = [learning(n, f"{n} " + "price cents " * 40) for n in range(1, 11)]
    chosen = matching(known, change("shop/cart.py", "price"))
    text = offered(chosen, SHOP.id)
    assert 0 < len(chosen) < 10
    assert estimated_tokens(text.partition("\n\n")[2]) <= MOST_TOKENS + len(chosen)


def test_likeness_is_bm25() -> None:
    """Worked by hand for two learnings of two terms and of one."""
    known = [learning(1, "price cents"), learning(2, "queue")]
    idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    norm = 1.2 * (1 - 0.75 + 0.75 * 2 / 1.5)
    assert likeness(known, frozenset({"price"})) == [pytest.approx(idf * 2.2 / (1 + norm)), 0.0]


def test_nothing_known_is_no_section() -> None:
    assert (matching([], change("a.py", "x")), offered([], SHOP.id)) == ((), "")


def test_the_section_names_whose_word_it_is() -> None:
    teaching = Teaching(
        "1", "bob\u202e", paths=("db/**",), category=Category.TESTS, date="2026-01-31"
    )
    told = offered([Learning(3, "No.\n# Heading\u200b", BLOG, (teaching,))], SHOP.id)
    assert told.partition("\n\n")[2] == (
        "[acme/blog 3] bob\\u202e, 2026-01-31; about db/**, tests\n    No. # Heading\\u200b"
    )
