"""GitHub's signature of a delivery, checked over the raw bytes before anything is parsed.

https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence

_HEADER = re.compile(rb"sha256=([0-9a-f]{64})")


def signed(body: bytes, header: bytes | None, secrets: Sequence[str]) -> bool:
    """Whether `X-Hub-Signature-256` proves one of the secrets (two while rotating).

    Every secret is always tried, in constant time, so that the time tells nothing. SHA-1
    signatures, malformed headers and missing ones are refused.
    """
    match = _HEADER.fullmatch(header or b"")
    given = match[1] if match else b"0" * 64
    proven = False
    for secret in secrets:
        expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()
        proven |= hmac.compare_digest(expected, given)
    return proven and match is not None
