"""Files that usually change together, of which a change leaves one behind.

Evolutionary coupling, as Zimmermann et al. mine it ("Mining Version Histories to Guide Software
Changes", ICSE 2004): support is the number of common commits, confidence their share of the
file's last commits. Pure: a change and the past in, the files left behind out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.past_changes import PastChanges
from workers.repository.file_kinds import file_kind, kind_of_path
from workers.repository.outlines import language_of
from workers.repository.test_paths import is_test_path

LAST_COMMITS = 10
"""Of a file: what changed together years ago may be coupled no more."""
SUPPORT = 4
CONFIDENCE = 0.6
SWEEPING_FILES = 25
"""A commit of more files is a sweep (a rename, a formatter): it couples nothing."""
MOST = 5
TOO_FEW_COMMITS = 30

_ALSO_CODE = (
    ".sql", ".proto", ".graphql", ".html", ".css", ".scss", ".less", ".vue", ".svelte",
    ".erb", ".jinja", ".j2", ".tmpl", ".php", ".kt", ".c", ".h", ".cc", ".cpp", ".hpp", ".cs",
    ".swift", ".scala", ".ex", ".lua", ".sh",
)  # fmt: skip
"""Beside the languages that have a grammar."""


@dataclass(frozen=True, slots=True)
class Companion:
    """`path` is changed, `companion` is not, though `together` of the last `commits` changed both.

    `commits` counts those that touched `path` and were no sweep.
    """

    path: str
    companion: str
    together: int
    commits: int

    def __str__(self) -> str:
        """The fact in one line."""
        return (
            f"{self.companion} changed together with {self.path} in {self.together} of its last "
            f"{self.commits} commits; this change leaves {self.companion}"
        )


def left_behind(
    change: ChangeSet, past: PastChanges, exists: Collection[str], skip: Callable[[str], bool]
) -> tuple[Companion, ...]:
    """The strongest companions that the change does not touch, each named once.

    A test is named only where no test changed. `exists` holds the paths at the head;
    `skip(path)` is true for what the policy leaves out.
    """
    touched = {path for file in change.files for path in (file.path, file.old_path) if path}
    tested = any(is_test_path(path) for path in touched)
    narrow = [commit for commit in past.commits if len(commit) <= SWEEPING_FILES]
    found = [
        companion
        for file in change.files
        if _counts(file) and not skip(file.path)
        for companion in _companions(file.old_path or file.path, narrow)
        if companion.companion in exists and companion.companion not in touched
        if _is_code(companion.companion) and not skip(companion.companion)
        if not (tested and is_test_path(companion.companion))
    ]
    strongest: dict[str, Companion] = {}
    for companion in sorted(found, key=_strength):
        strongest.setdefault(companion.companion, companion)
    return tuple(strongest.values())[:MOST]


def usual_companions(path: str, past: PastChanges) -> tuple[Companion, ...]:
    """What usually changed together with a file, the strongest first."""
    narrow = [commit for commit in past.commits if len(commit) <= SWEEPING_FILES]
    return tuple(sorted(_companions(path, narrow), key=_strength))[:MOST]


def too_shallow(past: PastChanges) -> str:
    """Why companions cannot be told, or ""; a young repository's whole past is enough."""
    if past.cut and len(past.commits) < TOO_FEW_COMMITS:
        return (
            "files that usually change together: not looked for, "
            f"only {len(past.commits)} earlier commits are in this clone"
        )
    return ""


def _counts(file: FileChange) -> bool:
    """A test that changes alone leaves nothing behind; a source that leaves its test does."""
    changes = file.status in ("modified", "renamed") and file_kind(file) == "source"
    return changes and _is_code(file.path)


def _is_code(path: str) -> bool:
    """A source or a test that people write; what robots keep in step couples nothing."""
    if kind_of_path(path) not in ("source", "test") or path.startswith("."):
        return False
    return language_of(path) is not None or path.endswith(_ALSO_CODE)


def _companions(path: str, commits: list[frozenset[str]]) -> Iterator[Companion]:
    last = [commit for commit in commits if path in commit][:LAST_COMMITS]
    times = Counter(other for commit in last for other in commit if other != path)
    for other, together in times.items():
        if together >= SUPPORT and together >= CONFIDENCE * len(last):
            yield Companion(path, other, together, len(last))


def _strength(companion: Companion) -> tuple[float, int, str, str]:
    share = companion.together / companion.commits
    return (-share, -companion.together, companion.companion, companion.path)
