"""What is overdue, oldest first."""

import sys
from pathlib import Path

from ledgerly import clock
from ledgerly.store import Invoice, load


def overdue(invoices: list[Invoice]) -> list[Invoice]:
    late = [invoice for invoice in invoices if not invoice.paid and invoice.due < clock.now()]
    return sorted(late, key=lambda invoice: invoice.due)


def main() -> None:
    for invoice in overdue(load(Path(sys.argv[1]))):
        print(f"{invoice.number}: {invoice.cents / 100:.2f}")


if __name__ == "__main__":
    main()
