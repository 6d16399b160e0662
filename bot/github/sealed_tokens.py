"""Tokens at rest are sealed: who reads the store that workers share cannot act as the App.

The key is derived from the App's private key, which every worker has and the store has not. After
its rotation nothing opens any more, and each token is minted anew.
"""

from __future__ import annotations

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.github.credentials import TokenCache

_PURPOSE = b"plumbline: installation tokens at rest, 1"
_KEY_BYTES = 32
_NONCE_BYTES = 12
"""Of AES-GCM (NIST SP 800-38D, 5.2.1.1); chosen at random for each token."""


class SealedTokenCache:
    """`TokenCache` around another one, which holds only what is sealed."""

    def __init__(self, cache: TokenCache, private_key: str) -> None:
        self._cache = cache
        derive = HKDF(SHA256(), _KEY_BYTES, salt=None, info=_PURPOSE)  # RFC 5869
        self._cipher = AESGCM(derive.derive(private_key.strip().encode()))

    def get(self, key: str) -> str | None:
        """The text; None also where it was sealed with another private key, or for another key."""
        kept = self._cache.get(key)
        if kept is None:
            return None
        try:
            sealed = base64.b64decode(kept, validate=True)
            nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, text, key.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError):
            return None

    def put(self, key: str, text: str, seconds: float) -> None:
        """Seal it and keep it for so long."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), key.encode())
        self._cache.put(key, base64.b64encode(sealed).decode(), seconds)

    def drop(self, key: str) -> None:
        """See `TokenCache.drop`."""
        self._cache.drop(key)
