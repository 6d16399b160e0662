"""What was not looked at, in few lines: files with one reason together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain.plural import plural

_ABOUT_A_FILE = re.compile(r"(\S+[./]\S+): (.+)", re.DOTALL)
_MOST_ALONE = 2


def gathered(notes: Iterable[str]) -> list[str]:
    """Each note once; more than two files with one reason are counted and two are named."""
    reasons: dict[str, list[str]] = {}
    for note in dict.fromkeys(notes):
        found = _ABOUT_A_FILE.fullmatch(note)
        path, reason = (found[1], found[2]) if found is not None else ("", note)
        reasons.setdefault(reason, []).append(path)
    rows: list[str] = []
    for reason, paths in reasons.items():
        if len(paths) <= _MOST_ALONE:
            rows += [f"{path}: {reason}" if path else reason for path in paths]
        else:
            named = ", ".join(paths[:_MOST_ALONE])
            more = plural(len(paths) - _MOST_ALONE, "more file")
            rows.append(f"{named} and {more}: {reason}")
    return rows
