"""The names of events, so that a typo is found by the type checker."""

from enum import StrEnum


class EventName(StrEnum):
    ORDER_PAID = "order.paid"
    ORDER_REFUNDED = "order.refund"
