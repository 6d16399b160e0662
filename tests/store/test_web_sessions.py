"""Sessions of the pages: opened by the password alone, slowed down when it is guessed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import redis

from bot.store.web_sessions import WINDOW_SECONDS, WebSessions, form_token

PASSWORD = "plumb lines hang true"


def opened(sessions: WebSessions, address: str = "192.0.2.1") -> str:
    secret = sessions.sign_in(PASSWORD, address)
    assert isinstance(secret, str)
    return secret


def test_the_password_opens_a_session_until_it_is_signed_out(valkey: redis.Redis) -> None:
    sessions = WebSessions(valkey, PASSWORD)
    ours, other = opened(sessions), opened(sessions)

    assert (sessions.knows(ours), sessions.knows("guessed"), ours != other) == (True, False, True)
    sessions.sign_out(ours)
    assert (sessions.knows(ours), sessions.knows(other)) == (False, True)


def test_a_session_ends_by_itself(valkey: redis.Redis) -> None:
    opened(WebSessions(valkey, PASSWORD))
    key = next(iter(valkey.scan_iter("plumbline:web:session:*")))
    assert 0 < int(valkey.ttl(key)) <= 12 * 3600


def test_another_password_ends_every_session(valkey: redis.Redis) -> None:
    secret = opened(WebSessions(valkey, PASSWORD))
    assert not WebSessions(valkey, "another password").knows(secret)


def test_what_redis_holds_opens_nothing(valkey: redis.Redis) -> None:
    sessions = WebSessions(valkey, PASSWORD)
    secret = opened(sessions)
    keys = [key.decode() for key in valkey.scan_iter("plumbline:web:*")]

    assert [key for key in keys if secret in key or PASSWORD in key] == []
    assert not any(sessions.knows(key.rpartition(":")[2]) for key in keys)


def test_wrong_passwords_make_their_address_wait_and_no_other(valkey: redis.Redis) -> None:
    sessions = WebSessions(valkey, PASSWORD, an_address=2)
    said = [sessions.sign_in(word, "192.0.2.1") for word in ("a", "b", "c", PASSWORD)]

    assert said[:2] == [None, None]
    waits = [wait for wait in said[2:] if isinstance(wait, float)]
    assert [0 < wait <= WINDOW_SECONDS for wait in waits] == [True, True]
    assert isinstance(sessions.sign_in(PASSWORD, "192.0.2.2"), str)


def test_guessing_from_many_addresses_makes_all_wait(valkey: redis.Redis) -> None:
    sessions = WebSessions(valkey, PASSWORD, everywhere=3)
    said = [sessions.sign_in("wrong", f"192.0.2.{host}") for host in range(5)]

    assert said[:3] == [None, None, None]
    assert all(isinstance(wait, float) for wait in said[3:])


def test_no_crowd_elsewhere_keeps_whoever_sits_at_the_machine_out(valkey: redis.Redis) -> None:
    """Not even one that claims to sit there."""
    sessions = WebSessions(valkey, PASSWORD, an_address=2, everywhere=3)
    for claimed in ("127.0.0.1", "127.0.0.1", "192.0.2.1", "192.0.2.2"):
        sessions.sign_in("wrong", claimed)
    assert isinstance(sessions.sign_in(PASSWORD, "192.0.2.3"), float)
    assert isinstance(sessions.sign_in(PASSWORD, "127.0.0.1", here=True), str)
    said = [sessions.sign_in("wrong", "127.0.0.1", here=True) for _ in range(3)]
    assert said[:2] == [None, None]
    assert isinstance(said[2], float)


def test_the_right_password_counts_as_no_try(valkey: redis.Redis) -> None:
    sessions = WebSessions(valkey, PASSWORD, an_address=1, everywhere=1)
    assert all(isinstance(sessions.sign_in(PASSWORD, "192.0.2.1"), str) for _ in range(3))


def test_many_tries_at_once_gain_nothing(valkey: redis.Redis) -> None:
    sessions = WebSessions(valkey, PASSWORD, an_address=5)
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: sessions.sign_in("wrong", "192.0.2.1"), range(40)))
    assert said.count(None) == 5


def test_a_password_of_any_characters_is_compared(valkey: redis.Redis) -> None:
    odd = "p\udcffässwörter 𝔭𝔩𝔲𝔪𝔟"
    sessions = WebSessions(valkey, odd)
    assert isinstance(sessions.sign_in(odd, "192.0.2.1"), str)
    assert sessions.sign_in("p\udcfe", "192.0.2.1") is None


def test_a_form_s_token_is_its_session_s(valkey: redis.Redis) -> None:
    assert form_token("one") == form_token("one") != form_token("two")
