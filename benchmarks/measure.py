"""A measured number beside its target, and the table of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Bound = Literal["at most", "at least"]

_HEAD = ("measure", "value", "target", "met")


@dataclass(frozen=True, slots=True)
class Measure:
    """One row. Without a target it only informs. `digits`: how many follow the point."""

    name: str
    value: float
    unit: str
    bound: Bound = "at most"
    target: float | None = None
    digits: int = 0

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        if self.bound == "at most":
            return self.value <= self.target
        return self.value >= self.target

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """As the table shows it."""
        unit = f" {self.unit}" if self.unit else ""
        value = f"{self.value:,.{self.digits}f}{unit}"
        if self.target is None:
            return self.name, value, "", ""
        return self.name, value, f"{self.bound} {self.target:,g}{unit}", "yes" if self.met else "NO"


def table(measures: Sequence[Measure]) -> str:
    """A Markdown table that reads as plain text too."""
    rows = [_HEAD, *(measure.cells for measure in measures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    rule = "|".join("-" * (width + 2) for width in widths)
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])
