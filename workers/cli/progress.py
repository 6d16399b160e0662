"""What is being done, on standard error: a live line for a person, plain lines for a log."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console
from rich.status import Status

from bot.domain.pull_request import PullRequest
from bot.domain.review import Stage
from workers.cli.output.safe_text import safe_line

STAGES: dict[Stage, str] = {
    "fetching": "Reading the commits",
    "understanding": "Looking for what hangs on the change",
    "reviewing": "Reviewing: defects, and what was promised",
    "verifying": "Trying to refute what was found",
    "publishing": "Posting the review",
}


class TerminalWatch:
    """`ports.Watch` for a person who waits; nobody supersedes a run in a terminal."""

    def __init__(self, stream: TextIO, quiet: bool) -> None:
        self._console = Console(file=stream, highlight=False, markup=False, emoji=False)
        self._quiet = quiet
        self._live: Status | None = None

    def begin(self, pull: PullRequest, key: str) -> None:
        """Nothing: the person knows what they asked for."""

    def stage(self, name: Stage) -> None:
        """Show the stage; on a terminal it replaces the one before."""
        if self._quiet:
            return
        words = f"{STAGES[name]} ..."
        if not self._console.is_terminal:
            self._console.print(words)
        elif self._live is None:
            self._live = self._console.status(words)
            self._live.start()
        else:
            self._live.update(words)

    def check(self) -> None:
        """Ctrl-C ends the run; there is nothing else to look for."""

    def end(self) -> None:
        """Take the live line away, before a report is printed."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def notice(self, text: str) -> None:
        """One line that stays, also when quiet: it changes how the report is to be read."""
        self.end()
        self._console.print(safe_line(text), soft_wrap=True)
