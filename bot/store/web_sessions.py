"""Who is signed in to the pages, and how often a wrong password was tried; all receivers share it.

Redis holds no session's secret: its key is an HMAC of the secret under the password. So whoever
reads Redis can enter nowhere, and another password ends every session.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from redis import Redis

from bot.store.connection import KEY, store_errors

SESSION_SECONDS = 12 * 3600
"""A working day; then the password is asked for again."""

AN_ADDRESS = 5
EVERYWHERE = 50
WINDOW_SECONDS = 300
"""Wrong passwords within any five minutes, from one address and from all; then people wait. Whoever
sits at the machine is counted apart: a crowd elsewhere cannot keep the operator out.
"""

_TRY = """
-- KEYS: tries of the address, tries of all where there is that bound too
-- ARGV: name of this try, limits, window in ms
-- One step, before the password is looked at: a thousand tries at once are a thousand tries.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local window = tonumber(ARGV[4])
for i = 1, #KEYS do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now - window)
  if redis.call('ZCARD', KEYS[i]) >= tonumber(ARGV[i + 1]) then
    local first = redis.call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')
    return tonumber(first[2]) + window - now
  end
end
for i = 1, #KEYS do
  redis.call('ZADD', KEYS[i], now, ARGV[1])
  redis.call('PEXPIRE', KEYS[i], window)
end
return 0
"""


class WebSessions:
    """Sessions and tries of the pages of one password. Every method raises StoreUnavailable."""

    def __init__(
        self,
        connection: Redis,
        password: str,
        an_address: int = AN_ADDRESS,
        everywhere: int = EVERYWHERE,
    ) -> None:
        self._connection, self._password = connection, _bytes(password)
        self._limits = (an_address, everywhere)
        self._script: Any = connection.register_script(_TRY)

    def sign_in(self, password: str, address: str, here: bool = False) -> str | float | None:
        """The secret of a new session; None: wrong password; a number: wait so many seconds.

        A try is counted as wrong until it turns out to be right. `here`: on the machine itself,
        where no proxy passed it on; so `address` is not what somebody claims.
        """
        name, tries = secrets.token_hex(8), f"{KEY}:web:tries"
        keys = [f"{tries}:here:{address}"] if here else [f"{tries}:{address}", tries]
        with store_errors("counting passwords"):
            wait = self._script(keys, [name, *self._limits, WINDOW_SECONDS * 1000])
        if wait:
            return float(wait) / 1000
        if not hmac.compare_digest(_digest(_bytes(password)), _digest(self._password)):
            return None
        with store_errors("signing in"):
            for key in keys:
                self._connection.zrem(key, name)
            secret = secrets.token_urlsafe(32)
            self._connection.set(self._key(secret), b"1", ex=SESSION_SECONDS)
        return secret

    def knows(self, secret: str) -> bool:
        """Whether this session is open."""
        with store_errors("looking a session up"):
            return bool(self._connection.exists(self._key(secret)))

    def sign_out(self, secret: str) -> None:
        """End the session, wherever its cookie is."""
        with store_errors("signing out"):
            self._connection.delete(self._key(secret))

    def _key(self, secret: str) -> str:
        return f"{KEY}:web:session:{hmac.digest(self._password, _bytes(secret), 'sha256').hex()}"


def form_token(secret: str) -> str:
    """What a form of this session carries; a page of another origin cannot know it."""
    return hmac.digest(_bytes(secret), b"form", "sha256").hex()


def _digest(value: bytes) -> bytes:
    """Of equal lengths: how long a comparison takes tells nothing of the password."""
    return hashlib.sha256(value).digest()


def _bytes(text: str) -> bytes:
    """What the environment or a form holds need not be UTF-8."""
    return text.encode(errors="surrogatepass")
