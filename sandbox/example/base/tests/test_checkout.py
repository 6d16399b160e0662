from parcel.checkout import quote
from parcel.orders import Order


def test_a_quote_names_the_order():
    assert quote(Order("A-1", 4.0, "FR")) == {"order": "A-1", "shipping_cents": 1499}
