"""Queries over the table of books."""

import sqlite3
from collections.abc import Iterable

COLUMNS = ("isbn", "title", "year", "copies")
MOST_VARIABLES = 500  # SQLite takes at least 999: https://www.sqlite.org/limits.html


def by_isbn(db: sqlite3.Connection, isbns: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Title and copies of each known book."""
    found: dict[str, tuple[str, int]] = {}
    wanted = sorted(set(isbns))
    for start in range(0, len(wanted), MOST_VARIABLES):
        batch = wanted[start : start + MOST_VARIABLES]
        marks = ", ".join("?" * len(batch))
        query = f"SELECT isbn, title, copies FROM books WHERE isbn IN ({marks})"
        for isbn, title, copies in db.execute(query, batch):
            found[isbn] = (title, copies)
    return found


def sorted_by(db: sqlite3.Connection, column: str) -> list[str]:
    """All titles. Raises ValueError for a column that is not one of ours."""
    if column not in COLUMNS:
        raise ValueError(f"no such column: {column!r}")
    rows = db.execute(f"SELECT title FROM books ORDER BY {column}").fetchall()
    return [row[0] for row in rows]
