"""What the words of a review look like to the code that posts them, whoever wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.domain.diff import Side
from bot.domain.pull_request import PullRef
from bot.domain.review import Review

Conclusion = Literal["success", "neutral", "failure"]


class InlineWords(Protocol):
    """One comment on lines of the diff; `start_line` is None for a single line."""

    @property
    def path(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def start_line(self) -> int | None: ...
    @property
    def side(self) -> Side: ...
    @property
    def body(self) -> str: ...


@dataclass(frozen=True, slots=True)
class CheckOutput:
    """The output of a check run: a title of one line, Markdown for the rest, `text` may be empty.

    https://docs.github.com/en/rest/checks/runs#update-a-check-run
    """

    title: str
    summary: str
    text: str = ""


class Composed(Protocol):
    """A review in words. No comments and an empty `body`: there is nothing to say.

    `summary` is what the body of the first review of the pull request is changed to.
    """

    @property
    def body(self) -> str: ...
    @property
    def comments(self) -> Sequence[InlineWords]: ...
    @property
    def summary(self) -> str: ...
    @property
    def check(self) -> CheckOutput: ...
    @property
    def conclusion(self) -> Conclusion: ...


class Compose(Protocol):
    """Puts a review into words. `first`: no review of ours stands on the pull request yet."""

    def __call__(
        self, review: Review, ref: PullRef, first: bool, marker: str, record: str
    ) -> Composed:
        """The words. `record` is the review's key, by which its record is found."""
