"""Words of a model or of a pull request -> Markdown that does nothing but be read.

Not live afterwards: mentions, issue references, commands, links to elsewhere, images, HTML, our own
hidden marks, text directions. A backslash stops Markdown but not GitHub's mentions and references,
which are looked up after rendering; a code span stops both. Every function is idempotent.
https://docs.github.com/en/get-started/writing-on-github
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_TEXT = 6_000
"""Characters of one passage; what is over is cut, visibly."""

COMMAND_LINE = re.compile(r"^(?=/[A-Za-z])", re.MULTILINE)
"""Where a line begins as a command does: other bots read the raw text, code blocks too."""

_CUT = " [cut]"
_NO_INFO = frozenset({"suggestion", "mermaid", "geojson", "topojson", "stl", "math"})
_FENCE_OPEN = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$")
_INFO = re.compile(r"[A-Za-z0-9_+.-]{1,30}")
_LINE_START = re.compile(
    r"(\s*(?:(?:[-*+]|\d{1,9}[.)]|>)\s*)*)"
    r"(?:(/[A-Za-z][\w-]*(?:/[\w.-]*\w)*)|(#{1,6}(?=\s|$)|[=-]+(?=\s*$)))"
)
_TOKEN = re.compile(
    r"""
      (?P<code>    (?<!`)(?P<run>`+)(?!`)(?:(?!\n).)+?(?<!`)(?P=run)(?!`) )
    | (?P<url>     (?:(?:https?|ftp):\\?/\\?/|www\.|mailto:|xmpp:)[^\s<>`\\]* )
    | (?P<live>    [\w.+-]{0,64}\\?@[A-Za-z0-9][\w-]*(?:/[\w-]+)?
                 | (?:[\w.-]{1,64}(?:/[\w.-]{1,100})?)?\\?\#\d+
                 | [\w.-]{0,64}GH\\?-\d+ )
    | (?P<escape>  \\[!-/:-@\[-`{-~] )
    | (?P<special> [<\[$] | `+ | ~{3,} | &(?=[#A-Za-z]) | !(?=--|\[) | \\$ )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def visible(text: str) -> str:
    """The text with control, direction and zero-width characters written out, as `{U+202E}`."""
    return "".join(
        f"{{U+{ord(char):04X}}}"
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in "\n\t"
        else char
        for char in text.replace("\r\n", "\n").replace("\r", "\n")
    )


def code_span(text: str) -> str:
    """One line of code, whatever backticks it holds; the empty text stays empty."""
    line = _unmarked(" ".join(visible(text).split()))
    if not line:
        return ""
    ticks = "`" * (1 + max((len(run) for run in re.findall(r"`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def fenced(code: str, info: str = "") -> str:
    """A code block whose fence is longer than any run of backticks inside."""
    body = COMMAND_LINE.sub(" ", _unmarked(visible(code))).strip("\n")
    fence = fence_for(body)
    return f"{fence}{info}\n{body}\n{fence}"


def fence_for(code: str) -> str:
    """A run of backticks that nothing in the code closes."""
    return "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", code)), default=0))


def safe_line(text: str, permalinks: str = "") -> str:
    """One line of prose: emphasis and code spans stay, nothing else works."""
    line = " ".join(_capped(visible(text)).split())
    return _prose_line(line, permalinks)


def safe_cell(text: str, permalinks: str = "") -> str:
    """One line of prose for a table's cell."""
    return in_cell(safe_line(text, permalinks))


def in_cell(markdown: str) -> str:
    """Markdown of ours inside a table's cell, which a bare `|` would end, also in a code span.

    https://github.github.com/gfm/#tables-extension-
    """
    return re.sub(r"(?<!\\)((?:\\\\)*)\|", r"\1\\|", markdown)


def safe_prose(text: str, permalinks: str = "") -> str:
    """Paragraphs, lists and code blocks; `permalinks` is the address under which links stay live.

    That address is `https://HOST/OWNER/NAME/blob/`; what follows must be a commit and a path.
    """
    out: list[str] = []
    lines = iter(_capped(visible(text)).strip("\n").split("\n"))
    for line in lines:
        opening = _FENCE_OPEN.match(line)
        if opening is None:
            out.append(_prose_line(line, permalinks))
            continue
        body: list[str] = []
        for inner in lines:
            if re.fullmatch(rf" {{0,3}}{opening[1][0]}{{{len(opening[1])},}}[ \t]*", inner):
                break
            body.append(inner)
        info = opening[2].strip()
        known = _INFO.fullmatch(info) and info.lower() not in _NO_INFO
        out.append(fenced("\n".join(body), info if known else ""))
    return "\n".join(out).strip("\n")


def _prose_line(line: str, permalinks: str) -> str:
    start = _LINE_START.match(line)
    if start is None:
        return _inline(line, permalinks)
    if start[2]:
        return f"{start[1]}`{start[2]}`" + _inline(line[start.end() :], permalinks, after="`")
    return (
        f"{start[1]}\\"
        + line[start.end(1) : start.end()]
        + _inline(line[start.end() :], permalinks)
    )


def _inline(line: str, permalinks: str, after: str = "") -> str:
    """One line, token by token; `after` is the character before it."""
    out = [after] if after else []
    position = 0
    for token in _TOKEN.finditer(line):
        out.append(line[position : token.start()])
        piece = _piece(token, permalinks)
        previous = next((part for part in reversed(out) if part), "")
        if piece.startswith("`") and previous.endswith(("`", "\\")):
            out.append(" ")  # or two code spans would be read as one, or the backtick as escaped
        out.append(piece)
        position = token.end()
    return "".join((*out, line[position:]))[len(after) :]


def _piece(token: re.Match[str], permalinks: str) -> str:
    text = token[0]
    if token["code"]:
        return _unmarked(text)
    if token["url"]:
        url = text.rstrip(".,;:")  # they end the sentence, not the address
        live = url if _is_permalink(url, permalinks) else code_span(url.replace("\\", ""))
        return live + text[len(url) :]
    if token["live"]:
        return code_span(text.replace("\\", ""))
    if token["escape"]:
        return text
    return "".join(f"\\{char}" for char in text)


def _is_permalink(url: str, permalinks: str) -> bool:
    if not permalinks or not url.startswith(permalinks):
        return False
    rest = url[len(permalinks) :]
    return (
        re.fullmatch(r"[0-9a-f]{40}/[\w./%~-]+(?:\?plain=1)?(?:#L\d+(?:-L\d+)?)?", rest) is not None
    )


def _capped(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(_CUT)] + _CUT


def _unmarked(code: str) -> str:
    """Code that quotes one of our hidden marks must not be read back as the mark."""
    return re.sub(r"<!--(?=\s*plumbline:)", "<! --", code)
