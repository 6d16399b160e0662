"""Bytes from the origins that the operator named, within caps of size and time. No credentials."""

from __future__ import annotations

import time
from collections.abc import Iterable
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3

from bot.errors import PlumblineError

_REDIRECTS = 3
_CHUNK = 65_536
_REDIRECTED = (301, 302, 303, 307, 308)
_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int]
"""(scheme, host, port)."""


class DownloadRefused(PlumblineError):
    """An artefact could not be had, or is not what it should be. The text is shown."""


class Downloads:
    """GET requests to a fixed set of origins; a redirect may only lead to one of them.

    No proxy, cookie, netrc entry or credential is used: a pull request chooses what is asked for.
    """

    def __init__(self, origins: Iterable[str], seconds: float = 20.0) -> None:
        self._origins = frozenset(_origin(urlsplit(address)) for address in origins)
        self._seconds = seconds
        self._pool = urllib3.PoolManager(num_pools=4, retries=False)

    def get(self, address: str, most_bytes: int) -> bytes:
        """The body of a 200 answer.

        Raises:
            DownloadRefused: another origin, another status, too many bytes, or too late.
        """
        deadline = time.monotonic() + self._seconds
        for _ in range(_REDIRECTS + 1):
            self._allow(address)
            try:
                found = self._once(address, most_bytes, deadline)
            except urllib3.exceptions.HTTPError as error:
                raise DownloadRefused(f"{_shown(address)}: {type(error).__name__}") from error
            if isinstance(found, bytes):
                return found
            address = urljoin(address, found)
        raise DownloadRefused(f"{_shown(address)}: more than {_REDIRECTS} redirects")

    def _allow(self, address: str) -> None:
        try:
            parts = urlsplit(address)
            named = _origin(parts) in self._origins and "@" not in parts.netloc
        except ValueError:
            named = False
        if not named:
            raise DownloadRefused(f"{_shown(address)}: not a host that the operator named")

    def _once(self, address: str, most_bytes: int, deadline: float) -> bytes | str:
        """The body, or where a redirect leads."""
        answer = self._pool.request(
            "GET",
            address,
            redirect=False,
            preload_content=False,
            decode_content=False,
            headers={"Accept-Encoding": "identity", "User-Agent": "plumbline"},
            timeout=urllib3.Timeout(connect=5.0, read=10.0),
        )
        try:
            if answer.status in _REDIRECTED:
                return answer.headers.get("Location", "")
            if answer.status != 200:
                raise DownloadRefused(f"{_shown(address)}: status {answer.status}")
            if answer.headers.get("Content-Encoding", "identity") != "identity":
                raise DownloadRefused(f"{_shown(address)}: an encoding that was not asked for")
            return _body(answer, address, most_bytes, deadline)
        finally:
            answer.close()


def _body(
    answer: urllib3.BaseHTTPResponse, address: str, most_bytes: int, deadline: float
) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := answer.read1(_CHUNK):  # what is there: a slow host must not outlast the deadline
        size += len(chunk)
        if size > most_bytes:
            raise DownloadRefused(f"{_shown(address)}: more than {most_bytes:,} bytes")
        if time.monotonic() > deadline:
            raise DownloadRefused(f"{_shown(address)}: not complete in time")
        parts.append(chunk)
    return b"".join(parts)


def _origin(parts: SplitResult) -> Origin:
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)


def _shown(address: str) -> str:
    """Host and path, without a query: notes are shown."""
    bare = address.partition("?")[0].partition("#")[0]
    return bare.rpartition("@")[2][:200] if "@" in bare.partition("/")[0] else bare[:200]
