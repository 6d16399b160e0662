"""A process that parses: `python -m workers.repository.index.parser`, spoken to over its pipes.

Parsing holds Python's global lock, and a grammar may crash on what a stranger wrote. So it happens
here, where neither stops a review and no secret is in reach. It reads nothing but its input.
"""

from __future__ import annotations

import signal
import sys
from typing import BinaryIO

from workers.repository.index.framing import ANSWER, QUESTION
from workers.repository.outline import Outline
from workers.repository.outlines.walker import parse
from workers.repository.parsed import Parsed

_LONGEST_SECONDS = 60
"""An orphan that hangs ends by itself; whoever asks gives up long before."""


def answer(path: str, source: bytes) -> bytes:
    """The parsed file, packed; a mistake in the rules of a language costs that file only."""
    try:
        return parse(path, source).pack()
    except Exception as error:
        note = f"{path}: could not be parsed: {type(error).__name__} in the rules of its language"
        return Parsed(Outline(note=note)).pack()


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until nobody asks any more."""
    while head := questions.read(QUESTION.size):
        path_bytes, source_bytes = QUESTION.unpack(head)
        path = questions.read(path_bytes).decode("utf-8", "surrogateescape")
        source = questions.read(source_bytes)
        signal.alarm(_LONGEST_SECONDS)
        parsed = answer(path, source)
        signal.alarm(0)
        answers.write(ANSWER.pack(len(parsed)) + parsed)
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
