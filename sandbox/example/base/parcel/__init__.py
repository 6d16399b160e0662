"""Prices and ships parcels."""

from parcel.pricing import shipping_cost

__all__ = ["shipping_cost"]
