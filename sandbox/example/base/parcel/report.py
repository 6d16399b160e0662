"""Sums for the month."""

from parcel.checkout import quote
from parcel.orders import Order


def revenue(orders: list[Order]) -> int:
    """Shipping that customers were quoted, in cents."""
    return sum(int(str(quote(order)["shipping_cents"])) for order in orders)
