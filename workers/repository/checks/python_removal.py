"""What the checks for Python's removed names and removed methods share: word and finding."""

from __future__ import annotations

from bot.domain.finding import Finding
from workers.repository.checks.broken_site import counted, places
from workers.repository.checks.python_files import PythonFiles
from workers.repository.checks.removal import Removed, Told, removal_finding

KIND = "removed_name"


def word_of(entry: Removed) -> str:
    """The word to look for: of a module its own name, of a package its folder's."""
    if entry.name:
        return entry.simple
    return entry.path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]


def python_finding(files: PythonFiles, entry: Removed) -> Finding:
    """One finding for all broken uses of one removal."""
    what = f"`{entry.name}`" if entry.name else f"module `{entry.path}`"
    sites = entry.sites
    verb = "moved" if entry.file.status == "renamed" and not entry.container else "removed"
    body = (
        f"This change takes {what} away"
        + (f" from `{entry.path}`" if entry.name else "")
        + f", but it is still used in {counted(sites)}:\n\n{places(sites)}\n\n"
        f"Each of these fails as soon as the line runs. Smallest fix: {_fix(entry)}"
    )
    told = Told(
        symbol=entry.name or entry.path,
        title=f"{what} is {verb} but still used in {counted(sites)}",
        body=body,
        trigger=f"Python reaches {sites[0].path}:{sites[0].line}",
    )
    return removal_finding(KIND, entry, told, files.before.snapshot, files.after.snapshot)


def _fix(entry: Removed) -> str:
    if entry.is_move:
        return f"import from `{entry.file.path}` instead."
    if not entry.name:
        return "drop these imports, or keep the module."
    return f"change these lines, or keep the name `{entry.name}` as an alias."
