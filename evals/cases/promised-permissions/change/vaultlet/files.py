"""Reading and writing the file."""

import json
import os
from pathlib import Path


def read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    return json.loads(path.read_text(encoding="utf-8"))


def write(path: Path, tokens: dict[str, str]) -> None:
    """Write beside the file and move there: a crash leaves the old tokens or the new ones."""
    half = path.with_suffix(".half")
    with half.open("w", encoding="utf-8") as file:
        json.dump(tokens, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)
