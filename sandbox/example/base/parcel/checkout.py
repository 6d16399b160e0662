"""The price that a customer sees while ordering."""

from parcel.orders import Order
from parcel.pricing import shipping_cost


def quote(order: Order) -> dict[str, object]:
    """The line of the basket that shows the shipping."""
    cents = shipping_cost(order.weight_kg, order.country, express=order.express)
    return {"order": order.number, "shipping_cents": cents}
