"""Only GitHub gets past the gate."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.webhook.signature import signed

BODY = b"Hello, World!"
SECRET = "It's a Secret to Everybody"
PUBLISHED = b"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
"""GitHub's own test vector: docs.github.com, validating-webhook-deliveries."""


def test_the_published_vector_passes() -> None:
    assert signed(BODY, PUBLISHED, [SECRET])


def test_every_flipped_bit_is_refused() -> None:
    for at in range(len(BODY) * 8):
        flipped = bytearray(BODY)
        flipped[at // 8] ^= 1 << at % 8
        assert not signed(bytes(flipped), PUBLISHED, [SECRET])
    for at in range(len(PUBLISHED) * 8):
        header = bytearray(PUBLISHED)
        header[at // 8] ^= 1 << at % 8
        assert not signed(BODY, bytes(header), [SECRET])


@pytest.mark.parametrize(
    "header",
    [
        None,
        b"",
        b"sha256=",
        PUBLISHED.upper(),
        PUBLISHED[:-1],
        PUBLISHED + b"0",
        b"sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest().encode(),
        PUBLISHED.removeprefix(b"sha256="),
        "sha256=\N{LATIN SMALL LETTER E WITH ACUTE}".encode() * 32,
        b"sha256=\xff\xfe",
    ],
)
def test_other_headers_are_refused(header: bytes | None) -> None:
    assert not signed(BODY, header, [SECRET])


@given(st.binary(max_size=80))
def test_no_header_makes_it_fall_over(header: bytes) -> None:
    assert not signed(BODY, header, [SECRET])


def test_while_rotating_both_secrets_pass_and_the_removed_one_no_longer() -> None:
    assert signed(BODY, PUBLISHED, ["new", SECRET])
    assert signed(BODY, PUBLISHED, [SECRET, "new"])
    assert not signed(BODY, PUBLISHED, ["new"])
    assert not signed(BODY, PUBLISHED, [])
