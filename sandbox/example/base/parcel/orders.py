"""An order as the shop hands it over."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    number: str
    weight_kg: float
    country: str
    express: bool = False
