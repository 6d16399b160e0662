"""Webhook deliveries: what was sent, and how the receiver answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False)
class Delivery:
    """One attempt. A redelivery is a new attempt with the same `guid` and body.

    `status_code` is 0 until an answer came; `outcome` then says why there is none.
    """

    id: int
    guid: str
    event: str
    action: str | None
    payload: dict[str, Any] = field(repr=False)
    body: bytes = field(repr=False)
    url: str | None
    installation_id: int | None
    repository_id: int | None
    delivered_at: float
    redelivery: bool = False
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    status_code: int = 0
    outcome: str = "pending"
    response: str = ""
    duration_seconds: float = 0.0

    @property
    def done(self) -> bool:
        return self.outcome != "pending"
