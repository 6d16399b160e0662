"""The commits that touched a path, up to the merge base: never the pull request's own."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.identifiers import Sha
from workers.repository.git import Git

_SUBJECT_CHARACTERS = 200


def file_history(git: Git, merge_base: Sha, path: str, limit: int) -> Sequence[str]:
    """`abbreviated SHA, date, subject` of each commit, newest first.

    Where the clone is shallow, its oldest commits look as if they had created every file: they
    are left out, and a last line in brackets says that history ends there.
    """
    if not path or "\0" in path or limit < 1:
        return ()
    ends = _boundary(git)
    out = git.run(
        "log", "-z", "--format=%H %as %s", "--no-color", "--no-show-signature", "--no-notes",
        "--no-ext-diff", f"--max-count={limit + len(ends)}", merge_base, "--", path,
    )  # fmt: skip
    lines: list[str] = []
    reached_end = False
    for record in out.decode("utf-8", "replace").split("\0"):
        sha, _, about = record.strip("\n").partition(" ")
        if sha in ends:
            reached_end = True
        elif sha:
            lines.append(f"{sha[:12]} {about[:_SUBJECT_CHARACTERS]}")
    if len(lines) < limit and reached_end:
        return (*lines, "(older history was not fetched)")
    return tuple(lines[:limit])


def _boundary(git: Git) -> frozenset[str]:
    """Commits whose parents a shallow clone lacks."""
    try:
        return frozenset((git.folder / "shallow").read_text(encoding="ascii").split())
    except FileNotFoundError:
        return frozenset()
