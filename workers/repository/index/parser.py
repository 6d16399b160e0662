"""A process that parses: `python -m workers.repository.index.parser`, spoken to over its pipes.

Parsing holds Python's global lock, and a grammar may crash on what a stranger wrote. So it happens
here, where neither stops a review and no secret is in reach. It reads nothing but its input.
"""

from __future__ import annotations

import signal
import sys
from typing import BinaryIO

from workers.repository.index.framing import ANSWER, CALLS, CONTRACTS, QUESTION
from workers.repository.index.plain_values import deflated, to_json
from workers.repository.outline import Outline
from workers.repository.outlines.contracts.calls import read_calls
from workers.repository.outlines.contracts.reading import read_contracts
from workers.repository.outlines.walker import parse
from workers.repository.parsed import Parsed

_LONGEST_SECONDS = 60
"""An orphan that hangs ends by itself; whoever asks gives up long before."""


def answer(asked: str, path: str, source: bytes) -> bytes:
    """What is asked of a file, packed; a mistake in a language's rules costs that file only."""
    what, _, lines = asked.partition(" ")
    try:
        if what == CONTRACTS:
            return deflated(to_json(read_contracts(path, source)))
        if what == CALLS:
            wanted = [int(line) for line in lines.split(",")]
            return deflated(to_json(read_calls(path, source, wanted)))
        return parse(path, source).pack()
    except Exception as error:
        if what in (CONTRACTS, CALLS):
            return deflated(to_json(()))
        note = f"{path}: could not be parsed: {type(error).__name__} in the rules of its language"
        return Parsed(Outline(note=note)).pack()


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until nobody asks any more."""
    while head := questions.read(QUESTION.size):
        asked_bytes, path_bytes, source_bytes = QUESTION.unpack(head)
        asked = questions.read(asked_bytes).decode("ascii")
        path = questions.read(path_bytes).decode("utf-8", "surrogateescape")
        source = questions.read(source_bytes)
        signal.alarm(_LONGEST_SECONDS)
        told = answer(asked, path, source)
        signal.alarm(0)
        answers.write(ANSWER.pack(len(told)) + told)
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
