"""Which parts of a Markdown text are its writer's own prose: not code, not quotes, not markup.

A reader for one question, "was this said?", in one pass and linear time. It keeps to CommonMark
(https://spec.commonmark.org/0.31.2/) where that decides the answer: fences, indented code, lists,
block quotes with their lazy lines, HTML comments, code spans, tags and link destinations.
What follows an e-mail's signature or "On ... wrote:" line is a tail, not prose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.domain.mail_quotes import header_lines, is_mail_tail

_DEEPEST = 20
_LIST_MARKER = re.compile(r"([-*+]|\d{1,9}[.)])( +|$)")
_THEMATIC_BREAK = re.compile(r"(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$")
_FENCE = re.compile(r"(`{3,})([^`]*)$|(~{3,})(.*)$")
_HEADING = re.compile(r"#{1,6}(?: +|$)")
_QUOTE_END = "</blockquote>"
_QUOTE_TAG = re.compile(r"<(/?)blockquote(?=[\s>])[^<>]*>", re.IGNORECASE)
_RAW_START = re.compile(r"<!--|<(pre|script|style|textarea|blockquote)(?=[\s>]|$)", re.IGNORECASE)


def prose_paragraphs(markdown: str) -> tuple[str, ...]:
    """The paragraphs (and headings) outside code, quotes, raw HTML and e-mail tails, in order.

    Each keeps its line breaks and its inline markup; list markers and indentation are gone.
    """
    reader = _BlockReader()
    for line in re.split(r"\r\n|\n|\r", markdown):
        reader.feed(line)
    return reader.finish()


@dataclass(slots=True)
class _Fence:
    marker: str
    container_indent: int

    def closed_by(self, text: str) -> bool:
        run = text.rstrip()
        return len(run) >= len(self.marker) and not run.strip(self.marker[0])


@dataclass(slots=True)
class _BlockReader:
    """The state between two lines: the open paragraph, list items, fence, raw block and quote."""

    depth: int = 0
    found: list[str] = field(default_factory=list)
    paragraph: list[str] = field(default_factory=list)
    item_indents: list[int] = field(default_factory=list)
    item_is_empty: bool = False
    fence: _Fence | None = None
    raw_end: str = ""
    raw_depth: int = 0
    quote: _BlockReader | None = None
    after_mail_header: bool = False
    ended: bool = False

    def finish(self) -> tuple[str, ...]:
        self._flush()
        return tuple(self.found)

    def feed(self, raw_line: str) -> None:
        if self.ended:
            return
        body = raw_line.lstrip(" \t")
        indent = len(raw_line[: len(raw_line) - len(body)].expandtabs(4))
        if self.raw_end:
            self._feed_raw(body)
        elif self._stays_in_fence(body, indent):
            return
        elif not body.strip():
            self._feed_blank()
        else:
            self.item_is_empty = False
            self._feed_text(body, indent)

    @property
    def paragraph_open(self) -> bool:
        """Whether an unmarked line would go on with a paragraph here or in the innermost quote."""
        return bool(self.paragraph) or (self.quote is not None and self.quote.paragraph_open)

    def _feed_blank(self) -> None:
        self._flush()
        self.quote = None
        if self.item_is_empty:  # an item may begin with one blank line, no more
            self.item_indents.pop()
            self.item_is_empty = False

    def _feed_text(self, body: str, indent: int) -> None:
        if not self.paragraph and not (self.quote and self.quote.paragraph_open):
            self._close_items(indent)
        relative = indent - self._item_indent
        if relative >= 4 and not self.paragraph_open:
            return  # indented code
        if relative < 4 and self._starts_block(body, indent):
            return
        if self.quote is not None and self.quote.paragraph_open:
            return  # a lazy line of the quote
        self.quote = None
        self._add_prose(body)

    def _starts_block(self, body: str, indent: int) -> bool:
        """Handle a line that starts a block of its own, if it does."""
        if _THEMATIC_BREAK.match(body):
            self._flush()
            self.quote = None
            self.ended = self._is_mail_tail(body)
            return True
        if body[0] == ">" and self.depth < _DEEPEST:
            self._feed_quote(body)
            return True
        marker = _LIST_MARKER.match(body) if len(self.item_indents) < _DEEPEST else None
        if marker and (marker.end() < len(body.rstrip()) or not self.paragraph_open):
            self._feed_item(body, indent, marker)
            return True
        return self._starts_leaf(body, indent)

    def _starts_leaf(self, body: str, indent: int) -> bool:
        fence = _FENCE.match(body)
        raw = _RAW_START.match(body)
        heading = _HEADING.match(body)
        if not (fence or raw or heading):
            return False
        self._flush()
        self.quote = None
        self._close_items(indent)
        if fence:
            self.fence = _Fence(fence[1] or fence[3], self._item_indent)
        elif raw:
            self.raw_end = f"</{raw[1].lower()}>" if raw[1] else "-->"
            self._feed_raw(body[raw.end() :])
        elif heading:
            self.found.append(body[heading.end() :].strip())
        return True

    def _feed_quote(self, body: str) -> None:
        self._flush()
        self.after_mail_header = False
        if self.quote is None:
            self.quote = _BlockReader(depth=self.depth + 1)
        inner = body[1:]
        self.quote.feed(inner[1:] if inner.startswith(" ") else inner)

    def _feed_item(self, body: str, indent: int, marker: re.Match[str]) -> None:
        self._flush()
        self.quote = None
        self._close_items(indent)
        spaces = len(marker[2])
        content = indent + len(marker[1]) + (spaces if 1 <= spaces <= 4 else 1)
        self.item_indents.append(content)
        rest = body[marker.end() :]
        self.item_is_empty = not rest.strip()
        if rest.strip() and spaces <= 4:
            self._feed_text(rest, content)

    def _feed_raw(self, body: str) -> None:
        end = self._end_of_raw(body)
        if end < 0:
            return
        rest = body[end:]
        self.raw_end, self.raw_depth = "", 0
        if rest.strip():
            self._add_prose(rest.strip())

    def _end_of_raw(self, body: str) -> int:
        """Where the raw block ends in this line; -1: not in it. Only quotes hold their own kind."""
        if self.raw_end != _QUOTE_END:
            at = body.lower().find(self.raw_end)
            return at if at < 0 else at + len(self.raw_end)
        for tag in _QUOTE_TAG.finditer(body):
            self.raw_depth += -1 if tag[1] else 1
            if self.raw_depth < 0:
                return tag.end()
        return -1

    def _stays_in_fence(self, body: str, indent: int) -> bool:
        fence = self.fence
        if fence is None:
            return False
        if body.strip() and indent < fence.container_indent:
            self.fence = None  # the list item around it ended
            return False
        if indent - fence.container_indent < 4 and fence.closed_by(body):
            self.fence = None
        return True

    def _add_prose(self, body: str) -> None:
        if self._is_mail_tail(body) or self.after_mail_header:
            self.ended = True
            self._flush()
        elif above := header_lines(self.paragraph[-1] if self.paragraph else "", body):
            del self.paragraph[len(self.paragraph) + 1 - above :]
            self._flush()
            self.after_mail_header = True
        else:
            self.paragraph.append(body)

    def _is_mail_tail(self, body: str) -> bool:
        return self.depth == 0 and is_mail_tail(body)

    @property
    def _item_indent(self) -> int:
        return self.item_indents[-1] if self.item_indents else 0

    def _close_items(self, indent: int) -> None:
        while self.item_indents and self.item_indents[-1] > indent:
            self.item_indents.pop()

    def _flush(self) -> None:
        if self.paragraph:
            self.found.append("\n".join(self.paragraph))
            self.paragraph.clear()
