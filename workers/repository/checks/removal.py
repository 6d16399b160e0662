"""What the checks for removed things share: a removal, its uses, and the finding made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.domain.diff import FileChange
from bot.domain.finding import Finding
from bot.domain.review import CallSite, SiteStatus, Tier
from workers.repository.checks.broken_site import BrokenSite, Contract, finding, quote
from workers.repository.checks.verdicts import Judged
from workers.repository.snapshot import Snapshot


@dataclass(slots=True)
class Removed:
    """What stood before a change and does not after: a definition; with name "" the file itself.

    `name` is qualified: `total`, `Cart.total`, in PHP `Shop\\Cart`. `line` is that of before.
    """

    file: FileChange
    path: str
    name: str = ""
    line: int = 1
    broken: list[BrokenSite] = field(default_factory=list)

    @property
    def outlined(self) -> str:
        """The name as an outline has it: without PHP's namespace."""
        return self.name.rpartition("\\")[2]

    @property
    def simple(self) -> str:
        """`total` of `Cart.total`."""
        return self.outlined.rpartition(".")[2]

    @property
    def container(self) -> str:
        """`Cart` of `Cart.total`; "" for a name at the top of its file."""
        return self.outlined.rpartition(".")[0]

    @property
    def is_move(self) -> bool:
        """Whether the file itself has another path now."""
        return not self.name and self.file.status == "renamed"

    @property
    def change(self) -> str:
        """What became of it, for the ledger."""
        return f"moved to `{self.file.path}`" if self.is_move else "removed"

    @property
    def sites(self) -> list[BrokenSite]:
        """The broken uses by place."""
        return sorted(self.broken, key=lambda site: (site.path, site.line))


@dataclass(frozen=True, slots=True)
class Spot:
    """A use that fails, or would but for `guard`."""

    line: int
    end_line: int
    guard: str
    why: str
    tier: Tier = "T1"


@dataclass(frozen=True, slots=True)
class Told:
    """How a finding names the removal (`symbol`) and what it says."""

    symbol: str
    title: str
    body: str
    trigger: str


def record(entry: Removed, path: str, found: Iterable[Spot], judged: Judged) -> None:
    """Enter the uses of one file, broken or guarded, into the ledger and the removal."""
    sites = judged.to_judge(entry.path, entry.outlined, entry.change)
    for spot in found:
        status: SiteStatus = "safe" if spot.guard else "broken"
        why = spot.guard or spot.why
        sites[(path, spot.line)] = CallSite(path, spot.line, spot.tier, status, why)
        if not spot.guard:
            entry.broken.append(BrokenSite(path, spot.line, spot.end_line, why))


def removal_finding(
    kind: str, entry: Removed, told: Told, before: Snapshot, after: Snapshot
) -> Finding:
    """One finding for all broken uses of one removal; the definition is quoted if it is text."""
    known = bool(before.text(entry.path))
    return finding(
        Contract(kind, told.symbol, entry.file, "LEFT", entry.line),
        title=told.title,
        body=told.body,
        trigger=told.trigger,
        definitions=[quote(before, entry.path, entry.line, entry.line)] if known else [],
        sites=entry.sites,
        after=after,
    )
