"""What hangs on a change as a tree: contracts, who relies on them, who relies on those. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.finding import Finding
from bot.domain.identifiers import Sha
from bot.domain.review import CallSite, Fact, SiteStatus
from workers.repository.companions import Companion
from workers.repository.contracts.changed_symbols import HEADING
from workers.repository.contracts.ledger import called_by_no_name
from workers.repository.contracts.wording import said
from workers.repository.dependencies.bumps import Bump
from workers.repository.dependencies.changed import BrokenName, Dependencies
from workers.repository.dependencies.users import Users, key_of
from workers.repository.dependencies.words import other_indexes
from workers.repository.graph import ChangedSymbol, Definition, EdgeKind, Site, SiteTier
from workers.repository.knowledge import Knowledge
from workers.repository.links import Link
from workers.repository.outline import VALUES
from workers.repository.references.callers import named_by_callers
from workers.repository.test_paths import is_test_path

Place = tuple[str, int]
Owner = tuple[str, str]
"""(path, qualified name) of a definition; the name is "" for the top of a file."""


@dataclass(frozen=True, slots=True)
class UserLine:
    """One line that relies on a contract. `commit` is None where it stands at the head."""

    line: int
    text: str
    tier: SiteTier
    edge: EdgeKind = "calls"
    status: SiteStatus = "not_inspected"
    why: str = ""
    commit: Sha | None = None


@dataclass(frozen=True, slots=True)
class User:
    """A definition with the lines by which it relies on another, and its own users below it."""

    path: str
    inside: str
    depth: int
    is_test: bool
    lines: tuple[UserLine, ...]
    users: tuple[User, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether the change breaks one of its lines."""
        return any(line.status == "broken" for line in self.lines)

    @property
    def tier(self) -> SiteTier:
        """The surest of its lines."""
        return min(line.tier for line in self.lines)

    def walk(self) -> Iterator[User]:
        """It and all below it."""
        yield self
        for user in self.users:
            yield from user.walk()


@dataclass(frozen=True, slots=True)
class ChangedContract:
    """A changed definition. `says` is what differs, in words; `possible` counts lines by name only.

    `users` are outside tests, `tests` within them; both at depth one, their own users below.
    """

    name: str
    kind: str
    path: str
    change: str
    before: Definition | None
    after: Definition | None
    says: tuple[str, ...]
    users: tuple[User, ...]
    tests: tuple[User, ...]
    possible: int = 0

    @property
    def line(self) -> int:
        """Where it stands at the head; a removed one at the base."""
        shown = self.after or self.before
        return shown.line if shown is not None else 1

    @property
    def broken(self) -> int:
        """How many lines the change breaks."""
        everyone = (user for top in (*self.users, *self.tests) for user in top.walk())
        return sum(line.status == "broken" for user in everyone for line in user.lines)


@dataclass(frozen=True, slots=True)
class MovedPackage:
    """A dependency that the change moves, who imports it, and what that breaks of names in use."""

    bump: Bump
    users: Users | None
    broken: tuple[BrokenName, ...] = ()


@dataclass(frozen=True, slots=True)
class Impact:
    """`contracts` may concern their users; `bodies` changed inside only; `quiet` has no user.

    `facts` are what checks saw and do not judge. `quiet` maps a kind of change to how many
    definitions are not shown one by one.
    """

    base: Sha
    head: Sha
    depth: int
    files: int
    contracts: tuple[ChangedContract, ...] = ()
    bodies: tuple[ChangedContract, ...] = ()
    quiet: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    facts: tuple[Fact, ...] = ()
    packages: tuple[MovedPackage, ...] = ()
    links: tuple[Link, ...] = ()
    companions: tuple[Companion, ...] = ()
    notes: tuple[str, ...] = ()


def impact_of(
    knowledge: Knowledge, base: Sha, head: Sha, depth: int, files: int, notes: Sequence[str] = ()
) -> Impact:
    """The tree of what is known; what is broken first, then what most relies on."""
    judged = _judged(knowledge)
    contracts: list[ChangedContract] = []
    bodies: list[ChangedContract] = []
    quiet: dict[str, int] = defaultdict(int)
    gone = {(one.path, one.name) for one in knowledge.changed if one.change == "removed"}
    for symbol in knowledge.changed:
        told = _contract(symbol, judged.get(symbol.name, {}))
        why = _kept_back(symbol, told, gone)
        if why:
            quiet[why] += 1
        else:
            (contracts if symbol.concerns_users else bodies).append(told)
    return Impact(
        base=base,
        head=head,
        depth=depth,
        files=files,
        contracts=tuple(sorted(contracts, key=_weight)),
        bodies=tuple(sorted(bodies, key=_weight)),
        quiet=dict(quiet),
        findings=knowledge.findings,
        facts=tuple(_facts(knowledge)),
        packages=tuple(_packages(knowledge.dependencies)),
        links=knowledge.links,
        companions=knowledge.companions,
        notes=(*notes, *_not_looked_at(knowledge)),
    )


def _not_looked_at(knowledge: Knowledge) -> Iterator[str]:
    """What may hide a broken user first."""
    yield from knowledge.not_done
    for path, language in knowledge.as_text.items():
        yield f"{path}: read as text, there is no grammar for {language}"
    yield from (*knowledge.notes, *knowledge.dependencies.notes)


def _kept_back(symbol: ChangedSymbol, told: ChangedContract, gone: set[Owner]) -> str:
    """Under which name it is only counted, by the first rule that holds; "" where it is shown."""
    used = bool(told.users or told.tests)
    owner = (symbol.path, symbol.name.rpartition(".")[0])
    shown = used or symbol.concerns_users
    rules = (
        (symbol.kind == HEADING, "places in languages without a grammar"),
        (symbol.change == "documentation", "changed in their documentation only"),
        (called_by_no_name(symbol), "tests and special methods"),
        (owner in gone and not told.broken, "members of what is removed"),
        (is_test_path(symbol.path) and not told.users, "within tests"),
        (symbol.kind in VALUES and not (used or told.possible), "values that nothing names"),
        (not shown and symbol.change == "added", "added"),
        (not shown, "changed inside and used nowhere else"),
    )
    return next((name for holds, name in rules if holds), "")


def _facts(knowledge: Knowledge) -> Iterator[Fact]:
    """What no contract, link or companion of the tree tells already."""
    for change in knowledge.dependencies.indexes:
        yield Fact("package-index", other_indexes(change), change.path)
    for fact in knowledge.facts:
        if fact.kind not in ("contract", "companion") and not fact.kind.endswith("-string"):
            yield fact


def _packages(dependencies: Dependencies) -> Iterator[MovedPackage]:
    for bump in dependencies.bumps:
        key = key_of(bump)
        broken = dependencies.broken.get(key, ())
        yield MovedPackage(bump, dependencies.users.get(key), broken)


def _judged(knowledge: Knowledge) -> dict[str, dict[Place, CallSite]]:
    """What the ledger says of each line, by the name of the contract that it relies on."""
    found: dict[str, dict[Place, CallSite]] = defaultdict(dict)
    for entry in knowledge.ledger:
        for site in entry.sites:
            place = (site.path, site.line)
            if place not in found[entry.symbol] or site.status == "broken":
                found[entry.symbol][place] = site
    return found


def _contract(symbol: ChangedSymbol, judged: Mapping[Place, CallSite]) -> ChangedContract:
    below: dict[Owner | None, list[Site]] = defaultdict(list)
    for site in symbol.sites:
        below[site.via].append(site)
    top = _users(below, None, judged)
    return ChangedContract(
        name=symbol.name,
        kind=symbol.kind,
        path=symbol.path,
        change=symbol.change,
        before=symbol.before,
        after=symbol.after,
        says=tuple(_says(symbol)),
        users=tuple(user for user in top if not user.is_test),
        tests=tuple(user for user in top if user.is_test),
        possible=symbol.possible,
    )


def _users(
    below: Mapping[Owner | None, Sequence[Site]],
    via: Owner | None,
    judged: Mapping[Place, CallSite],
    depth: int = 1,
) -> tuple[User, ...]:
    """Sites of one depth, grouped by the definition around them, broken ones first."""
    sites = [site for site in below.get(via, ()) if site.depth == depth]
    grouped: dict[tuple[Owner, bool], list[Site]] = defaultdict(list)
    for site in _telling(sites, judged):
        grouped[(site.path, named_by_callers(site.inside)), site.is_test].append(site)
    users = [
        User(
            path=owner[0],
            inside=owner[1],
            depth=depth,
            is_test=is_test,
            lines=tuple(_line(site, judged) for site in sorted(inner, key=lambda one: one.line)),
            users=_users(below, owner, judged, depth + 1),
        )
        for (owner, is_test), inner in grouped.items()
    ]
    return tuple(sorted(users, key=_order))


def _telling(sites: Sequence[Site], judged: Mapping[Place, CallSite]) -> list[Site]:
    """Without the import lines of files that use the name too, unless the change breaks them."""
    using = {site.path for site in sites if site.edge != "imports"}
    broken = {place for place, site in judged.items() if site.status == "broken"}
    return [
        site
        for site in sites
        if site.edge != "imports" or site.path not in using or (site.path, site.line) in broken
    ]


def _order(user: User) -> tuple[bool, bool, str, str, int]:
    return (not user.broken, user.is_test, user.tier, user.path, user.lines[0].line)


def _line(site: Site, judged: Mapping[Place, CallSite]) -> UserLine:
    """Only direct users are judged: what is broken stands where the contract is named."""
    known = judged.get((site.path, site.line)) if site.depth == 1 else None
    status, why = (known.status, known.why) if known is not None else ("not_inspected", "")
    return UserLine(site.line, site.text, site.tier, site.edge, status, why, site.commit)


def _says(symbol: ChangedSymbol) -> Iterator[str]:
    """What differs in words; of a renamed one first what it was called."""
    before, after = symbol.before, symbol.after
    if symbol.change == "renamed" and before is not None and after is not None:
        yield f"was `{before.name}`"
    yield from said(symbol.aspects, symbol.language)


def _weight(contract: ChangedContract) -> tuple[int, bool, int, str, int]:
    everyone = sum(1 for top in (*contract.users, *contract.tests) for _ in top.walk())
    return (
        -contract.broken,
        contract.change not in ("removed", "renamed") or not everyone,
        -everyone,
        contract.path,
        contract.line,
    )
