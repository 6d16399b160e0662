"""What the page draws: boxes of files with their definitions, in columns, and who relies on whom.

The changed definitions are the middle column (0), those who rely on them stand to the right by
depth, tests to the left (-1). What does not fit into a column is counted, not drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from workers.cli.output.impact.tree import ChangedContract, Impact, User
from workers.repository.graph import SiteTier
from workers.repository.links import Key, Link, Place

Role = Literal["changed", "inside", "key", "user", "place", "test"]

MOST_IN_BOX = 7
"""Users of one file and column that are drawn one by one; the others share a node."""
MOST_IN_COLUMN = {0: 50, 1: 80, -1: 40}
MOST_DEEPER = 60


@dataclass(frozen=True, slots=True)
class Node:
    """A definition, or a string. `title` is what the reader sees first of it.

    `source` is what its panel tells about: a contract, the users that were merged into it, or a
    key with its link.
    """

    column: int
    path: str
    title: str
    role: Role
    change: str = ""
    broken: bool = False
    changed_too: bool = False
    source: ChangedContract | Link | tuple[User | Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """`user` relies on `used`: positions in the list of nodes."""

    user: int
    used: int
    tier: SiteTier
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes, edges, and by column how many definitions were left out."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: dict[int, int]


NodeKey = tuple[int, str, str, str]
_REST = "\0rest"


@dataclass(slots=True)
class _Pen:
    nodes: dict[NodeKey, Node] = field(default_factory=dict)
    edges: dict[tuple[NodeKey, NodeKey], Edge] = field(default_factory=dict)
    places: dict[NodeKey, int] = field(default_factory=dict)
    taken: Counter[int] = field(default_factory=Counter)
    boxes: dict[tuple[int, str], dict[tuple[str, str], None]] = field(default_factory=dict)
    left_out: dict[int, set[NodeKey]] = field(default_factory=dict)

    def node(self, key: NodeKey, node: Node) -> bool:
        """Whether the node is drawn: it was before, or there is room in its column."""
        if key in self.nodes:
            self.nodes[key] = _merged(self.nodes[key], node)
            return True
        if self.taken[node.column] >= MOST_IN_COLUMN.get(node.column, MOST_DEEPER):
            self.left_out.setdefault(node.column, set()).add(key)
            return False
        self.taken[node.column] += 1
        self.places[key] = len(self.nodes)
        self.nodes[key] = node
        return True

    def key(self, column: int, path: str, title: str, extra: str, whole: bool) -> NodeKey:
        """The node of a user; of a full box the one that the rest of it shares."""
        inside = self.boxes.setdefault((column, path), {})
        if (title, extra) in inside or whole or len(inside) < MOST_IN_BOX:
            inside[title, extra] = None
            return (column, path, title, extra)
        return (column, path, _REST, "")

    def edge(self, user: NodeKey, used: NodeKey, tier: SiteTier, broken: bool) -> None:
        """One line between two nodes: the surest tier, broken if any is."""
        known = self.edges.get((user, used))
        if known is not None:
            tier, broken = min(tier, known.tier), broken or known.broken
        self.edges[user, used] = Edge(self.places[user], self.places[used], tier, broken)


def _merged(one: Node, other: Node) -> Node:
    """The same definition met twice, or one more of those that share a node."""
    if not isinstance(one.source, tuple) or not isinstance(other.source, tuple):
        return one
    return replace(
        one,
        broken=one.broken or other.broken,
        source=tuple(dict.fromkeys((*one.source, *other.source))),
    )


def _titled(key: NodeKey, node: Node) -> Node:
    if key[2] != _REST or not isinstance(node.source, tuple):
        return node
    names = {(item.path, item.inside) for item in node.source if isinstance(item, User)}
    places = sum(not isinstance(item, User) for item in node.source)
    return replace(node, title=f"{len(names) + places} more", changed_too=False)


def drawing_of(impact: Impact) -> Drawing:
    """Contracts first, then what changed inside, then strings: the later are the first to go."""
    pen = _Pen()
    everything = (*impact.contracts, *impact.bodies)
    changed = {(one.path, one.name) for one in everything}
    for contract in everything:
        role: Role = "changed" if contract in impact.contracts else "inside"
        key = (0, contract.path, contract.name, contract.change)
        node = Node(0, contract.path, contract.name, role, contract.change, source=contract)
        if pen.node(key, node):
            _draw_users(pen, contract.users, key, changed)
            _draw_users(pen, contract.tests, key, changed)
    for link in impact.links:
        _draw_link(pen, link)
    left_out = {column: len(keys) for column, keys in sorted(pen.left_out.items())}
    nodes = tuple(_titled(key, node) for key, node in pen.nodes.items())
    return Drawing(nodes, tuple(pen.edges.values()), left_out)


def _draw_users(
    pen: _Pen, users: Iterable[User], used: NodeKey, changed: set[tuple[str, str]]
) -> None:
    """Nearest first, all of one level before the next. Tests deeper than one are not drawn."""
    level = [(user, used) for user in users]
    while level:
        following: list[tuple[User, NodeKey]] = []
        for user, below in level:
            if user.is_test and user.depth > 1:
                continue
            column = -1 if user.is_test else user.depth
            key = pen.key(column, user.path, user.inside, "", whole=user.broken)
            node = Node(
                column=column,
                path=user.path,
                title=user.inside or "top of the file",
                role="test" if user.is_test else "user",
                broken=user.broken,
                changed_too=(user.path, user.inside) in changed,
                source=(user,),
            )
            if pen.node(key, node):
                pen.edge(key, below, user.tier, user.broken)
                following += ((deeper, key) for deeper in user.users)
        level = following


def _draw_link(pen: _Pen, link: Link) -> None:
    named = _key_of(link.key)
    node = Node(0, link.key.path, link.key.word, "key", link.key.change, source=link)
    if not pen.node(named, node):
        return
    for place in link.places:
        column = -1 if place.role == "tests" else 1
        key = pen.key(column, place.path, place.role, link.key.word, whole=False)
        title = f"{place.role} {link.key.word}"
        if pen.node(key, Node(column, place.path, title, "place", source=(place,))):
            pen.edge(key, named, link.tier, False)


def _key_of(key: Key) -> NodeKey:
    return (0, key.path, key.word, key.kind)
