"""The drawing as an inline SVG. It holds no script, no style and no address."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from workers.cli.output.impact.graph import Drawing, Edge, Node
from workers.cli.output.impact.layout import (
    NODE_HEIGHT,
    NODE_WIDTH,
    PADDING,
    Box,
    Layout,
)
from workers.cli.output.impact.markup import shortened_name, shortened_path, words

_LABEL = 28
_PATH = 28
_SHRINKS = range(960, 1130)
"""Widths that are drawn a little smaller where the window is narrow: four columns are seen whole
beside the panel of a window of 1,400. Wider drawings scroll, for small text cannot be read."""


def svg_of(drawing: Drawing, layout: Layout) -> str:
    """Edges below, boxes above them; each node names the panel that tells of it."""
    size = f"{layout.width:.0f} {layout.height:.0f}"
    shrinks = ' class="shrinks"' if round(layout.width) in _SHRINKS else ""
    parts = [
        f'<svg id="graph"{shrinks} viewBox="0 0 {size}" width="{layout.width:.0f}"'
        f' height="{layout.height:.0f}" role="img" aria-label="What hangs on the change">',
        *_columns(drawing, layout),
        *(_edge(edge, layout) for edge in drawing.edges),
        *(_box(box) for box in layout.boxes),
        *(_node(at, node, layout) for at, node in enumerate(drawing.nodes)),
        "</svg>",
    ]
    return "\n".join(parts)


def _columns(drawing: Drawing, layout: Layout) -> Iterator[str]:
    for column, x in layout.columns.items():
        left = drawing.left_out.get(column, 0)
        more = f" ({left} more not drawn)" if left else ""
        yield f'<text class="column" x="{x:.0f}" y="20">{_column(column)}{more}</text>'


def _column(column: int) -> str:
    if column < 0:
        return "Tests"
    names = {0: "Changed", 1: "Relies on it"}
    return names.get(column, f"Depth {column}")


def _box(box: Box) -> str:
    return (
        f'<g class="box"><rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.0f}"'
        f' height="{box.height:.0f}" rx="7"/>'
        f'<text class="path" x="{box.x + PADDING:.1f}" y="{box.y + 16:.1f}">'
        f"<title>{words(box.path)}</title>{escape(shortened_path(box.path, _PATH))}"
        "</text></g>"
    )


def _node(at: int, node: Node, layout: Layout) -> str:
    x, y = layout.corners[at]
    kinds = ["node", node.role, f"change-{node.change}" if node.change else ""]
    kinds += ["broken" if node.broken else "", "changed-too" if node.changed_too else ""]
    label = escape(shortened_name(node.title, _LABEL))
    return (
        f'<g class="{" ".join(filter(None, kinds))}" data-node="{at}" tabindex="0" role="button">'
        f"<title>{words(f'{node.title} in {node.path}')}</title>"
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{NODE_WIDTH}" height="{NODE_HEIGHT - 3}" rx="4"/>'
        f'<text x="{x + 8:.1f}" y="{y + 14:.1f}">{label}</text></g>'
    )


def _edge(edge: Edge, layout: Layout) -> str:
    """From the side of the used node that faces the user, to the user."""
    (ux, uy), (dx, dy) = layout.corners[edge.user], layout.corners[edge.used]
    right = ux > dx
    start, end = (dx + NODE_WIDTH, ux) if right else (dx, ux + NODE_WIDTH)
    y1, y2 = (y + (NODE_HEIGHT - 3) / 2 for y in (dy, uy))
    bend = abs(end - start) / 2 * (1 if right else -1)
    kinds = f"edge {edge.tier}" + (" broken" if edge.broken else "")
    return (
        f'<path class="{kinds}" data-user="{edge.user}" data-used="{edge.used}"'
        f' d="M{start:.1f} {y1:.1f}C{start + bend:.1f} {y1:.1f} {end - bend:.1f} {y2:.1f}'
        f' {end:.1f} {y2:.1f}"/>'
    )
