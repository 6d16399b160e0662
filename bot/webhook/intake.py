"""One delivery, from headers and bytes to an answer. Each way to fail is one; none is a 500."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.domain.delivery import Receipt
from bot.domain.identifiers import DeliveryId
from bot.errors import StoreUnavailable
from bot.settings import GitHubSettings
from bot.store.deliveries import Deliveries
from bot.webhook.body import BodyCutOff, BodyTooLarge, BodyTooSlow, NoRoom, Room, read_body
from bot.webhook.handle import Handle
from bot.webhook.payloads import parse_event
from bot.webhook.routing import route
from bot.webhook.signature import signed
from bot.webhook.strict_json import MalformedPayload

Outcome = Literal[
    "accepted",
    "known",
    "stale",
    "uninteresting",
    "unsigned",
    "too_large",
    "too_slow",
    "cut_off",
    "malformed",
    "no_secret",
    "unavailable",
]

STATUS: dict[Outcome, int] = {
    "accepted": 202,
    "known": 200,
    "stale": 200,
    "uninteresting": 200,
    "unsigned": 401,
    "too_large": 413,
    "too_slow": 408,
    "cut_off": 400,
    "malformed": 400,
    "no_secret": 503,
    "unavailable": 503,
}

_GUID = re.compile(rb"[A-Za-z0-9-]{1,64}")
_EVENT_NAME = re.compile(rb"[a-z0-9_]{1,64}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender is told. `ended`: the body was not read to its end; close the connection."""

    outcome: Outcome
    text: str
    ended: bool = True

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUS[self.outcome]


class Intake:
    """What `POST /webhooks/github` does."""

    def __init__(
        self, github: GitHubSettings, deliveries: Deliveries, handle: Handle, room: Room
    ) -> None:
        self._secrets, self._app_id = github.webhook_secrets, github.app_id
        self._deliveries, self._handle = deliveries, handle
        self._room = room

    async def take(self, headers: Mapping[bytes, bytes], stream: AsyncIterator[bytes]) -> Answer:
        """Read, check, parse and store one delivery. `headers`: lower-case names, raw values."""
        if not self._secrets:
            remedy = "set PLUMBLINE_WEBHOOK_SECRET to the secret of the App's webhook"
            return Answer("no_secret", f"no webhook secret is configured: {remedy}", ended=False)
        body = await _body(stream, self._room)
        if isinstance(body, Answer):
            return body
        if not signed(body, headers.get(b"x-hub-signature-256"), self._secrets):
            return Answer("unsigned", "X-Hub-Signature-256 does not fit the body")
        try:
            return await self._store(headers, body)
        except MalformedPayload as error:
            return Answer("malformed", str(error))
        except StoreUnavailable:
            return Answer("unavailable", "the queue is away; deliver this again")

    async def _store(self, headers: Mapping[bytes, bytes], body: bytes) -> Answer:
        delivery = DeliveryId(_header(headers, b"x-github-delivery", _GUID))
        name = _header(headers, b"x-github-event", _EVENT_NAME)
        if not headers.get(b"content-type", b"").lower().startswith(b"application/json"):
            raise MalformedPayload("set the webhook's content type to application/json")
        event = parse_event(name, body, self._app_id)
        if event is None:
            return Answer("uninteresting", f"nothing is done for this {name} event")
        plan = route(event, delivery, await self._handle.get())
        if isinstance(plan, str):
            return Answer("uninteresting", plan)
        receipt = Receipt(delivery, hashlib.sha256(body).hexdigest())
        outcome = await self._deliveries.accept(receipt, plan)
        return Answer(outcome, _SAID[outcome])


def delivery_name(headers: Mapping[bytes, bytes]) -> str:
    """The event and the delivery's id, for the log; `?` where a header is not what GitHub sends."""
    forms = ((b"x-github-event", _EVENT_NAME), (b"x-github-delivery", _GUID))
    values = [(headers.get(name, b""), form) for name, form in forms]
    return " ".join(value.decode() if form.fullmatch(value) else "?" for value, form in values)


async def _body(stream: AsyncIterator[bytes], room: Room) -> bytes | Answer:
    try:
        return await read_body(stream, room)
    except BodyTooLarge:
        return Answer("too_large", "the body is larger than 25 MB", ended=False)
    except NoRoom:
        return Answer("unavailable", "too much is being received; deliver this again", ended=False)
    except BodyTooSlow:
        return Answer("too_slow", "the body took too long to arrive", ended=False)
    except BodyCutOff:
        return Answer("cut_off", "the sender hung up before the body was complete", ended=False)


_SAID = {
    "accepted": "work is on its way",
    "known": "this delivery was received before",
    "stale": "a newer delivery said otherwise",
}


def _header(headers: Mapping[bytes, bytes], name: bytes, form: re.Pattern[bytes]) -> str:
    value = headers.get(name, b"")
    if form.fullmatch(value) is None:
        raise MalformedPayload(f"the header {name.decode()} is missing or malformed")
    return value.decode()
