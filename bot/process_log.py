"""The log of one process: lines on stderr, in the words of the terminal, for the operator."""

from __future__ import annotations

import logging

LOG = logging.getLogger("plumbline")
"""Events, ids, outcomes and seconds; never a person's words nor a secret."""


def log_to_stderr() -> None:
    """Show the program's own lines, as `plumbline: ...`; those of libraries stay as they are."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("plumbline: %(message)s"))
    LOG.handlers[:] = [handler]
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
