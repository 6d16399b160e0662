"""The price of one parcel."""

from parcel.services import Service
from parcel.tariffs import TARIFFS, zone_of


class TooHeavy(ValueError):
    """No tariff carries a parcel of this weight."""

    def __init__(self, weight_kg: float, most_kg: float) -> None:
        super().__init__(f"{weight_kg} kg is more than the {most_kg} kg that we ship")


def shipping_cost(weight_kg: float, country: str, *, service: Service) -> int:
    """What the customer pays for shipping, in cents.

    Raises TooHeavy above the last step of the tariff.
    """
    tariff = TARIFFS[zone_of(country)]
    for limit, cents in tariff:
        if weight_kg < limit:
            return round(cents * service.value)
    raise TooHeavy(weight_kg, tariff[-1][0])
