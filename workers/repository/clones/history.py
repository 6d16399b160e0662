"""What earlier commits touched, up to the merge base: never the pull request's own."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.diff_parsing import decode_path
from bot.domain.identifiers import Sha
from bot.domain.past_changes import PastChanges
from workers.repository.clones.git import Caps, Git

_SUBJECT_CHARACTERS = 200
_PAST = Caps(seconds=10.0, output_bytes=4 * 1024**2)
_HEADER = b"//"
"""No path in a tree holds it, so no file can pass for a commit."""


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


def past_changes(git: Git, merge_base: Sha, limit: int) -> PastChanges:
    """The paths of each of the last `limit` commits, without merges and a shallow clone's oldest.

    Raises LimitExceeded past ten seconds; more than 4 MB of paths are cut.
    """
    ends = _boundary(git)
    output = git.output(
        "log", "-z", f"--format={_HEADER.decode()}%H", "--name-only", "--no-renames", "--no-merges",
        "--no-color", "--no-show-signature", "--no-notes", "--no-ext-diff",
        f"--max-count={limit + 1}", merge_base, "--",
        caps=_PAST, may_cut=True,
    )  # fmt: skip
    whole = output.stdout[: output.stdout.rfind(b"\0" + _HEADER) + 1]
    commits: list[frozenset[str]] = []
    reached_end = False
    for record in (whole if output.cut else output.stdout).split(_HEADER)[1:]:
        sha, _, listed = record.partition(b"\0")
        if sha.decode("ascii") in ends:
            reached_end = True
        else:
            paths = listed.removeprefix(b"\n").split(b"\0")
            commits.append(frozenset(decode_path(path) for path in paths if path))
    cut = output.cut or reached_end or len(commits) > limit
    return PastChanges(tuple(commits[:limit]), cut)


def _boundary(git: Git) -> frozenset[str]:
    """Commits whose parents a shallow clone lacks."""
    try:
        return frozenset((git.folder / "shallow").read_text(encoding="ascii").split())
    except FileNotFoundError:
        return frozenset()
