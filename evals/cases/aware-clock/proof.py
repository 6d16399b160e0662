"""The morning report over one unpaid invoice of long ago."""

from datetime import datetime

from ledgerly.overdue import overdue
from ledgerly.store import Invoice

try:
    late = overdue([Invoice("2020-1", 100, datetime.fromisoformat("2020-01-31T00:00:00"))])
except TypeError as error:
    raise SystemExit(f"DEFECT: {error}") from None
assert [invoice.number for invoice in late] == ["2020-1"]
