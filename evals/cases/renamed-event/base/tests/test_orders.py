import pytest
from kiosk.orders import Orders


class Heard:
    def __init__(self) -> None:
        self.names: list[str] = []

    def emit(self, name: str, **data: object) -> None:
        self.names.append(name)


def test_an_order_is_paid_and_refunded() -> None:
    heard = Heard()
    orders = Orders(heard)
    orders.pay("1", 500)
    orders.refund("1")
    assert heard.names == ["order.paid", "order.refunded"]


def test_an_unpaid_order_is_not_refunded() -> None:
    with pytest.raises(ValueError, match="was not paid"):
        Orders(Heard()).refund("1")
