"""Code and matches as text for a model: numbered, bounded, with nothing invisible in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

MAX_LINE_CHARACTERS = 400

# Controls, zero-width characters and the bidirectional overrides of "Trojan Source"
# (https://trojansource.codes): a model reads bytes in order, a person does not.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)


class Line(NamedTuple):
    """One matching line of a file."""

    path: str
    line: int
    text: str


def visible(text: str) -> str:
    r"""The text with each invisible character written as an escape, e.g. `\u202e`."""
    return _INVISIBLE.sub(lambda match: _escape(ord(match[0])), text)


def numbered(lines: Sequence[str], first: int, limit: int) -> str:
    """`12 | text` for each line: as many lines as `limit` characters hold, and at least one."""
    shown: list[str] = []
    size = 0
    for number, line in enumerate(lines, start=first):
        entry = f"{number:>5} | {shortened(line)}"
        size += len(entry) + 1
        if shown and size > limit:
            break
        shown.append(entry)
    return "\n".join(shown)


def shown_lines(found: Sequence[Line], most: int, limit: int) -> str:
    """`path:line: text` for each match, with a note when some are left out."""
    shown: list[str] = []
    size = 0
    for path, line, text in found[:most]:
        entry = f"{path}:{line}: {shortened(text.strip())}"
        size += len(entry) + 1
        if size > limit:
            break
        shown.append(entry)
    left = len(found) - len(shown)
    if left or len(found) >= most:
        more = f"{left} more lines" if left else "there may be more lines"
        shown.append(f"[{more}; narrow it with `under` or a longer pattern]")
    return "\n".join(shown)


def shortened(line: str) -> str:
    """One line of code, without its line feed and cut where no person would have written on."""
    line = line.rstrip("\r\n")
    if len(line) <= MAX_LINE_CHARACTERS:
        return line
    return f"{line[:MAX_LINE_CHARACTERS]}[... {len(line) - MAX_LINE_CHARACTERS} more characters]"


def _escape(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
