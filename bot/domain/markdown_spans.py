"""Inline parts of a Markdown paragraph that are not prose: code spans, comments, tags, addresses.

Kept to CommonMark (https://spec.commonmark.org/0.31.2/#inlines); every look-ahead is bounded or
indexed, so that the time stays linear in the length of the paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_CLOSERS = {
    "<!--": "-->",
    "<?": "?>",
    "<![cdata[": "]]>",
    **{name: f"</{name}>" for name in ("code", "pre", "kbd", "samp", "blockquote", "del", "s")},
}
_HTML = frozenset(
    "a b blockquote br center code dd del details div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins "
    "kbd li ol p picture pre q s samp source span strike strong sub summary sup table tbody td "
    "tfoot th thead tr tt u ul var".split()
)
"""What people write as tags. `List<String>` is none: GitHub hides it, but its writer meant it."""
_ATTRIBUTE = r"""\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
_TOKEN = re.compile(
    rf"""
      (?P<escape> \\[!-/:-@\[-`{{-~] )
    | (?P<code>   `+ )
    | (?P<hidden> <!-- | <\?(?=[a-z]) | <!\[CDATA\[ )
    | (?P<quoted> <(?P<name>code|pre|kbd|samp|blockquote|del|s)(?:{_ATTRIBUTE}){{0,20}}\s*> )
    | (?P<tag>    </?[A-Za-z][A-Za-z0-9-]*(?:{_ATTRIBUTE}){{0,20}}\s*/?> )
    | (?P<address><[A-Za-z][A-Za-z0-9+.-]{{1,31}}:[^\s<>]*> )
    | (?P<image>  !\[[^\[\]]*\](?=[(\[]) )
    | (?P<struck> ~~(?=[^\s~])[^~]*(?<!\s)~~(?!~) )
    | (?P<bare>   (?:https?://|ftp://|www\.|mailto:)[^\s<>]* )
    | (?P<target> \]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\) )
    | (?P<define> ^[ ]{{0,3}}\[(?!\^)[^\]\n]{{1,999}}\]:[^\n]* )
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)


def blank_markup(paragraph: str) -> str:
    """The paragraph with everything that is not prose replaced by spaces, at equal length.

    Backslash escapes go too: an escaped character was meant not to work. So does what is struck
    out: it was taken back.
    """
    parts: list[str] = []
    done = 0
    for start, end, _ in _spans(paragraph):
        parts += (paragraph[done:start], _blank(paragraph[start:end]))
        done = end
    return "".join(parts) + paragraph[done:]


def as_shown(text: str) -> str:
    """The text without HTML comments and tags, which readers do not see; code stays as it is."""
    parts: list[str] = []
    done = 0
    for start, end, kind in _spans(text):
        if kind == "hidden" or (kind == "tag" and _tag_name(text[start:end]) in _HTML):
            parts.append(text[done:start])
            done = end
    return "".join(parts) + text[done:]


def _tag_name(tag: str) -> str:
    return re.split(r"[\s/>]", tag.lstrip("</"), maxsplit=1)[0].lower()


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of each span that is not prose, in order."""
    code_runs = _runs_by_length(text)
    folded = text.translate(_ASCII_LOWER)
    last_closers = {closer: folded.rfind(closer) for closer in _CLOSERS.values()}
    position = 0
    while token := _TOKEN.search(text, position):
        end = _end_of(token, folded, code_runs, last_closers)
        position = token.end() if end is None else end
        if end is not None:
            yield token.start(), end, str(token.lastgroup)


def _end_of(
    token: re.Match[str], text: str, runs: dict[int, list[int]], last_closers: dict[str, int]
) -> int | None:
    """Where the span that this token opens ends; None when the token is only text."""
    if token["code"]:
        length = len(token["code"])
        starts = runs[length]
        following = bisect_left(starts, token.end())
        return starts[following] + length if following < len(starts) else None
    if token["hidden"] or token["quoted"]:
        closer = _CLOSERS[(token["name"] or token["hidden"]).lower()]
        if last_closers[closer] >= token.end():
            return text.find(closer, token.end()) + len(closer)
        return None if token["hidden"] else token.end()
    return token.end()


def _runs_by_length(text: str) -> dict[int, list[int]]:
    runs: dict[int, list[int]] = defaultdict(list)
    for run in re.finditer(r"`+", text):
        runs[len(run[0])].append(run.start())
    return runs


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
