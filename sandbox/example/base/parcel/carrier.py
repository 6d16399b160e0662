"""The carrier's interface, as far as we use it."""

from dataclasses import dataclass, field


@dataclass
class Carrier:
    """Collects bookings; the real one sends them at the end of the night."""

    bookings: list[tuple[str, int]] = field(default_factory=list)

    def book(self, order_number: str, cents: int) -> None:
        self.bookings.append((order_number, cents))
