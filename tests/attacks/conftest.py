"""Real servers."""

from tests.fakes.valkey import shared_valkey, valkey

__all__ = ["shared_valkey", "valkey"]
