"""One changed file as a model reads it: numbered lines, marked + and -, with what encloses them.

A unified diff shows three lines around a change and no numbers; a reviewer needs the whole
function and exact numbers to cite. So the enclosing definitions are unfolded in place:

    == src/pay.py (modified)
       10    10   def charge(order):
       11       -     total = order.total
             11 +     total = order.total - order.discount
       12    12       return total
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.diff import DiffLine, FileChange, Hunk, Side
from workers.model.redaction import redact
from workers.model.rendering import visible

Lines = Sequence[str]
_REMOVED_FILE_LINES = 120


def file_view(
    change: FileChange, base: Lines | None, head: Lines | None, unfold: Sequence[tuple[int, int]]
) -> str:
    """The change of one file. `unfold`: ranges of head lines to show although they did not change.

    `base` and `head` are the file's lines as they may be shown (redacted); None where the side
    does not exist or cannot be read whole, then only what the hunks hold is printed, redacted too.
    """
    rows = [_title(change)]
    texts: dict[Side, Mapping[int, str]] = {
        "LEFT": _texts(change, "LEFT", base),
        "RIGHT": _texts(change, "RIGHT", head),
    }
    if change.status == "deleted":
        rows += _deleted(change, texts)
        return "\n".join(rows)
    shown_to = 0
    offset = 0
    for hunk in change.hunks:
        start = _first_new(hunk)
        rows += _unchanged(head, shown_to + 1, start - 1, offset, unfold)
        rows += [_row(line, texts) for line in hunk.lines]
        shown_to = start - 1 + hunk.new_count
        offset = (hunk.old_start + hunk.old_count) - (hunk.new_start + hunk.new_count)
        offset += _count_shift(hunk)
    if not change.truncated:  # what follows a cut may have changed: it must not pass for unchanged
        last = max((end for _, end in unfold), default=0)
        rows += _unchanged(head, shown_to + 1, last, offset, unfold)
    return "\n".join(rows)


def shown_lines(change: FileChange, unfold: Sequence[tuple[int, int]]) -> frozenset[int]:
    """The head's line numbers that `file_view` prints."""
    hunks = {line.new for hunk in change.hunks for line in hunk.lines if line.new is not None}
    if change.truncated:
        return frozenset(hunks)
    return frozenset(hunks.union(*(range(low, high + 1) for low, high in unfold)))


def _title(change: FileChange) -> str:
    parts = [change.status.replace("_", " ")]
    if change.old_path and change.old_path != change.path:
        parts.append(f"from {change.old_path}")
    if change.kind != "text":
        parts.append(change.kind)
    if change.old_mode and change.new_mode and change.old_mode != change.new_mode:
        parts.append(f"mode {change.old_mode} -> {change.new_mode}")
    if change.truncated:
        parts.append("cut: too long to show whole")
    return f"== {change.path} ({', '.join(parts)})"


def _first_new(hunk: Hunk) -> int:
    """Git counts a hunk without new lines from the line before it."""
    return hunk.new_start if hunk.new_count else hunk.new_start + 1


def _count_shift(hunk: Hunk) -> int:
    """The same rule, for the distance between old and new numbers behind the hunk."""
    return (0 if hunk.old_count else 1) - (0 if hunk.new_count else 1)


def _deleted(change: FileChange, texts: Mapping[Side, Mapping[int, str]]) -> list[str]:
    removed = [line for hunk in change.hunks for line in hunk.lines]
    rows = [_row(line, texts) for line in removed[:_REMOVED_FILE_LINES]]
    if len(removed) > _REMOVED_FILE_LINES:
        rows.append(f"  ... {len(removed) - _REMOVED_FILE_LINES} more removed lines")
    return rows


def _texts(change: FileChange, side: Side, source: Lines | None) -> Mapping[int, str]:
    """The text of each line that the hunks hold on this side, by its number.

    A file that cannot be read whole is redacted hunk by hunk.
    """
    texts: dict[int, str] = {}
    for hunk in change.hunks:
        held = dict(_held(hunk, side))
        if source is None:
            clean = redact("\n".join((*held.values(), "")))[0].split("\n")
            texts.update(zip(held, map(visible, clean), strict=False))
        else:
            texts.update({n: source[n - 1] if n <= len(source) else "" for n in held})
    return texts


def _held(hunk: Hunk, side: Side) -> Iterator[tuple[int, str]]:
    for line in hunk.lines:
        number = line.old if side == "LEFT" else line.new
        if number is not None:
            yield number, line.text.rstrip("\r")


def _row(line: DiffLine, texts: Mapping[Side, Mapping[int, str]]) -> str:
    old = f"{line.old:>5}" if line.old is not None else "     "
    new = f"{line.new:>5}" if line.new is not None else "     "
    side: Side = "LEFT" if line.kind == "-" else "RIGHT"
    number = line.old if side == "LEFT" else line.new
    text = texts[side][number] if number is not None else ""
    return f"{old} {new} {line.kind} {text}"


def _unchanged(
    head: Lines | None, start: int, end: int, offset: int, unfold: Sequence[tuple[int, int]]
) -> list[str]:
    rows: list[str] = []
    gap = False
    for number in range(start, min(end, len(head or ())) + 1):
        if head is not None and any(low <= number <= high for low, high in unfold):
            rows.append(f"{number + offset:>5} {number:>5}   {head[number - 1]}")
            gap = False
        elif not gap:
            rows.append("  ...")
            gap = True
    return rows
