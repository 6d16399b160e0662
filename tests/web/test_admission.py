"""Who comes in: nobody without the password, no form of another page, nothing in the clear."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute

from bot.web import signing_in
from bot.web.app import BEHIND_THE_PASSWORD
from bot.web.guard import HEADERS
from tests.fakes.receiver import Receiver, running_receiver
from tests.fakes.valkey import Valkey
from tests.web.filed import Filed
from tests.web.visitor import PASSWORD, Visitor

ROUTES = sorted(
    (route.path, method)
    for router in BEHIND_THE_PASSWORD
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods or ()
)
CHANGES = [path for path, method in ROUTES if method == "POST"]
PROXY = {"host": "plumbline.example", "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https"}


@pytest.fixture
def addresses(filed: Filed) -> dict[str, str]:
    """Each route's address, all of them of one repository with a review and a learning."""
    repository = filed.repository()
    key = filed.review(repository, title="Of a private repository")
    filed.learning(repository, "Known to the team alone.")
    named = {"installation": "5", "number": str(repository.id), "learning": "1", "key": key}

    def filled(path: str) -> str:
        values = {**named, "attempt": "1", **({"number": "1"} if "/steps/" in path else {})}
        return "/web" + re.sub(r"{(\w+)(:\w+)?}", lambda found: values[found[1]], path)

    return {path: filled(path) for path, _ in ROUTES}


def test_without_a_password_there_are_no_pages(shared_valkey: Valkey) -> None:
    with running_receiver(shared_valkey.data_dir) as receiver:
        stranger = Visitor(receiver.port)
        seen = [stranger.get(path) for path in ("/web", "/web/", "/web/sign-in", "/web/style.css")]
        posted = stranger.post("/web/sign-in", {"password": ""})
    assert [one.status for one in (*seen, posted)] == [404] * 5


def test_what_is_open_to_all_is_the_way_in_and_its_looks() -> None:
    open_routes = [route for route in signing_in.open_to_all.routes if isinstance(route, APIRoute)]
    assert sorted({route.path for route in open_routes}) == ["/icon.svg", "/sign-in", "/style.css"]


@pytest.mark.parametrize(("path", "method"), ROUTES)
def test_no_page_opens_without_the_password(
    stranger: Visitor, addresses: dict[str, str], path: str, method: str
) -> None:
    stranger.cookies["plumbline"] = "guessed"
    address = addresses[path]
    seen = stranger.get(address) if method == "GET" else stranger.post(address, {"token": "x"})

    assert (seen.status, [form.action for form in seen.page.forms]) == (401, ["/web/sign-in"])
    assert [word for word in ("private repository", "Known to the team") if word in seen.html] == []


@pytest.mark.parametrize(("path", "method"), [one for one in ROUTES if one[1] == "GET"])
def test_every_page_opens_with_it(
    visitor: Visitor, addresses: dict[str, str], path: str, method: str
) -> None:
    assert visitor.get(addresses[path]).status == 200


FOREIGN: list[dict[str, str]] = [
    {"origin": "https://evil.example", "sec_fetch_site": ""},
    {"origin": "https://evil.example", "sec_fetch_site": "cross-site"},
    {"origin": "", "sec_fetch_site": ""},
    {"origin": "null", "sec_fetch_site": ""},
    {"content_type": "text/plain"},
]


@pytest.mark.parametrize("path", CHANGES)
def test_nothing_is_changed_by_another_page_or_without_the_session_s_token(
    visitor: Visitor, filed: Filed, addresses: dict[str, str], path: str
) -> None:
    before = filed.learnings.everywhere()
    token = visitor.get("/web/").page.forms[0].fields["token"]
    fields = {"token": token, "text": "Smuggled in."}

    foreign = [visitor.post(addresses[path], fields, **headers) for headers in FOREIGN]
    forged = [
        visitor.post(addresses[path], {**fields, "token": token})
        for token in ("", "0" * 64, "ünbound")
    ]

    assert [one.status for one in (*foreign, *forged)] == [403] * 8
    assert filed.learnings.everywhere() == before
    assert visitor.get("/web/").status == 200


def test_the_token_of_another_session_is_none(receiver: Receiver, visitor: Visitor) -> None:
    other = Visitor(receiver.port)
    other.sign_in()
    token = other.get("/web/").page.forms[0].fields["token"]
    assert visitor.post("/web/sign-out", {"token": token}).status == 403
    assert visitor.get("/web/").status == 200


def test_a_change_is_never_a_link(visitor: Visitor, addresses: dict[str, str]) -> None:
    statuses = {visitor.get(addresses[path]).status for path in CHANGES if "memory" not in path}
    forget = addresses["/repositories/{installation:int}/{number:int}/memory/{learning:int}/forget"]
    assert statuses | {visitor.get(forget).status} == {405}


def test_signing_out_ends_the_session_wherever_its_cookie_is(
    receiver: Receiver, visitor: Visitor
) -> None:
    copied = Visitor(receiver.port, cookies=dict(visitor.cookies))
    left = visitor.press("/web/", "/web/sign-out")
    assert (left.status, left.page.forms[0].action, visitor.cookies) == (200, "/web/sign-in", {})
    assert copied.get("/web/").status == 401


def test_a_wrong_password_is_told_and_the_right_one_leads_on(stranger: Visitor) -> None:
    wrong = stranger.sign_in("plumb lines hang false")
    assert (wrong.status, stranger.cookies) == (403, {})
    assert "That is not the password." in wrong.text
    right = stranger.sign_in(there="/web/find?name=abc")
    assert (right.status, right.headers["location"]) == (303, "/web/find?name=abc")


def test_guessing_is_slowed_down_and_who_is_in_stays_in(
    receiver: Receiver, visitor: Visitor
) -> None:
    guesser = Visitor(receiver.port)
    seen = [guesser.sign_in(f"guess number {number}") for number in range(6)]

    assert [one.status for one in seen] == [403] * 5 + [429]
    assert 0 < int(seen[-1].headers["retry-after"]) <= 300
    assert guesser.sign_in().status == 429
    assert visitor.get("/web/").status == 200


def test_a_page_that_rebinds_its_name_and_claims_a_proxy_gets_no_further(
    stranger: Visitor, visitor: Visitor
) -> None:
    """Its scripts may set these headers, but not the origin; and it has no cookie of ours."""
    claims = {"host": "rebound.example:8080", "x-forwarded-proto": "https"}
    assert Visitor(stranger.port, claims).get("/web/").status == 401
    for said in ("http://rebound.example:8080", "null", ""):
        page = Visitor(stranger.port, {**claims, "origin": said, "sec-fetch-site": ""})
        assert page.sign_in().status == 403
        assert page.cookies == {}
    assert visitor.cookies.keys() == {"plumbline"}


def test_guesses_through_the_network_do_not_keep_the_operator_out(stranger: Visitor) -> None:
    for number in range(11):
        crowd = {
            **PROXY,
            "origin": "https://plumbline.example",
            "x-forwarded-for": f"10.0.{number}.1",
        }
        guesser = Visitor(stranger.port, crowd)
        seen = [guesser.sign_in("guess").status for _ in range(5)]
    assert seen == [429] * 5
    assert stranger.sign_in().status == 303


def test_each_try_leaves_one_line_for_the_operator(
    shared_valkey: Valkey, capfd: pytest.CaptureFixture[str]
) -> None:
    with shared_valkey.client() as store:
        store.flushall()
    with running_receiver(shared_valkey.data_dir, PLUMBLINE_WEB_PASSWORD=PASSWORD) as receiver:
        Visitor(receiver.port).sign_in()
        guesser = Visitor(receiver.port, {**PROXY, "origin": "https://plumbline.example"})
        for _ in range(6):
            guesser.sign_in("guess")
        guesser.headers = {**guesser.headers, "x-forwarded-for": "\x1b[31m"}
        guesser.sign_in("guess")
    assert capfd.readouterr().err == (
        "plumbline: pages: signed in from 127.0.0.1\n"
        + 5 * "plumbline: pages: wrong password from 192.0.2.7\n"
        + "plumbline: pages: must wait from 192.0.2.7\n"
        + "plumbline: pages: wrong password from unknown\n"
    )


@pytest.mark.parametrize(
    "there",
    ["https://evil.example/", "//evil.example", "/web/\\evil", "/webhooks/github", "/web/\r\nx: y"],
)
def test_signing_in_leads_to_pages_of_ours_alone(stranger: Visitor, there: str) -> None:
    assert stranger.sign_in(there=there).headers["location"] == "/web/"


def test_whoever_is_asked_comes_back_to_where_they_wanted_to_go(
    stranger: Visitor, addresses: dict[str, str]
) -> None:
    memory = addresses["/repositories/{installation:int}/{number:int}/memory"]
    form = stranger.get(f"{memory}?page=2").page.forms[0]
    assert form.fields["there"] == f"{memory}?page=2"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "plumbline.example"},
        {"host": "rebound.example", "x-forwarded-for": "127.0.0.1"},
        {**PROXY, "x-forwarded-proto": "http"},
    ],
)
def test_no_page_and_no_form_for_a_password_in_the_clear(
    stranger: Visitor, headers: dict[str, str]
) -> None:
    stranger.headers = headers
    seen = [stranger.get("/web/"), stranger.get("/web/sign-in"), stranger.sign_in()]
    assert [(one.status, one.page.forms) for one in seen] == [(403, [])] * 3
    assert "Not over plain HTTP" in seen[0].text


def test_behind_a_proxy_the_cookie_never_leaves_https(stranger: Visitor) -> None:
    stranger.headers = {**PROXY, "origin": "https://plumbline.example"}
    came = stranger.sign_in()
    assert came.status == 303
    assert re.sub("=[^;]+", "=SECRET", came.headers["set-cookie"], count=1) == (
        "__Host-plumbline=SECRET; HttpOnly; Max-Age=43200; Path=/; SameSite=lax; Secure"
    )
    assert stranger.get("/web/").status == 200


def test_on_this_machine_the_cookie_is_for_http_alone(stranger: Visitor) -> None:
    cookie = stranger.sign_in().headers["set-cookie"]
    assert re.sub("=[^;]+", "=SECRET", cookie, count=1) == (
        "plumbline=SECRET; HttpOnly; Max-Age=43200; Path=/; SameSite=lax"
    )


def test_every_answer_is_strict(visitor: Visitor, addresses: dict[str, str]) -> None:
    seen = [
        *(visitor.get(address) for address in addresses.values()),
        *(visitor.get(path) for path in ("/web/style.css", "/web/icon.svg", "/web/nowhere")),
        visitor.post("/web/sign-out", {}),
        visitor.sign_in("wrong"),
        visitor.sign_in(),
        Visitor(visitor.port).get("/web/"),
        Visitor(visitor.port, {"host": "elsewhere.example"}).get("/web/"),
    ]
    assert {one.status for one in seen} == {200, 303, 401, 403, 404, 405}
    for one in seen:
        assert HEADERS.items() <= one.headers.items()


def test_a_form_that_is_too_large_or_too_long_is_not_read(visitor: Visitor) -> None:
    large = visitor.post("/web/sign-out", {"token": "x" * 70_000})
    many = visitor.post("/web/sign-out", {f"field{n}": "x" for n in range(50)})
    assert (large.status, many.status) == (413, 403)


def test_the_address_without_its_slash_leads_on(visitor: Visitor) -> None:
    assert visitor.get("/web").headers["location"] == "/web/"
