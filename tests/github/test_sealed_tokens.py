"""Tokens at rest: nothing in the store tells them, and only our own private key opens them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.github.credentials import MemoryTokenCache
from bot.github.sealed_tokens import SealedTokenCache

KEY = "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n"
NAME = "1/2/3/contents:read"


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_what_is_put_is_got_again(name: str, text: str) -> None:
    tokens = SealedTokenCache(MemoryTokenCache(), KEY)
    tokens.put(name, text, 60)
    assert tokens.get(name) == text
    tokens.drop(name)
    assert tokens.get(name) is None


def test_the_store_holds_no_word_of_it_and_never_the_same_twice() -> None:
    store = MemoryTokenCache()
    seen: set[str | None] = set()
    for _ in range(3):
        SealedTokenCache(store, KEY).put(NAME, "ghs_0123456789", 60)
        kept = store.get(NAME)
        assert kept is not None
        assert "ghs_" not in kept
        seen.add(kept)
    assert len(seen) == 3


def test_a_key_that_ends_otherwise_is_the_same_key() -> None:
    store = MemoryTokenCache()
    SealedTokenCache(store, KEY).put(NAME, "ghs_1", 60)
    assert SealedTokenCache(store, KEY.strip()).get(NAME) == "ghs_1"


@pytest.mark.parametrize(
    "kept",
    ["", "ghs_in_plain_text", "AAAA", "{}", "\N{SNOWMAN}", "A" * 400],
)
def test_what_was_not_sealed_with_this_key_is_not_there(kept: str) -> None:
    store = MemoryTokenCache()
    store.put(NAME, kept, 60)
    assert SealedTokenCache(store, KEY).get(NAME) is None


def test_a_token_does_not_open_under_another_name() -> None:
    """Who writes the store cannot give a job of one repository the token of another."""
    store = MemoryTokenCache()
    tokens = SealedTokenCache(store, KEY)
    tokens.put("1/2/3/contents:read", "ghs_1", 60)
    store.put("1/2/4/contents:read", store.get("1/2/3/contents:read") or "", 60)
    assert tokens.get("1/2/4/contents:read") is None
