"""What the pages show, and what their buttons do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.finding import Category, Fate
from bot.domain.learning import MOST_LEARNINGS, Learning, Teaching
from bot.domain.outcome import Became
from bot.domain.outcome_words import OUTCOME_WORDS
from bot.domain.pull_request import RepositoryRef
from bot.web.reviews import FATE_WORDS
from tests.web.filed import HEAD, REVIEW, Filed, finding
from tests.web.visitor import Seen, Visitor


def page_of(repository: RepositoryRef, part: str = "") -> str:
    return f"/web/repositories/{repository.installation or 0}/{repository.id}{part}"


def known(filed: Filed, repository: RepositoryRef) -> list[Learning]:
    return list(filed.learnings.known(repository))


def test_repositories_lead_to_their_reviews_and_memory(visitor: Visitor, filed: Filed) -> None:
    shop = filed.repository("acme/shop")
    thing = filed.repository("local/thing", installation=0)
    filed.review(shop)
    filed.review(thing)
    filed.learning(shop, "Prices are integers.")

    links = visitor.get("/web/").page.links

    wanted = [page_of(thing), page_of(shop), page_of(shop, "/memory")]
    assert [link for link in links if link in wanted] == wanted


def test_a_repository_shows_its_reviews_newest_first(visitor: Visitor, filed: Filed) -> None:
    shop = filed.repository("acme/shop")
    done = filed.review(shop, title="Retry requests on 503")
    running = filed.review(shop, None, title="Round prices")

    seen = visitor.get(page_of(shop))

    assert [link for link in seen.page.links if "/reviews/" in link] == [
        f"/web/reviews/{running}",
        f"/web/reviews/{done}",
    ]
    number = done.split("/")[2]
    assert f"Retry requests on 503 #{number} · aaaaaaaaaa · " in seen.text
    assert "partial standard 1 posted 1 refuted 42 s $0.0312" in seen.text
    assert "https://github.com/acme/shop" in seen.page.links


def test_long_lists_are_paged(visitor: Visitor, filed: Filed) -> None:
    shop = filed.repository()
    for number in range(31):
        filed.review(shop, None, title=f"Change {number}", steps=())

    first, second = (visitor.get(page_of(shop, f"?page={page}")) for page in (1, 2))

    shown = [sum("/reviews/" in link for link in seen.page.links) for seen in (first, second)]
    assert shown == [30, 1]
    assert page_of(shop, "?page=2") in first.page.links
    assert page_of(shop, "?page=1") in second.page.links
    assert "No review is so old." in visitor.get(page_of(shop, "?page=9000")).text


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "99999999999999999999", "\u0663"])
def test_a_page_that_cannot_be_is_the_first(visitor: Visitor, filed: Filed, page: str) -> None:
    shop = filed.repository()
    key = filed.review(shop, None)
    address = page_of(shop, "?page=") + (page if page.isascii() else "%D9%A3")
    assert f"/web/reviews/{key}" in visitor.get(address).page.links


def test_a_review_shows_all_that_came_of_it(visitor: Visitor, filed: Filed) -> None:
    shop = filed.repository("acme/shop")
    key = filed.review(shop)
    number = key.split("/")[2]

    seen = visitor.get(f"/web/reviews/{key}")

    for words in (
        "partial , standard: two public contracts changed",
        "4 model calls, 18,500 tokens in (9,000 cached), 1,200 out, 42 s, $0.0312",
        "the fast model was away",
        "Not done: shop/big.py was cut",
        "broken Requests are retried on 503 Retry requests on 503 in the title",
        "nobody asked The timeout is halved",
        "Posted (1) said in a comment",
        "P1 A 503 on the last attempt is returned as success",
        "Posted : confidence 0.86 is at least 0.7",
        "When: the third answer is a 503",
        "Verification: Read the callers: none checks the status.",
        "confidence 0.86 (the verifier said 0.91; moved by 64 outcomes)",
        "raise error",
        "Refuted (1) a second look found it wrong",
        "hunt: retries",
        "9,250 600",
    ):
        assert words in seen.text
    outward = {link for link in seen.page.links if link.startswith("https://")}
    base = "https://github.com/acme/shop"
    assert outward == {
        f"{base}/pull/{number}",
        f"{base}/commit/{HEAD}",
        f"{base}/blob/{HEAD}/shop/retry.py#L6",
        f"{base}/blob/{HEAD}/shop/retry.py#L6-L7",
        f"{base}/blob/{HEAD}/shop/http.py#L2",
    }
    assert "The whole prompt." not in seen.html


def test_the_texts_of_a_step_are_shown_when_asked_for(visitor: Visitor, filed: Filed) -> None:
    key = filed.review(filed.repository())
    step = next(link for link in visitor.get(f"/web/reviews/{key}").page.links if "/steps/" in link)
    assert "user The whole prompt." in visitor.get(step).text


def test_a_local_review_links_to_no_github(visitor: Visitor, filed: Filed) -> None:
    key = filed.review(filed.repository("local/thing", installation=0))
    links = visitor.get(f"/web/reviews/{key}").page.links
    assert [link for link in links if link.startswith("http")] == []


def test_a_review_that_runs_says_so(visitor: Visitor, filed: Filed) -> None:
    key = filed.review(filed.repository(), None)
    assert "This review was begun and is not finished." in visitor.get(f"/web/reviews/{key}").text


def test_more_findings_than_a_page_holds_are_counted(visitor: Visitor, filed: Filed) -> None:
    many = tuple(finding(f"Finding {number}", Fate.REFUTED) for number in range(205))
    key = filed.review(filed.repository(), replace(REVIEW, findings=many))
    seen = visitor.get(f"/web/reviews/{key}")
    assert "Refuted (205)" in seen.text
    assert "5 more: plumbline trace show" in seen.text


def test_a_review_is_found_by_what_its_footer_shows(visitor: Visitor, filed: Filed) -> None:
    key, other = filed.review(filed.repository()), filed.review(filed.repository())

    def find(name: str) -> Seen:
        return visitor.get(f"/web/find?name={name}")

    assert find(key).headers["location"] == f"/web/reviews/{key}"
    assert {f"/web/reviews/{one}" for one in (key, other)} <= set(find(HEAD[:12]).page.links)
    assert [("There are none." in find(name).text) for name in ("f" * 40, "", "%25")] == [True] * 3


@pytest.mark.parametrize(
    "path",
    [
        "/web/nowhere",
        "/web/repositories/5/999999",
        "/web/repositories/5/99999999999999999999999",
        f"/web/repositories/5/{'9' * 5_000}",
        f"/web/steps/{'9' * 5_000}/1/none",
        f"/web/reviews/{'9' * 5_000}",
        "/web/repositories/5/x",
        "/web/reviews/",
        "/web/reviews/5/1/1/none/auto",
        "/web/reviews/%00",
        "/web/steps/1/1/none",
        "/web/steps/99999999999999999999/1/none",
        "/web/../etc/passwd",
        "/web/style.css/../../app.py",
    ],
)
def test_what_is_not_there_is_said_kindly(visitor: Visitor, path: str) -> None:
    seen = visitor.get(path)
    assert (seen.status, "Nothing here" in seen.text) == (404, True)


def test_memory_shows_each_learning_with_where_it_comes_from(
    visitor: Visitor, filed: Filed
) -> None:
    shop = filed.repository("acme/shop")
    comment = "https://github.com/acme/shop/pull/7#issuecomment-1"
    taught = filed.learning(
        shop,
        "Prices are integers of cents.",
        paths=("shop/**", "db/*.sql"),
        category=Category.DATA,
        link=comment,
        origin="dismissed",
    )
    filed.learnings.used(filed.review(shop), [taught], [taught])

    seen = visitor.get(page_of(shop, "/memory"))

    day = taught.first.date
    assert (
        "1 Prices are integers of cents. About shop/** db/*.sql data "
        f"Dismissed by ada on {day}, comment on GitHub "
        f"Uses given to 1 review, left a finding out of 1, last on {day}"
    ) in seen.text
    assert comment in seen.page.links


def test_a_learning_is_forgotten_for_good(visitor: Visitor, filed: Filed) -> None:
    shop = filed.repository()
    filed.learning(shop, "Prices are integers.")
    filed.learning(shop, "Names are short.")
    memory = page_of(shop, "/memory")

    after = visitor.press(memory, f"{memory}/1/forget")

    assert "Learning 1 is forgotten." in after.text
    assert [one.text for one in known(filed, shop)] == ["Names are short."]
    token = visitor.get(memory).page.forms[0].fields["token"]
    again = visitor.post(f"{memory}/1/forget", {"token": token})
    assert "Learning 1 is not there any more." in visitor.get(again.headers["location"]).text


def test_a_learning_is_promoted_and_kept_here_again(visitor: Visitor, filed: Filed) -> None:
    shop, blog = filed.repository("acme/shop", 77), filed.repository("acme/blog", 77)
    filed.learning(shop, "Prices are integers.")
    filed.review(blog)
    memory = page_of(shop, "/memory")

    promoted = visitor.press(memory, f"{memory}/1/promote")
    elsewhere = visitor.get(page_of(blog, "/memory"))
    back = visitor.press(memory, f"{memory}/1/promote")

    assert "Learning 1 is offered to all private repositories of the installation." in promoted.text
    assert "Promoted by other repositories (1)" in elsewhere.text
    assert f"{page_of(blog, '/memory')}/1/forget" not in [f.action for f in elsewhere.page.forms]
    assert "Learning 1 is offered to this repository alone again." in back.text
    assert known(filed, blog) == []


def test_a_full_installation_says_what_to_do(visitor: Visitor, filed: Filed) -> None:
    shop = filed.repository("acme/shop", 78)
    filed.all_learnings(shop, promoted=True)
    other = filed.repository("acme/blog", 78)
    filed.learning(other, "One more.")
    memory = page_of(other, "/memory")
    seen = visitor.press(memory, f"{memory}/1/promote")
    assert (seen.status, "no more may be. Forget one of them" in seen.text) == (422, True)


def test_the_operator_teaches_once_however_often_the_form_is_sent(
    visitor: Visitor, filed: Filed
) -> None:
    shop = filed.repository()
    filed.review(shop)
    memory = page_of(shop, "/memory")
    form = next(one for one in visitor.get(memory).page.forms if one.action == memory)
    said = {
        **form.fields,
        "text": "Prices  are\nintegers.",
        "paths": "shop/**\r\ndb/*.sql, shop/**",
        "category": "data",
    }

    first, second = visitor.post(memory, said), visitor.post(memory, said)
    other = visitor.press(memory, memory, text="prices are integers")

    assert "Learning 1 is kept." in visitor.get(first.headers["location"]).text
    assert second.headers["location"] == first.headers["location"]
    assert "Learning 1 says the same" in other.text
    learning = known(filed, shop)[0]
    source, date = learning.first.source, learning.first.date
    assert (learning.text, learning.first) == (
        "Prices are integers.",
        Teaching(
            source,
            "operator",
            paths=("shop/**", "db/*.sql"),
            category=Category.DATA,
            date=date,
        ),
    )


def test_what_left_to_make_room_is_said(visitor: Visitor, filed: Filed) -> None:
    shop = filed.repository()
    filed.all_learnings(shop)
    memory = page_of(shop, "/memory")
    seen = visitor.press(memory, memory, text="One more.")
    assert "so learning 1 was forgotten." in seen.text
    assert len(known(filed, shop)) == MOST_LEARNINGS
    shown = [tag for tag in seen.page.tags if tag[1].get("id", "").startswith("learning-")]
    assert [shown[0][1]["id"], shown[-1][1]["id"]] == ["learning-201", "learning-2"]


@pytest.mark.parametrize(
    ("text", "paths", "problem"),
    [
        (" \n ", "", "Nothing is said. Write one rule or fact."),
        ("x" * 501, "", "It has 501 characters. Say it in 500."),
        ("Fine.", "!", "The path pattern `!`"),
        ("Fine.", "\n".join(f"a{n}/**" for n in range(11)), "11 path patterns are given."),
    ],
)
def test_what_cannot_be_taught_is_said_and_what_was_typed_stays(
    visitor: Visitor, filed: Filed, text: str, paths: str, problem: str
) -> None:
    shop = filed.repository()
    filed.review(shop)
    memory = page_of(shop, "/memory")

    seen = visitor.press(memory, memory, text=text, paths=paths)

    assert (seen.status, problem in seen.text) == (422, True)
    assert " ".join(text.split()) in seen.text
    assert known(filed, shop) == []


def test_a_made_up_notice_says_nothing(visitor: Visitor, filed: Filed) -> None:
    shop = filed.repository()
    filed.review(shop)
    for query in ("done=forgotten&number=%3Cb%3E", "done=__class__&number=1", "done=&number=1"):
        seen = visitor.get(page_of(shop, f"/memory?{query}"))
        assert [tag for tag in seen.page.tags if tag[1].get("role") == "status"] == []


def test_outcomes_are_counted_by_every_sort(visitor: Visitor, filed: Filed) -> None:
    shop, now = filed.repository("acme/outcomes"), datetime.now(UTC)
    filed.review(shop)
    filed.outcome(shop, fixed=now)
    filed.outcome(shop, fixed=now)
    filed.outcome(shop, Category.DATA, merged=now)
    filed.outcome(shop, Category.DATA)
    filed.outcome(shop, posted_at=now - timedelta(days=60), merged=now)

    outcomes = page_of(shop, "/outcomes")
    ever, lately = visitor.get(outcomes).text, visitor.get(f"{outcomes}?days=30").text

    assert "50 % addressed: 2 of 4 settled; 5 findings posted." in ever
    assert "67 % addressed: 2 of 3 settled; 4 findings posted." in lately
    for words in (
        "fixed, as a later review saw 2 addressed",
        "merged over 2 not addressed",
        "still open 1 not settled",
        "correctness 67 % 2 / 3 3",
        "data 0 % 0 / 1 2",
        "P1 50 % 2 / 4 5",
        "hunt 50 % 2 / 4 5",
    ):
        assert words in ever


def test_where_nothing_was_posted_outcomes_say_so(visitor: Visitor, filed: Filed) -> None:
    shop = filed.repository("acme/silent")
    filed.review(shop)
    for query in ("", "?days=90", "?days=7", "?days=x"):
        seen = visitor.get(page_of(shop, f"/outcomes{query}"))
        assert (seen.status, "No finding that was posted" in seen.text) == (200, True)


def test_every_word_for_an_outcome_is_explained() -> None:
    assert set(OUTCOME_WORDS) == set(Became)
    assert set(FATE_WORDS) == set(Fate)
