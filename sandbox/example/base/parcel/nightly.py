"""Books the day's orders with the carrier. Runs unattended at 02:00."""

import logging

from parcel.carrier import Carrier
from parcel.orders import Order
from parcel.pricing import shipping_cost

log = logging.getLogger(__name__)


def book_all(orders: list[Order], carrier: Carrier) -> int:
    """Book every order; an order with an unusable weight is logged and skipped."""
    booked = 0
    for order in orders:
        try:
            weight = float(order.weight_kg)
        except ValueError:
            log.warning("order %s has no usable weight", order.number)
            continue
        carrier.book(order.number, shipping_cost(weight, order.country, order.express))
        booked += 1
    return booked
