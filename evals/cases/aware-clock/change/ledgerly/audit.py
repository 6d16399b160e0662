"""Who did what, one line each."""

from pathlib import Path

from ledgerly import clock


def record(log: Path, who: str, what: str) -> None:
    stamp = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{stamp} {who} {what}\n")
