"""How a parser process is asked and answers: lengths, then bytes."""

from __future__ import annotations

from struct import Struct

QUESTION = Struct(">II")
"""Bytes of the path, bytes of the file; both follow."""

ANSWER = Struct(">I")
"""Bytes of the packed parsed file, which follows."""
