"""What the checks for removed names and removed methods share: a removal, its uses, its finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.domain.diff import FileChange
from bot.domain.finding import Evidence, Finding
from bot.domain.review import CallSite, SiteStatus, Tier
from workers.repository.checks.broken_site import (
    BrokenSite,
    Contract,
    counted,
    finding,
    places,
    quote,
)
from workers.repository.checks.python_files import PythonFiles
from workers.repository.checks.verdicts import Judged

KIND = "removed_name"


@dataclass(slots=True)
class Removed:
    """A name that a changed file bound before and binds no more; name "" is the file itself.

    `name` is qualified: `total`, `Cart.total`.
    """

    file: FileChange
    path: str
    name: str
    line: int
    broken: list[BrokenSite] = field(default_factory=list)

    @property
    def class_name(self) -> str:
        """`Cart` of `Cart.total`; "" for a module-level name."""
        return self.name.rpartition(".")[0]

    @property
    def word(self) -> str:
        """The word to look for."""
        if self.name:
            return self.name.rpartition(".")[2]
        return self.path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Spot:
    """A use that fails, or would but for `guard`."""

    line: int
    end_line: int
    guard: str
    why: str
    tier: Tier = "T1"


def record(entry: Removed, path: str, found: Iterable[Spot], judged: Judged) -> None:
    """Enter the uses of one file, broken or guarded, into the ledger and the removal."""
    sites = judged.setdefault((entry.path, entry.name), {})
    for spot in found:
        status: SiteStatus = "safe" if spot.guard else "broken"
        why = spot.guard or spot.why
        sites[(path, spot.line)] = CallSite(path, spot.line, spot.tier, status, why)
        if not spot.guard:
            entry.broken.append(BrokenSite(path, spot.line, spot.end_line, why))


def removal_finding(files: PythonFiles, entry: Removed) -> Finding:
    """One finding for all broken uses of one removal."""
    what = f"`{entry.name}`" if entry.name else f"module `{entry.path}`"
    sites = sorted(entry.broken, key=lambda site: (site.path, site.line))
    verb = "moved" if entry.file.status == "renamed" and not entry.class_name else "removed"
    body = (
        f"This change takes {what} away"
        + (f" from `{entry.path}`" if entry.name else "")
        + f", but it is still used in {counted(sites)}:\n\n{places(sites)}\n\n"
        f"Each of these fails as soon as the line runs. Smallest fix: {_fix(entry)}"
    )
    return finding(
        Contract(KIND, entry.name or entry.path, entry.file, "LEFT", entry.line),
        title=f"{what} is {verb} but still used in {counted(sites)}",
        body=body,
        trigger=f"Python reaches {sites[0].path}:{sites[0].line}",
        definitions=_definition(files, entry),
        sites=sites,
        after=files.after.snapshot,
    )


def _definition(files: PythonFiles, entry: Removed) -> list[Evidence]:
    if not files.before.snapshot.text(entry.path):
        return []
    return [quote(files.before.snapshot, entry.path, entry.line, entry.line)]


def _fix(entry: Removed) -> str:
    if not entry.name and entry.file.status == "renamed":
        return f"import from `{entry.file.path}` instead."
    if not entry.name:
        return "drop these imports, or keep the module."
    return f"change these lines, or keep the name `{entry.name}` as an alias."
