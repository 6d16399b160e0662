"""Invoices in a JSON file. Times are UTC, written without an offset since the first version."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Invoice:
    number: str
    cents: int
    due: datetime
    paid: bool = False


def load(path: Path) -> list[Invoice]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        Invoice(row["number"], row["cents"], datetime.fromisoformat(row["due"]), row.get("paid", False))
        for row in rows
    ]
