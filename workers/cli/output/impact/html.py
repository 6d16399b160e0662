"""The impact of a change as one page: the graph drawn, the code behind each node, the lists below.

The page names no address and holds one style and one script, both ours, allowed by their hashes
(https://www.w3.org/TR/CSP3/#grammardef-hash-source): nothing that a repository says can run.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.domain.plural import plural
from bot.domain.review import Fact
from workers.cli.output.impact.graph import Drawing, drawing_of
from workers.cli.output.impact.layout import layout_of
from workers.cli.output.impact.markup import prose, words
from workers.cli.output.impact.notes import gathered
from workers.cli.output.impact.panels import Panels
from workers.cli.output.impact.svg import svg_of
from workers.cli.output.impact.text import verdict
from workers.cli.output.impact.tree import Impact, MovedPackage, User
from workers.cli.output.snippets import Sources
from workers.context.dependencies import is_telling
from workers.repository.dependencies.words import broken, told

_HERE = Path(__file__).parent
_LEGEND = (
    ("removed", "removed"),
    ("contract", "signature changed or renamed"),
    ("inside", "changed inside only"),
    ("broken", "broken by the change"),
    ("test", "test"),
    ("place", "string that may mean it"),
)


def render_impact_page(impact: Impact, sources: Sources) -> str:
    """The whole document. `sources` gives the bytes of a file at a commit."""
    style = (_HERE / "page.css").read_text("utf-8")
    script = (_HERE / "page.js").read_text("utf-8")
    drawing = drawing_of(impact)
    title = f"Impact of {impact.base[:10]}..{impact.head[:10]}"
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}';"
        " base-uri 'none'; form-action 'none'"
    )
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{words(title)}</title>",
            f"<style>{style}</style>\n</head>\n<body>",
            _header(impact),
            *_body(impact, drawing, sources),
            f"<script>{script}</script>\n</body>\n</html>\n",
        )
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _header(impact: Impact) -> str:
    legend = "".join(f'<li class="{name}">{meaning}</li>' for name, meaning in _LEGEND)
    about = (
        f"{impact.base[:10]}..{impact.head[:10]} · {plural(impact.files, 'changed file')}"
        f" · callers to depth {impact.depth}"
    )
    return (
        f"<header><h1>{words(verdict(impact))}</h1><p>{words(about)}</p>"
        f'<ul class="legend">{legend}</ul></header>'
    )


def _body(impact: Impact, drawing: Drawing, sources: Sources) -> Iterator[str]:
    if drawing.nodes:
        panels = Panels(sources, impact.head)
        yield '<main><div class="graph">'
        yield svg_of(drawing, layout_of(drawing))
        yield '</div>\n<aside id="panels"><p id="hint">Choose a definition to see its code.</p>'
        yield from panels.sections(drawing)
        yield "</aside></main>"
    yield '<div class="lists">'
    yield from _lists(impact)
    yield "</div>"


def _lists(impact: Impact) -> Iterator[str]:
    yield _list(
        "Contract checks",
        (
            f"<b>{one.severity.value}</b> {prose(one.title)} "
            f"<code>{words(f'{one.path}:{one.line}')}</code>"
            for one in impact.findings
        ),
    )
    yield _list(
        "Broken", (row for one in impact.contracts for row in _broken(one.users, one.tests))
    )
    yield _list("Seen by plain code, to be judged by you", map(_fact, impact.facts))
    telling = [one for one in impact.packages if is_telling(one.bump)]
    yield _list("Packages that moved", (row for one in telling for row in _package(one)))
    yield _list(
        "Named elsewhere in strings",
        (
            f"{words(one.key.kind)} <code>{words(one.key.word)}</code> {words(one.key.change)} in "
            f"<code>{words(f'{one.key.path}:{one.key.line}')}</code>: "
            + ", ".join(
                f"<code>{words(f'{place.path}:{place.line}')}</code> {words(place.role)}"
                for place in one.places
            )
            + (f", {one.more} more" if one.more else "")
            + (f"; {prose(one.detail)}" if one.detail else "")
            for one in impact.links
        ),
    )
    yield _list("Usually changed together", (words(str(one)) for one in impact.companions))
    counts = (words(f"{what}: {count}") for what, count in sorted(impact.quiet.items()))
    yield _list("Not shown one by one", counts)
    yield _list("Not looked at", (prose(note) for note in gathered(impact.notes)))


def _fact(fact: Fact) -> str:
    places = ", ".join(f"<code>{words(str(place))}</code>" for place in fact.places)
    return f"{prose(fact.text)}: {places}" if places else prose(fact.text)


def _package(package: MovedPackage) -> Iterator[str]:
    yield words(told(package.bump, package.users))
    for entry in package.broken:
        yield f"<b>{prose(broken(package.bump, entry))}</b>"


def _broken(*tops: tuple[User, ...]) -> Iterator[str]:
    for user in (user for top in tops for one in top for user in one.walk()):
        for line in user.lines:
            if line.status == "broken":
                yield (
                    f"<code>{words(f'{user.path}:{line.line}')}</code> {words(user.inside)} "
                    f"<code>{words(line.text)}</code> {prose(line.why)}"
                )


def _list(title: str, rows: Iterable[str]) -> str:
    items = "".join(f"<li>{row}</li>" for row in rows)
    return f"<section><h2>{title}</h2><ul>{items}</ul></section>" if items else ""
