"""A table, for a terminal or in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workers.cli.output.safe_text import safe_code, safe_line


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a heading; `words` are the columns of text, the others hold numbers as text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: frozenset[int] = frozenset({0})

    def text(self) -> str:
        """Aligned by spaces: names to the left, numbers to the right."""
        lines = [tuple(map(safe_code, row)) for row in (self.columns, *self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        drawn = ["  ".join(self._placed(row, widths)).rstrip() for row in lines]
        return "\n".join((safe_line(self.title), *(f"  {line}" for line in drawn)))

    def markdown(self) -> str:
        """A GitHub table; bars and line ends in cells are escaped."""
        lines = [[_cell(cell) for cell in row] for row in (self.columns, *self.rows)]
        rule = ["---" if at in self.words else "---:" for at in range(len(self.columns))]
        drawn = [f"| {' | '.join(row)} |" for row in (lines[0], rule, *lines[1:])]
        return "\n".join((f"### {_cell(self.title)}", "", *drawn))

    def _placed(self, row: Sequence[str], widths: Sequence[int]) -> list[str]:
        return [
            cell.ljust(width) if at in self.words else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]


def _cell(text: str) -> str:
    escaped = safe_line(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return escaped.strip()


def share(value: float | None) -> str:
    """A ratio as it is read: two digits, `-` where there is none."""
    return "-" if value is None else f"{value:.2f}"


def within(interval: tuple[float, float] | None) -> str:
    """The 95 % interval of a ratio."""
    return "-" if interval is None else f"{interval[0]:.2f} to {interval[1]:.2f}"


def of(found: int, every: int) -> str:
    """A part of a whole."""
    return f"{found} of {every}" if every else "-"
