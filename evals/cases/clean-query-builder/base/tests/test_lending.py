import sqlite3

from shelf.lending import available


def library() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE books (isbn TEXT PRIMARY KEY, title TEXT, year INT, copies INT)")
    books = [("1", "Emma", 1815, 2), ("2", "Ulysses", 1922, 0), ("3", "Momo", 1973, 1)]
    db.executemany("INSERT INTO books VALUES (?, ?, ?, ?)", books)
    return db


def test_wishes_keep_their_order() -> None:
    assert available(library(), ["3", "9", "2", "1"]) == ["Momo", "Emma"]
