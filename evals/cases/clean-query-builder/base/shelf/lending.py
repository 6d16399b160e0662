"""What is on the shelf for a list of wishes."""

import sqlite3

from shelf.books import by_isbn


def available(db: sqlite3.Connection, wishes: list[str]) -> list[str]:
    """Titles with a copy, in the order of the wishes; a wish that is not known is left out."""
    books = by_isbn(db, wishes)
    return [books[isbn][0] for isbn in wishes if isbn in books and books[isbn][1] > 0]
