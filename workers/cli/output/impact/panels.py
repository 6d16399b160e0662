"""What the page tells of a node that is clicked: the code lines, their tier and their state."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from html import escape

from bot.domain.identifiers import Sha
from bot.domain.plural import plural
from workers.cli.output.impact.graph import Drawing, Node
from workers.cli.output.impact.markup import code, prose, words
from workers.cli.output.impact.tree import ChangedContract, User, UserLine
from workers.cli.output.snippets import SnippetLine, Sources, cut
from workers.repository.graph import Definition
from workers.repository.links import Link, Place

_AROUND = 2
_MOST_LINES = 6
_LONGEST_DEFINITION = 600
_MOST_ROWS = 60
_MOST_SNIPPETS = 600
_WIDEST = 400
_SIGNS = {"+": "added", "-": "removed", " ": "same"}

_STATES = {"broken": "broken", "safe": "safe", "not_inspected": "not inspected"}
_TIERS = {"T1": "resolved", "T2": "typed by evidence nearby", "T3": "only the name matches"}


class Panels:
    """Makes one section a node. Reads each file once; snippets are bounded for the whole page."""

    def __init__(self, sources: Sources, head: Sha) -> None:
        self._sources = sources
        self._head = head
        self._files: dict[tuple[Sha, str], list[str]] = {}
        self._left = _MOST_SNIPPETS

    def sections(self, drawing: Drawing) -> Iterator[str]:
        """A hidden section for each node, in their order."""
        for at, node in enumerate(drawing.nodes):
            yield (
                f'<section class="panel" id="panel-{at}" hidden>'
                f"<h3>{words(node.title)}</h3><p class=path>{words(node.path)}</p>"
                f"{''.join(self._told(node))}</section>"
            )

    def _told(self, node: Node) -> Iterator[str]:
        match node.source:
            case ChangedContract():
                yield from self._contract(node.source)
            case Link():
                yield from _link(node.source)
            case tuple():
                for item in node.source:
                    if isinstance(item, User):
                        yield from self._user(item)
                    else:
                        yield from self._place(item)

    def _contract(self, contract: ChangedContract) -> Iterator[str]:
        yield f"<p>{words(f'{contract.kind}, {contract.change}')}</p>"
        yield "".join(f"<p>{prose(said)}</p>" for said in contract.says)
        if contract.before is None or contract.after is None:
            for definition in filter(None, (contract.before, contract.after)):
                yield f"<h4>{words(f'{definition.path}:{definition.line}')}</h4>"
                yield _rows(self._definition(definition)[:_MOST_ROWS])
        else:
            yield f"<h4>{words(f'{contract.after.path}:{contract.after.line}')}</h4>"
            yield self._difference(contract.before, contract.after)
        if contract.possible:
            yield f"<p>{plural(contract.possible, 'more line')} where only the name matches.</p>"

    def _definition(self, definition: Definition) -> list[SnippetLine]:
        last = min(definition.end_line, definition.line + _LONGEST_DEFINITION - 1)
        rows = self._lines(definition.commit, definition.path)[definition.line - 1 : last]
        return [SnippetLine(at, text, False) for at, text in enumerate(rows, definition.line)]

    def _difference(self, before: Definition, after: Definition) -> str:
        """What differs between the two sides of a definition, with a little around it."""
        old, new = ([line.text for line in self._definition(side)] for side in (before, after))
        differing = list(difflib.unified_diff(old, new, n=_AROUND, lineterm=""))[2:]
        rows = (
            f'<span class="row {_SIGNS.get(row[0], "hunk")}">{code(row[:_WIDEST])}</span>'
            for row in differing[:_MOST_ROWS]
        )
        left = len(differing) - _MOST_ROWS
        more = f"<p>{plural(left, 'more line')}</p>" if left > 0 else ""
        return f"<pre>{''.join(rows)}</pre>{more}" if differing else ""

    def _user(self, user: User) -> Iterator[str]:
        ordered = sorted(user.lines, key=lambda line: line.status != "broken")
        for line in ordered[:_MOST_LINES]:
            yield _state(line)
            yield self._snippet(line.commit or self._head, user.path, line.line, line.text)
        if len(ordered) > _MOST_LINES:
            yield f"<p>{plural(len(ordered) - _MOST_LINES, 'more line')}</p>"

    def _place(self, place: Place) -> Iterator[str]:
        yield f"<p>{words(place.role)}</p>"
        yield self._snippet(self._head, place.path, place.line, place.text)

    def _snippet(self, commit: Sha, path: str, line: int, text: str) -> str:
        """The line with its surroundings while there is room, else alone."""
        self._left -= 1
        lines = self._lines(commit, path) if self._left >= 0 else []
        found = cut(lines, line, line, _AROUND)
        return _rows(found.lines if found is not None else [SnippetLine(line, text, True)])

    def _lines(self, commit: Sha, path: str) -> list[str]:
        if (commit, path) not in self._files:
            raw = self._sources(commit, path) or b""
            self._files[commit, path] = raw.decode("utf-8", "replace").split("\n")
        return self._files[commit, path]


def _state(line: UserLine) -> str:
    state = _STATES[line.status]
    why = f" because {line.why}" if line.status == "safe" and line.why else ""
    why = f": {line.why}" if line.status == "broken" and line.why else why
    return (
        f'<p class="state {line.status}"><b>{escape(state)}</b>{prose(why)}'
        f" <span class=tier>{line.edge}; {line.tier}, {_TIERS[line.tier]}</span></p>"
    )


def _link(link: Link) -> Iterator[str]:
    sure = "" if link.tier == "T2" else ", perhaps by chance"
    yield f"<p>{words(f'{link.key.kind}, {link.key.change}{sure}')}</p>"
    yield f"<p>{prose(link.detail)}</p>" if link.detail else ""
    yield f"<p>{plural(link.more, 'more place')}</p>" if link.more else ""


def _rows(lines: Sequence[SnippetLine]) -> str:
    rows = (
        f'<span class="row{" meant" if line.marked else ""}"><i>{line.number}</i>'
        f"{code(line.text[:_WIDEST])}</span>"
        for line in lines
    )
    return f"<pre>{''.join(rows)}</pre>"
