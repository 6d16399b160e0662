"""The price of one parcel."""

from parcel.tariffs import TARIFFS, zone_of


def shipping_cost(weight_kg: float, country: str, express: bool = False) -> int:
    """What the customer pays for shipping, in cents."""
    for limit, cents in TARIFFS[zone_of(country)]:
        if weight_kg <= limit:
            return cents * 2 if express else cents
    return 0
