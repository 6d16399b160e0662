"""A refund must reach its two subscribers."""

from kiosk.events import Events
from kiosk.orders import Orders

sent: list[str] = []
orders = Orders(Events(lambda address, data: sent.append(address)))
orders.pay("1", 500)
orders.refund("1")
if len(sent) != 3:
    raise SystemExit(f"DEFECT: the refund reached nobody; told were {sent}")
