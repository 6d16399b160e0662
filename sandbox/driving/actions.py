"""What people do: open, push, comment, reply, close ... from any thread."""

from __future__ import annotations

from sandbox.driving.coding import Coding
from sandbox.driving.installing import Installing
from sandbox.driving.talk import Talk


class Actions(Coding, Talk, Installing):
    """All the verbs of a test or a demonstration."""
