"""How a request came: what is private enough for a password, and what our own page sent."""

from __future__ import annotations

import pytest

from bot.web.wire import Wire


def wire(client: str = "127.0.0.1", scheme: str = "http", **headers: str) -> Wire:
    given = {"host": "127.0.0.1:8080", **headers}
    return Wire(scheme, client, {name.replace("_", "-"): value for name, value in given.items()})


@pytest.mark.parametrize(
    "private",
    [
        wire(),
        wire(host="localhost:8080"),
        wire("::1", host="[::1]:8080"),
        wire("192.0.2.7", host="plumbline.example", x_forwarded_proto="https"),
        wire("192.0.2.7", host="plumbline.example", x_forwarded_proto="HTTPS, http"),
        wire("192.0.2.7", "https", host="plumbline.example"),
    ],
)
def test_this_machine_and_https_are_private(private: Wire) -> None:
    assert private.private


@pytest.mark.parametrize(
    "open_to_all",
    [
        wire("192.0.2.7"),
        wire("192.0.2.7", host="localhost"),
        wire(host="rebound.example:8080"),
        wire(host="127.0.0.1.evil.example"),
        wire(host=""),
        wire(host="[::1"),
        wire(x_forwarded_for="192.0.2.7"),
        wire(x_forwarded_proto="http"),
        wire(x_forwarded_proto="http, https"),
        wire(forwarded="for=192.0.2.7"),
        wire("testclient"),
    ],
)
def test_all_else_is_plain_http(open_to_all: Wire) -> None:
    assert not open_to_all.private


@pytest.mark.parametrize(
    "ours",
    [
        wire(origin="http://127.0.0.1:8080"),
        wire(origin="http://127.0.0.1:8080", sec_fetch_site="same-origin"),
        wire(sec_fetch_site="same-origin"),
        wire(host="LOCALHOST:80", origin="http://localhost"),
        wire(host="p.example:443", origin="https://p.example", x_forwarded_proto="https"),
        wire(host="p.example:8443", origin="https://p.example:8443", x_forwarded_proto="https"),
    ],
)
def test_a_page_of_ours_is_known_by_what_the_browser_says(ours: Wire) -> None:
    assert ours.from_our_page


@pytest.mark.parametrize(
    "foreign",
    [
        wire(),
        wire(origin="null"),
        wire(origin="http://127.0.0.1:3000"),
        wire(origin="https://127.0.0.1:8080"),
        wire(origin="https://evil.example", sec_fetch_site="cross-site"),
        wire(origin="http://127.0.0.1:8080", sec_fetch_site="same-site"),
        wire(sec_fetch_site="none"),
        wire(origin="https://evil.example", sec_fetch_site="same-origin"),
        wire(host="p.example", origin="http://p.example", x_forwarded_proto="https"),
    ],
)
def test_no_other_page_passes_for_ours(foreign: Wire) -> None:
    assert not foreign.from_our_page


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        (wire("192.0.2.7"), "192.0.2.7"),
        (wire(x_forwarded_for="198.51.100.1, 192.0.2.7"), "192.0.2.7"),
        (wire("2001:db8:0:1::7"), "2001:db8:0:1::/64"),
        (wire("fe80::1%eth0"), "fe80::/64"),
        (wire(x_forwarded_for="<script>"), "unknown"),
        (wire(""), "unknown"),
    ],
)
def test_wrong_passwords_are_counted_by_the_address_that_cannot_be_invented(
    sent: Wire, address: str
) -> None:
    assert sent.address == address
