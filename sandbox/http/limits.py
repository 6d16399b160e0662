"""GitHub's two rate limits: so many requests an hour, and so many writes a minute.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

from collections import deque

from sandbox.errors import Refusal

_HOUR = 3600
_MINUTE = 60


class Limits:
    """Counts by token. `per_hour` is told in every answer and refuses when it is used up.

    `writes_per_minute` is the secondary limit (GitHub: 80); None leaves it out, so that a test
    may be as fast as it likes. Requests refused by it count too, as they do on GitHub.
    """

    def __init__(self) -> None:
        self.per_hour = 5000
        self.writes_per_minute: int | None = None
        self._used: dict[tuple[str, int], int] = {}
        self._writes: dict[str, deque[float]] = {}

    def check(self, key: str, now: float, *, writes: bool) -> None:
        """Raises 403 with the headers that tell when to come back."""
        if self._used.get((key, int(now) // _HOUR), 0) >= self.per_hour:
            raise Refusal(403, "API rate limit exceeded for installation.")
        if not writes or self.writes_per_minute is None:
            return
        recent = self._writes.setdefault(key, deque())
        while recent and recent[0] <= now - _MINUTE:
            recent.popleft()
        recent.append(now)
        if len(recent) > self.writes_per_minute:
            wait = str(int(recent[-self.writes_per_minute] + _MINUTE - now) + 1)
            raise Refusal(
                403,
                "You have exceeded a secondary rate limit and have been temporarily blocked from "
                "content creation. Please retry your request again later.",
                headers={"Retry-After": wait},
            )

    def count(self, key: str, now: float) -> None:
        hour = int(now) // _HOUR
        self._used[key, hour] = self._used.get((key, hour), 0) + 1

    def headers(self, key: str, now: float) -> dict[str, str]:
        hour = int(now) // _HOUR
        used = self._used.get((key, hour), 0)
        return {
            "X-RateLimit-Limit": str(self.per_hour),
            "X-RateLimit-Remaining": str(max(0, self.per_hour - used)),
            "X-RateLimit-Used": str(used),
            "X-RateLimit-Reset": str((hour + 1) * _HOUR),
            "X-RateLimit-Resource": "core",
        }
