import pytest

from parcel.pricing import TooHeavy, shipping_cost
from parcel.services import Service


def test_a_light_parcel_at_home():
    assert shipping_cost(1.2, "DE", service=Service.STANDARD) == 499


def test_express_costs_twice_as_much():
    assert shipping_cost(1.2, "DE", service=Service.EXPRESS) == 998


def test_too_heavy_for_the_tariff():
    with pytest.raises(TooHeavy):
        shipping_cost(31, "DE", service=Service.STANDARD)
