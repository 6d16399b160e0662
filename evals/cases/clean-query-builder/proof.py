"""Wishes keep their order, also a thousand of them, twice the same, or none."""

import sqlite3

from shelf.lending import available

db = sqlite3.connect(":memory:")
db.execute("CREATE TABLE books (isbn TEXT PRIMARY KEY, title TEXT, year INT, copies INT)")
db.executemany("INSERT INTO books VALUES (?, ?, 0, 1)", [(str(n), f"t{n}") for n in range(1200)])
wishes = [str(n) for n in range(1300, -1, -1)]
wanted = [f"t{n}" for n in range(1199, -1, -1)]
if available(db, wishes) != wanted or available(db, []) or available(db, ["5", "5"]) != ["t5"] * 2:
    raise SystemExit("DEFECT: other books than wished for")
