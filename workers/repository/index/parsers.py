"""The parser processes of one review: two at most, started ahead, replaced when they die."""

from __future__ import annotations

import atexit
import math
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache, partial
from typing import TypeVar

from workers.repository.contracts.contract import Call, Contract
from workers.repository.index.framing import CALLS, CONTRACTS
from workers.repository.index.parser_process import ParserDied, ParserProcess
from workers.repository.index.plain_values import Unreadable, from_json, inflated
from workers.repository.outline import Outline
from workers.repository.outlines import language_of, unparsed
from workers.repository.parsed import Parsed

T = TypeVar("T")
FILE_SECONDS = 5.0
"""The slowest real file below the size cap took 0.4 s."""

ALL_SECONDS = 20.0
"""Sixty files made to take just less than their deadline would else take minutes."""

_FILES_FOR_ANOTHER = 12
"""Starting a process takes as long as parsing so many files."""

_MOST_DEATHS = 5
"""After so many no parser is started any more: each costs its start, and may cost its deadline."""

Source = tuple[str, bytes]
"""(path, content)."""


class Parsers:
    """Parses files for any number of threads. What fails is an empty outline with a note."""

    def __init__(self, most: int = 2, seconds: float = FILE_SECONDS) -> None:
        """At most `most` processes; `seconds` for each file."""
        self._most = most
        self._seconds = seconds
        self._idle: list[ParserProcess] = []
        self._deaths = 0
        self._turn = threading.Semaphore(most)
        self._one_at_a_time = threading.Lock()

    def parse(self, path: str, source: bytes, until: float = math.inf) -> Parsed:
        """One file, parsed; not begun past `until` of the monotonic clock."""
        language = language_of(path)
        refused = unparsed(path, len(source))
        if language is None or refused is not None:
            return Parsed(refused or Outline())
        if time.monotonic() >= until:
            return Parsed(Outline(language.name, note=f"{path}: not parsed: no time was left"))
        try:
            with self._parser() as parser:
                return Parsed.unpack(parser.parse(path, source, self._seconds), source)
        except (ParserDied, Unreadable) as error:
            return Parsed(Outline(language.name, note=f"{path}: could not be parsed: {error}"))

    def parse_all(self, sources: Iterable[Source], seconds: float = ALL_SECONDS) -> list[Parsed]:
        """Many files, in the order given; all processes work at once, for `seconds` at most."""
        until = time.monotonic() + seconds
        return self._each(partial(self.parse, until=until), list(sources))

    def contracts(self, sources: Iterable[Source]) -> list[tuple[Contract, ...]]:
        """For each file the contracts of its definitions in order; none where that failed."""
        return self._each(partial(self._asked, CONTRACTS, tuple[Contract, ...]), list(sources))

    def calls(self, path: str, source: bytes, lines: Collection[int]) -> tuple[Call, ...]:
        """The calls on these lines of a file; none where that failed."""
        asked = f"{CALLS} {','.join(map(str, sorted(lines)))}"
        return self._asked(asked, tuple[Call, ...], path, source) if lines else ()

    def _asked(
        self, asked: str, kind: type[tuple[T, ...]], path: str, source: bytes
    ) -> tuple[T, ...]:
        if unparsed(path, len(source)) is not None:
            return ()
        try:
            with self._parser() as parser:
                told = parser.ask(asked, path, source, self._seconds)
            return from_json(kind, inflated(told))
        except (ParserDied, Unreadable):
            return ()

    def _each(self, ask: Callable[[str, bytes], T], given: list[Source]) -> list[T]:
        if len(given) < 2:
            return [ask(*source) for source in given]
        processes = min(self._most, 1 + len(given) // _FILES_FOR_ANOTHER)
        with ThreadPoolExecutor(processes, thread_name_prefix="parsing") as threads:
            return list(threads.map(lambda source: ask(*source), given))

    def get_ready(self) -> None:
        """Start a process now, so that it is up when the first file comes."""
        if not self._idle:
            with suppress(ParserDied), self._parser():
                pass

    def take_over(self, other: Parsers) -> None:
        """Have what waits there and has read nothing yet."""
        with other._one_at_a_time:
            self._idle += [parser for parser in other._idle if parser.fresh]
            other._idle = [parser for parser in other._idle if not parser.fresh]

    @property
    def pids(self) -> list[int]:
        """The processes that wait for work."""
        return [parser.pid for parser in self._idle]

    def close(self) -> None:
        """End the processes that wait for work; the next file starts another."""
        with self._one_at_a_time:
            while self._idle:
                self._idle.pop().stop()

    @contextmanager
    def _parser(self) -> Iterator[ParserProcess]:
        """A process to ask, given back unless it died."""
        with self._turn:
            parser = self._take()
            try:
                yield parser
            except ParserDied as error:
                self._count_death()
                raise ParserDied(f"the parser {error}") from error
            with self._one_at_a_time:
                self._idle.append(parser)

    def _take(self) -> ParserProcess:
        with self._one_at_a_time:
            if self._idle:
                return self._idle.pop()
            if self._deaths >= _MOST_DEATHS:
                raise ParserDied("the parser died too often")
        try:
            return ParserProcess()
        except ParserDied as error:
            self._count_death()
            raise ParserDied(f"the parser {error}") from error

    def _count_death(self) -> None:
        with self._one_at_a_time:
            self._deaths += 1


@cache
def shared_parsers() -> Parsers:
    """The parsers of the review, or other work, at hand. They end with this process at the latest:
    their input ends."""
    parsers = Parsers()
    atexit.register(parsers.close)
    return parsers


def renew_shared_parsers() -> None:
    """End those that read something: whoever asks next gets others, which no stranger's file has
    touched or killed. One that has read nothing waits on."""
    parsers = shared_parsers()
    shared_parsers.cache_clear()
    atexit.unregister(parsers.close)
    shared_parsers().take_over(parsers)
    parsers.close()
