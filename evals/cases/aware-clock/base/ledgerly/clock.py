"""The one place that asks what time it is."""

from datetime import datetime


def now() -> datetime:
    """The current time."""
    return datetime.utcnow()
