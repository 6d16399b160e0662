"""The price that a customer sees while ordering."""

from parcel.orders import Order
from parcel.pricing import TooHeavy, shipping_cost
from parcel.services import Service


def quote(order: Order) -> dict[str, object]:
    """The line of the basket that shows the shipping, or why there is none."""
    service = Service.EXPRESS if order.express else Service.STANDARD
    try:
        cents = shipping_cost(order.weight_kg, order.country, service=service)
    except TooHeavy as error:
        return {"order": order.number, "error": str(error)}
    return {"order": order.number, "shipping_cents": cents}
