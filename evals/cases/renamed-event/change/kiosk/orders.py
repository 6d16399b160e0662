"""Orders and what may happen to them."""

from kiosk.events import Events
from kiosk.names import EventName


class Orders:
    def __init__(self, events: Events) -> None:
        self._events = events
        self._states: dict[str, str] = {}

    def pay(self, number: str, cents: int) -> None:
        self._states[number] = "paid"
        self._events.emit(EventName.ORDER_PAID, number=number, cents=cents)

    def refund(self, number: str) -> None:
        if self._states.get(number) != "paid":
            raise ValueError(f"order {number} was not paid")
        self._states[number] = "refunded"
        self._events.emit(EventName.ORDER_REFUNDED, number=number)
