"""A change as a unified diff: what a baseline reads, and what a person sees beside two reviews."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.diff import ChangeSet, FileChange, Hunk


def unified_diff(change: ChangeSet, most: int) -> str:
    """At most `most` characters in whole lines; a last line says that it was cut."""
    kept: list[str] = []
    left = most
    for row in (row for file in change.files for row in _file(file)):
        left -= len(row) + 1
        if left < 0:
            kept.append("[the diff is cut here: it is too long]")
            break
        kept.append(row)
    return "\n".join(kept)


def _file(file: FileChange) -> Iterator[str]:
    old, new = file.old_path or file.path, file.path
    yield f"diff --git a/{old} b/{new}"
    if file.status not in ("modified", "type_changed"):
        yield f"{file.status} file"
    if file.kind != "text":
        yield f"{file.kind} content"
    if file.hunks:
        yield "--- /dev/null" if file.status == "added" else f"--- a/{old}"
        yield "+++ /dev/null" if file.status == "deleted" else f"+++ b/{new}"
    for hunk in file.hunks:
        yield from _hunk(hunk)


def _hunk(hunk: Hunk) -> Iterator[str]:
    place = f"-{hunk.old_start},{hunk.old_count} +{hunk.new_start},{hunk.new_count}"
    yield f"@@ {place} @@ {hunk.section}".rstrip()
    for line in hunk.lines:
        yield f"{line.kind}{line.text}"
        if line.no_newline:
            yield "\\ No newline at end of file"
