"""Tables and columns: in SQL, in migrations, and wherever a string or a model names them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.repository.links.link import ChangedLine, LinkKind

_NAME = r"[\"'`\[:]*([A-Za-z_]\w{3,})"
_STATEMENT = re.compile(
    r"\b(select\b.*\bfrom|insert\s+into|update\s+\S+\s+set|delete\s+from|(create|alter|drop)\s+table"
    r"|truncate\s+table|\bjoin\b.*\bon)\b",
    re.IGNORECASE,
)
_TABLE = re.compile(
    rf"\b(?:from|join|into|update|table(?:\s+if\s+(?:not\s+)?exists)?)\s+(?:\w+\.)?{_NAME}",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?:__tablename__|db_table|table_name|tableName|self\.table_name)\s*[:=]\s*{_NAME}"
    rf"|\b(?:create_table|drop_table|rename_table|createTable|dropTable)\W{{1,3}}{_NAME}"
)
_COLUMN = re.compile(
    rf"\b(?:add|drop|rename|alter|modify)\s+column\s+(?:if\s+(?:not\s+)?exists\s+)?{_NAME}"
    rf"|\b(?:add_column|drop_column|remove_column|rename_column|change_column|alter_column)"
    rf"\W{{1,3}}\w+[\"']?\s*,\s*(?:sa\.Column\()?{_NAME}",
    re.IGNORECASE,
)
_SQL_WORD = frozenset("select where set values only lateral table index if exists not".split())


def tables_on(line: ChangedLine) -> Iterator[tuple[LinkKind, str]]:
    """(table or column, name) on a changed line that holds SQL or a migration."""
    sql = line.path.endswith(".sql")
    if sql or _STATEMENT.search(line.text):
        for found in _TABLE.finditer(line.text):
            if found[1].lower() not in _SQL_WORD:
                yield "table", found[1]
    for pattern, kind in ((_NAMED, "table"), (_COLUMN, "column")):
        for found in pattern.finditer(line.text):
            name = next(filter(None, found.groups()))
            if name.lower() not in _SQL_WORD:
                yield ("table" if kind == "table" else "column"), name


def is_specific(word: str) -> bool:
    """Of several words: `order_items` is a table's name by design, `items` may be anything."""
    return len(word) >= 9 and "_" in word


def names_table(text: str, word: str) -> bool:
    """Whether a line names the table as one, not as any word."""
    found = (*_TABLE.findall(text), *(one or other for one, other in _NAMED.findall(text)))
    return word in found
