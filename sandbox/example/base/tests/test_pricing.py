from parcel.pricing import shipping_cost


def test_a_light_parcel_at_home():
    assert shipping_cost(1.2, "DE") == 499


def test_express_costs_twice_as_much():
    assert shipping_cost(1.2, "DE", express=True) == 998
