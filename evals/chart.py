"""Grouped bars as SVG: no font, script or address but what every viewer has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from workers.cli.output.safe_text import safe_line

_COLOURS = ("#2f6f9f", "#d9822b", "#5b8c5a", "#8a5a83")
_HEIGHT, _TOP, _LEFT, _BAR, _GAP = 220, 56, 44, 26, 34
_STYLE = "font-family:system-ui,sans-serif;font-size:12px"


@dataclass(frozen=True, slots=True)
class Bars:
    """For each group one bar a series; values are 0 to 1, None draws a dash."""

    title: str
    series: tuple[str, ...]
    groups: tuple[tuple[str, tuple[float | None, ...]], ...]


def bar_chart(bars: Bars) -> str:
    """The drawing, with its numbers written above the bars."""
    group_width = _BAR * len(bars.series) + _GAP
    width = max(_LEFT + group_width * len(bars.groups) + 16, 120 + 7 * len(bars.title))
    height = _TOP + _HEIGHT + 32
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" style="{_STYLE}">',
            f"<title>{_words(bars.title)}</title>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            _text(_LEFT, 18, bars.title, "start", "#111"),
            *_legend(bars.series),
            *_scale(width),
            *(
                row
                for at, (name, values) in enumerate(bars.groups)
                for row in _group(_LEFT + _GAP / 2 + at * group_width, name, values)
            ),
            "</svg>\n",
        )
    )


def _legend(series: Sequence[str]) -> Iterator[str]:
    left = float(_LEFT)
    for name, colour in zip(series, _COLOURS, strict=False):
        yield f'<rect x="{left:g}" y="28" width="10" height="10" fill="{colour}"/>'
        yield _text(left + 15, 37, name, "start", "#333")
        left += 30 + 7 * len(name)


def _scale(width: int) -> Iterator[str]:
    for step in range(0, 11, 2):
        y = _TOP + _HEIGHT * (1 - step / 10)
        yield f'<line x1="{_LEFT}" x2="{width - 8}" y1="{y:g}" y2="{y:g}" stroke="#ddd"/>'
        yield _text(_LEFT - 6, y + 4, f"{step / 10:.1f}", "end", "#555")


def _group(left: float, name: str, values: Sequence[float | None]) -> Iterator[str]:
    for at, (value, colour) in enumerate(zip(values, _COLOURS, strict=False)):
        x, tall = left + at * _BAR, _HEIGHT * min(1.0, max(0.0, value or 0.0))
        y = _TOP + _HEIGHT - tall
        if value is not None:
            yield (
                f'<rect x="{x + 2:g}" y="{y:.1f}" width="{_BAR - 4}" height="{tall:.1f}" '
                f'fill="{colour}"/>'
            )
        label = "-" if value is None else f"{value:.2f}"
        yield _text(x + _BAR / 2, y - 4, label, "middle", "#333", size=10)
    middle = left + _BAR * len(values) / 2
    yield _text(middle, _TOP + _HEIGHT + 18, name, "middle", "#111")


def _text(x: float, y: float, words: str, anchor: str, colour: str, size: int = 12) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{colour}" font-size="{size}">'
        f"{_words(words)}</text>"
    )


def _words(text: str) -> str:
    return escape(safe_line(text), quote=True)
