"""Which failed requests the HTTP layer repeats by itself, and how long it may wait for that."""

from __future__ import annotations

from types import TracebackType

from urllib3 import BaseHTTPResponse, Retry
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import MaxRetryError

LIMIT_STATUSES = (403, 429)


class Patience(Retry):
    """Repeats reads only: a repeated write would post twice.

    A 5xx is repeated a few times; a rate limit only where GitHub names a wait of at most
    `LONGEST_SLEEP_SECONDS`. A longer one is handed back at once, so that the job is put off and
    the worker does something else. When the attempts are spent the last answer is handed back as
    it is, not as an exception.
    """

    LONGEST_SLEEP_SECONDS = 15

    @classmethod
    def for_reads(cls, attempts: int, backoff_seconds: float) -> Patience:
        """`attempts` repetitions, `backoff_seconds` * 2^n apart."""
        return cls(
            total=attempts,
            backoff_factor=backoff_seconds,
            allowed_methods={"GET"},
            status_forcelist=range(500, 600),
            raise_on_status=False,
        )

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        """Whether an answer is worth another attempt."""
        if status_code in LIMIT_STATUSES:
            return has_retry_after and method == "GET"
        return super().is_retry(method, status_code, has_retry_after)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Patience:
        """The state after one more failure. Raises MaxRetryError where a wait would be too long."""
        if response is not None:
            wait = self.get_retry_after(response)
            if wait is not None and wait > self.LONGEST_SLEEP_SECONDS:
                raise MaxRetryError(_pool, url)  # type: ignore[arg-type]  # as urllib3 does
        return super().increment(method, url, response, error, _pool, _stacktrace)
