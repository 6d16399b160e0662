"""Keeps of rendered Markdown only what GitHub's pages would show."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from urllib.parse import unquote

_TAGS = frozenset(
    "a b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i input ins kbd li "
    "ol p pre s samp span strong sub summary sup table tbody td th thead tr ul var".split()
)
_VOID = frozenset({"br", "hr", "input"})
_ATTRIBUTES = frozenset({"align", "class", "colspan", "open", "rowspan", "start", "title"})
_DROPPED_WITH_CONTENT = frozenset({"script", "style", "iframe", "object", "textarea", "title"})
_LINK = re.compile(r"https?://[^\s<>\"'`)\]]+[^\s<>\"'`)\].,;:!?]")
_MENTION = re.compile(r"(?<![\w/@])@[A-Za-z0-9][A-Za-z0-9-]*(?:\[bot\])?")
_PERMALINK = re.compile(
    r"https?://[^/]+/[^/]+/[^/]+/blob/[0-9a-f]{40}/(?P<path>[^#?]+)(?:#(?P<lines>L\d+(?:-L\d+)?))?"
)
_LITERAL = frozenset({"a", "code", "pre"})


class Sanitiser(HTMLParser):
    """Re-writes HTML with allowed tags only; links bare addresses and marks mentions."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[str] = []
        self._dropping = 0

    @classmethod
    def clean(cls, html: str) -> str:
        parser = cls()
        parser.feed(html)
        parser.close()
        tail = [f"</{tag}>" for tag in reversed(parser._open)]
        return "".join(parser._out + tail)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED_WITH_CONTENT:
            self._dropping += 1
        if self._dropping or tag not in _TAGS:
            return
        if tag == "input" and ("type", "checkbox") not in attrs:
            return
        self._out.append(f"<{tag}{self._attributes(tag, attrs)}>")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED_WITH_CONTENT:
            self._dropping = max(0, self._dropping - 1)
        elif tag in self._open and not self._dropping:
            while (last := self._open.pop()) != tag:
                self._out.append(f"</{last}>")
            self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            literal = any(tag in _LITERAL for tag in self._open)
            self._out.append(escape(data, quote=False) if literal else _linked(data))

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> str:
        kept = {name: value or "" for name, value in attrs if name in _ATTRIBUTES}
        if tag == "input":
            kept = {name: value or "" for name, value in attrs if name in ("type", "checked")}
            kept["disabled"] = ""
        href = dict(attrs).get("href") or ""
        if tag == "a" and re.match(r"(?i)https?://|mailto:|#|/(?!/)", href):
            kept |= {"href": href, "rel": "nofollow noopener"}
        return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def _linked(text: str) -> str:
    out, at = [], 0
    for match in _LINK.finditer(text):
        out.append(_mentions(text[at : match.start()]))
        address = escape(match[0])
        shown = escape(_shown(match[0]))
        out.append(f'<a href="{address}" rel="nofollow noopener">{shown}</a>')
        at = match.end()
    return "".join([*out, _mentions(text[at:])])


def _shown(address: str) -> str:
    """A link to lines at a commit reads as path and lines; any other address as it is."""
    lines = _PERMALINK.fullmatch(address)
    return f"{unquote(lines['path'])} {lines['lines'] or ''}".strip() if lines else address


def _mentions(text: str) -> str:
    escaped = escape(text, quote=False)
    return _MENTION.sub(lambda match: f'<span class="mention">{match[0]}</span>', escaped)
