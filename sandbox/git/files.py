"""What a driver commits: text, bytes, or an entry of another mode; `None` deletes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """A tree entry with its mode: 100755 executable, 120000 symlink, 160000 submodule.

    For a symlink `data` is the target, for a submodule the 40 hex digits of a commit.
    """

    data: bytes
    mode: str = "100644"


Content = str | bytes | Entry | None
Files = Mapping[str, Content]


def as_entry(content: str | bytes | Entry) -> Entry:
    if isinstance(content, Entry):
        return content
    return Entry(content.encode() if isinstance(content, str) else content)


def read_folder(folder: Path) -> dict[str, Content]:
    """Every file below `folder` but git's own, keyed by its path with forward slashes."""
    found: dict[str, Content] = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if inside.parts[0] == ".git":
            continue
        if path.is_symlink():
            found[inside.as_posix()] = Entry(str(path.readlink()).encode(), "120000")
        elif path.is_file():
            mode = "100755" if path.stat().st_mode & 0o100 else "100644"
            found[inside.as_posix()] = Entry(path.read_bytes(), mode)
    return found
