"""Queries over the table of books."""

import sqlite3
from collections.abc import Iterable

COLUMNS = ("isbn", "title", "year", "copies")


def by_isbn(db: sqlite3.Connection, isbns: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Title and copies of each known book."""
    found: dict[str, tuple[str, int]] = {}
    for isbn in isbns:
        row = db.execute("SELECT title, copies FROM books WHERE isbn = ?", (isbn,)).fetchone()
        if row is not None:
            found[isbn] = (row[0], row[1])
    return found


def sorted_by(db: sqlite3.Connection, column: str) -> list[str]:
    """All titles. Raises ValueError for a column that is not one of ours."""
    if column not in COLUMNS:
        raise ValueError(f"no such column: {column!r}")
    rows = db.execute(f"SELECT title FROM books ORDER BY {column}").fetchall()
    return [row[0] for row in rows]
