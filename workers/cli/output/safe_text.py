"""Text of a repository or a model, made safe to show in a terminal.

A control character could move the cursor, rewrite what was printed, or set the clipboard; a
bidirectional one can make code read differently from how it runs (https://trojansource.codes).
All of them are shown escaped.
"""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 less tab and newline, DEL, C1
    "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # zero width, bidirectional, separators
    "\ud800-\udfff"  # lone surrogates: bytes that were no UTF-8
    "\U000e0000-\U000e007f"  # tags: invisible ASCII
    "]"
)
TAB = "    "


def safe(text: str) -> str:
    """The text with unsafe characters as \\x1b, \\u202e; line feeds stay, tabs become spaces."""
    return _UNSAFE.sub(_escaped, text.replace("\r\n", "\n")).replace("\t", TAB)


def safe_line(text: str) -> str:
    """The same on one line: any run of white space is one space."""
    return " ".join(safe(text).split())


def safe_code(text: str) -> str:
    """One line of code: a line feed in it is shown too."""
    return safe(text.removesuffix("\r")).replace("\n", "\\n")


def _escaped(match: re.Match[str]) -> str:
    number = ord(match.group())
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
