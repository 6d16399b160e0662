"""The services that we sell."""

from enum import Enum


class Service(Enum):
    """How fast a parcel travels; the value is the factor on the standard price."""

    ECONOMY = 0.8
    STANDARD = 1.0
    EXPRESS = 2.0
