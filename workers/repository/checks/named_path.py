"""A file is gone or moved, and a build, a workflow or a package still names its old path.

Documented in docs/checks/named_path.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain.finding import Finding
from bot.domain.review import Fact, SourceLine
from workers.repository.checks.broken_site import counted, places
from workers.repository.checks.build_files import is_prose, reads_path
from workers.repository.checks.inspection import Inspection
from workers.repository.checks.removal import Removed, Spot, Told, record, removal_finding
from workers.repository.checks.verdicts import Judged
from workers.repository.resolution.layout import folder_of
from workers.repository.snapshot import Hit

KIND = "named_path"
PATHS = 60
_BEFORE, _AFTER = r"(?<![\w./@+-])(?:\./)?", r"(?![\w/@+-]|\.\w)"
_MADE = frozenset({"dist", "build", "out", "target", "generated", "coverage", "node_modules"})


@dataclass(slots=True)
class _Path:
    """A path that stood before the change and does not stand after it, and who names it."""

    gone: Removed
    told: list[SourceLine] = field(default_factory=list)

    @property
    def word(self) -> str:
        """The words of the path's last part as grep sees them: the stem."""
        return re.split(r"[^\w]", self.gone.path.rpartition("/")[2].lstrip("."))[0]


def named_paths(inspection: Inspection) -> list[Finding]:
    """One finding for each gone path that something still runs, copies or builds."""
    named = [entry.gone for entry in _gone_and_named(inspection)]
    return [_finding(inspection, gone) for gone in named if gone.broken]


def paths_in_prose(inspection: Inspection) -> Iterator[Fact]:
    """One fact for each gone path that the documentation still names."""
    for entry in _gone_and_named(inspection):
        if entry.told:
            verb = "moved" if entry.gone.is_move else "removed"
            text = f"`{entry.gone.path}` was {verb}, and the documentation still names it"
            yield Fact(KIND, text, entry.gone.file.path, tuple(entry.told[:12]))


def _gone_and_named(inspection: Inspection) -> list[_Path]:
    named = (entry for entry in _gone(inspection) if len(entry.word) > 1)
    gone = inspection.first(named, PATHS, "removed paths")
    hits = inspection.mentions({entry.word for entry in gone}, _may_name)
    for entry in gone:
        for path, lines in hits.get(entry.word, {}).items():
            for hit in lines:
                _judge(entry, path, hit, inspection.judged)
    return gone


def _may_name(path: str) -> bool:
    return is_prose(path) or reads_path(path, "") is not None


def _gone(inspection: Inspection) -> Iterator[_Path]:
    left = [file for file in inspection.change.files if file.status in ("deleted", "renamed")]
    paths = inspection.after.paths
    folders = {folder_of(path) for path in paths} if left else set()
    for file in left:
        path = file.old_path or file.path
        gone = path not in paths and path not in folders
        if gone and not inspection.skip(path) and not is_made(inspection, path):
            yield _Path(Removed(file, path))


def is_made(inspection: Inspection, path: str) -> bool:
    """Made by a build from now on: in a folder for such files, or newly ignored by git."""
    parts = path.split("/")
    if _MADE & set(parts):
        return True
    ignored = {line.strip().strip("/") for line in inspection.after.lines(".gitignore")}
    names = {*parts, path, *(f"*.{part.rpartition('.')[2]}" for part in parts[-1:])}
    return bool(names & ignored)


def _judge(entry: _Path, path: str, hit: Hit, judged: Judged) -> None:
    _, line, text = hit
    if not _names(entry.gone.path, path, text):
        return
    if is_prose(path):
        entry.told.append(SourceLine(path, line))
    elif reads_path(path, text):
        why = f"it names `{entry.gone.path}`, which is gone"
        record(entry.gone, path, [Spot(line, line, "", why)], judged)


def _names(gone: str, path: str, text: str) -> bool:
    """Whether a line holds the path: from the root, or from the naming file's own folder.

    A bare file name means a file of the same folder, if it means anything.
    """
    folder = folder_of(path)
    written = [gone] if "/" in gone or not folder else []
    if folder and gone.startswith(f"{folder}/"):
        written.append(gone.removeprefix(f"{folder}/"))
    return any(re.search(f"{_BEFORE}{re.escape(one)}{_AFTER}", text) for one in written)


def _finding(inspection: Inspection, entry: Removed) -> Finding:
    sites = entry.sites
    fix = (
        f"name `{entry.file.path}` there" if entry.is_move else "drop these lines, or keep the file"
    )
    verb = "moved" if entry.is_move else "removed"
    body = (
        f"`{entry.path}` is {verb}, but {counted(sites)} still "
        + ("needs" if len(sites) == 1 else "need")
        + f" it under that path:\n\n{places(sites)}\n\nSmallest fix: {fix}."
    )
    told = Told(
        symbol=entry.path,
        title=f"`{entry.path}` is {verb} but still named in {counted(sites)}",
        body=body,
        trigger=f"{sites[0].path}:{sites[0].line} runs",
    )
    return removal_finding(KIND, entry, told, inspection.before, inspection.after)
