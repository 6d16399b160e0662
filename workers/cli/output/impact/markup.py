"""Text of a repository as HTML. Every name and every line of code on the page passes here."""

from __future__ import annotations

from html import escape

from workers.cli.output.safe_text import safe_code, safe_line


def words(text: str) -> str:
    """Prose or a name on one line, escaped for text and for quoted attributes."""
    return escape(safe_line(text), quote=True)


def prose(text: str) -> str:
    """A sentence on one line: what stands between backticks is code."""
    pieces = words(text).split("`")
    if len(pieces) % 2 == 0:  # one backtick has no other
        return words(text)
    return "".join(f"<code>{piece}</code>" if at % 2 else piece for at, piece in enumerate(pieces))


def code(text: str) -> str:
    """A line of code with its indentation, escaped."""
    return escape(safe_code(text), quote=True)


def shortened_name(name: str, most: int) -> str:
    """A qualified name of at most so many characters: its last part stays whole if it can."""
    line = safe_line(name)
    owner, dot, last = line.rpartition(".")
    if len(line) <= most or not dot or len(last) > most - 4:
        return line if len(line) <= most else f"{line[: most - 1]}…"
    return f"{owner[: most - len(last) - 2]}….{last}"


def shortened_path(path: str, most: int) -> str:
    """A path of at most so many characters: as many of its last folders as fit, whole.

    Where not even the last one does, its end is kept: many files are called `index.ts`.
    """
    line = safe_line(path)
    if len(line) <= most:
        return line
    parts = line.split("/")
    for start in range(1, len(parts) - 1):
        kept = f"…/{'/'.join(parts[start:])}"
        if len(kept) <= most:
            return kept
    return f"…{line[1 - most :]}"
