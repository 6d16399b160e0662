"""Where each box of the drawing stands. Pure: a drawing in, numbers out.

Layered, as Sugiyama et al. draw graphs ("Methods for Visual Understanding of Hierarchical System
Structures", 1981): columns are given, boxes of a column are ordered by the mean place of their
neighbours nearer to the middle, and drawn as near to that place as their neighbours let them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.cli.output.impact.graph import Drawing

NODE_WIDTH = 208
NODE_HEIGHT = 22
HEADER = 24
PADDING = 8
BOX_GAP = 16
COLUMN_GAP = 64
MARGIN = 16
TOP = 34
"""Room for the names of the columns."""


@dataclass(frozen=True, slots=True)
class Box:
    """A file in a column, with the positions of its nodes in the drawing, top to bottom."""

    column: int
    path: str
    nodes: tuple[int, ...]
    x: float
    y: float

    @property
    def width(self) -> float:
        """All boxes are equally wide."""
        return NODE_WIDTH + 2 * PADDING

    @property
    def height(self) -> float:
        """Header and nodes."""
        return _height(len(self.nodes))


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes, the top left corner of each node by its position, and the size of the whole."""

    boxes: tuple[Box, ...]
    corners: Mapping[int, tuple[float, float]]
    columns: Mapping[int, float]
    width: float
    height: float


def layout_of(drawing: Drawing) -> Layout:
    """Every node in one box, no two boxes touching, all within `width` and `height`."""
    files = _files(drawing)
    columns = sorted({column for column, _ in files})
    tall = max((_stacked(files, column) for column in columns), default=0.0)
    boxes: list[Box] = []
    corners: dict[int, tuple[float, float]] = {}
    left = {column: _left(columns, column) for column in columns}
    for column in sorted(columns, key=lambda column: (abs(column), column)):
        groups = [(path, nodes) for (at, path), nodes in files.items() if at == column]
        wished = [_wish(drawing, nodes, corners) for _, nodes in groups]
        for (path, nodes), y in _placed(groups, wished, tall):
            box = Box(column, path, tuple(nodes), left[column], y + TOP)
            boxes.append(box)
            for row, node in enumerate(nodes):
                corners[node] = (box.x + PADDING, box.y + HEADER + row * NODE_HEIGHT)
    width = 2 * MARGIN + len(columns) * (NODE_WIDTH + 2 * PADDING)
    width += max(0, len(columns) - 1) * COLUMN_GAP
    return Layout(tuple(boxes), corners, left, width, tall + TOP + MARGIN)


def _files(drawing: Drawing) -> dict[tuple[int, str], list[int]]:
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for position, node in enumerate(drawing.nodes):
        found[node.column, node.path].append(position)
    return found


def _height(nodes: int) -> float:
    return HEADER + nodes * NODE_HEIGHT + PADDING


def _stacked(files: Mapping[tuple[int, str], Sequence[int]], column: int) -> float:
    heights = [_height(len(nodes)) for (at, _), nodes in files.items() if at == column]
    return sum(heights) + BOX_GAP * max(0, len(heights) - 1)


def _left(columns: Sequence[int], column: int) -> float:
    return MARGIN + columns.index(column) * (NODE_WIDTH + 2 * PADDING + COLUMN_GAP)


def _wish(
    drawing: Drawing, nodes: Sequence[int], corners: Mapping[int, tuple[float, float]]
) -> float | None:
    """The mean height of what these nodes rely on; None where nothing of it is placed yet."""
    mine = set(nodes)
    near = [
        corners[edge.used][1]
        for edge in drawing.edges
        if edge.user in mine and edge.used in corners
    ]
    return sum(near) / len(near) - TOP if near else None


def _placed(
    groups: Sequence[tuple[str, list[int]]], wished: Sequence[float | None], tall: float
) -> list[tuple[tuple[str, list[int]], float]]:
    """Groups by their wish, pushed apart downwards, then up again where the room ends."""
    order = sorted(range(len(groups)), key=lambda at: (wished[at] or 0.0, at))
    tops: list[float] = []
    free = 0.0
    for at in order:
        height = _height(len(groups[at][1]))
        wish = wished[at]
        tops.append(free if wish is None else max(free, wish - height / 2))
        free = tops[-1] + height + BOX_GAP
    limit = tall
    for place in reversed(range(len(order))):
        height = _height(len(groups[order[place]][1]))
        tops[place] = min(tops[place], limit - height)
        limit = tops[place] - BOX_GAP
    return [(groups[at], top) for at, top in zip(order, tops, strict=True)]
