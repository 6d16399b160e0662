"""What of a large change one prompt does not show: an outline of it, by file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from bot.domain.diff import FileChange
from workers.context.budget import within
from workers.repository.file_kinds import file_kind
from workers.repository.graph import ChangedSymbol
from workers.repository.knowledge import Knowledge

_MOST_SYMBOLS = 30
_MOST_TOKENS = 6_000
_ORDER = {"source": 0, "test": 1, "documentation": 2}


def overview(
    read: Sequence[FileChange], knowledge: Knowledge, shown: Collection[str], tokens: int
) -> str:
    """One line a file that is not `shown`: what changed in it and where; "" where all are.

    At most `tokens`, and never more than a few thousand; the last line says what was left out.
    """
    symbols: dict[str, list[ChangedSymbol]] = defaultdict(list)
    for symbol in knowledge.changed:
        symbols[symbol.path].append(symbol)
    hidden = [file for file in read if file.path not in shown]
    ordered = sorted(hidden, key=lambda file: (_ORDER.get(file_kind(file), 0), file.path))
    rows = [_row(file, symbols[file.path]) for file in ordered]
    return within("\n".join(rows), min(tokens, _MOST_TOKENS)) if rows else ""


def _row(file: FileChange, symbols: Sequence[ChangedSymbol]) -> str:
    added, removed = (sum(1 for _ in file.changed_lines(side)) for side in ("RIGHT", "LEFT"))
    named = [_named(symbol) for symbol in symbols[:_MOST_SYMBOLS]]
    named += [f"{len(symbols) - _MOST_SYMBOLS} more"] if len(symbols) > _MOST_SYMBOLS else []
    what = f": {', '.join(named)}" if named else ""
    return f"{file.status} {file.path} (+{added} -{removed}){what}"


def _named(symbol: ChangedSymbol) -> str:
    at = symbol.after or symbol.before
    return f"{symbol.name} ({symbol.change}{f', line {at.line}' if at else ''})"
