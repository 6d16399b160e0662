"""Sends webhook deliveries in the background, in order, once each: GitHub never retries."""

from __future__ import annotations

import random
import threading
import time

import requests

from sandbox.state.deliveries import Delivery
from sandbox.state.world import World

LIMIT_SECONDS = 10


class Postman:
    """One thread that empties the outbox.

    `lost_share` is the part of deliveries (0 to 1) that never reach the receiver, chosen by a
    generator with a fixed seed, so that a test loses the same ones each time.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = random.Random(20260105)  # noqa: S311 (chance, not secrets)
        self.lost_share = 0.0
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._world.outbox.put(None)
        self._thread.join(LIMIT_SECONDS + 1)

    def _run(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while (delivery := self._world.outbox.get()) is not None:
                self._send(session, delivery)
                self._world.touch()

    def _send(self, session: requests.Session, delivery: Delivery) -> None:
        if delivery.url is None:
            delivery.outcome = "no webhook URL"
            return
        if self._chance.random() < self.lost_share:
            delivery.outcome = "failed to connect to host"
            return
        began = time.monotonic()
        try:
            answer = session.post(
                delivery.url, data=delivery.body, headers=delivery.headers, timeout=LIMIT_SECONDS
            )
        except requests.Timeout:
            delivery.outcome = "timed out"
        except requests.RequestException as error:
            delivery.outcome = f"failed to connect to host: {error}"
        else:
            delivery.status_code, delivery.response = answer.status_code, answer.text[:10_000]
            delivery.outcome = answer.reason or "OK"
        delivery.duration_seconds = round(time.monotonic() - began, 3)
