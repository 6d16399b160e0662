"""How a parser process is asked and answers: lengths, then bytes."""

from __future__ import annotations

from struct import Struct

QUESTION = Struct(">III")
"""Bytes of what is asked, of the path and of the file; all three follow."""

ANSWER = Struct(">I")
"""Bytes of the packed answer, which follows."""

PARSE = "parse"
CONTRACTS = "contracts"
CALLS = "calls"
"""Followed by the lines that are asked about: `calls 3,7`."""
