"""What a change touches in the repository and what hangs on it: the step before any model reads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.diff import ChangeSet
from bot.domain.finding import Finding
from bot.domain.identifiers import Sha
from bot.domain.review import Fact, LedgerEntry, SourceLine
from bot.errors import LimitExceeded
from bot.ports import Code
from workers.repository.checks import Contracts, run_checks
from workers.repository.companions import Companion, left_behind, too_shallow
from workers.repository.contracts.changed_symbols import Touched, changed_symbols
from workers.repository.contracts.ledger import facts_about, is_followed, ledger_of
from workers.repository.dependencies.changed import Dependencies, changed_dependencies
from workers.repository.gaps import CALLERS, CHECKS, Gaps, gaps_of
from workers.repository.graph import ChangedSymbol, Definition, Site, Unfollowed
from workers.repository.links import Link, find_links, worth_telling
from workers.repository.outline import VALUES
from workers.repository.references.callers import find_callers, named_by_callers, target_at
from workers.repository.references.constructing import may_construct
from workers.repository.references.finding import Found, Target, is_constructor
from workers.repository.references.same_thing import with_declarations
from workers.repository.references.tracing import Tracer
from workers.repository.snapshot import Snapshot, snapshots
from workers.repository.test_paths import is_test_path
from workers.repository.used_definitions import used_definitions

NAMES_PER_LEVEL = 40
SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The facts that the review starts from.

    `used` are definitions elsewhere that changed lines call or import, `used_by_tests` those that
    only changed tests do; `tests` are the sites in tests;
    `findings` come from contract checks (origin check, confidence 1.0); `facts` are for a model;
    `links` are strings that tie changed lines to other files; `companions` are files that usually
    change together with changed ones, and did not; `not_done` keeps the review from being whole,
    `notes` say what else was cut or could not be read (see `gaps_of`);
    `unparsed` are changed files that do not parse, so that no contract check read them, `as_text`
    the language of those that no grammar can; `dependencies` are the packages that moved.
    """

    changed: tuple[ChangedSymbol, ...] = ()
    used: tuple[Definition, ...] = ()
    used_by_tests: tuple[Definition, ...] = ()
    tests: tuple[Site, ...] = ()
    findings: tuple[Finding, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    facts: tuple[Fact, ...] = ()
    links: tuple[Link, ...] = ()
    companions: tuple[Companion, ...] = ()
    not_done: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unparsed: tuple[str, ...] = ()
    as_text: Mapping[str, str] = field(default_factory=dict)
    dependencies: Dependencies = field(default_factory=Dependencies)


@dataclass(slots=True)
class _Question:
    """The state of one `understand`: two snapshots, a clock and what had to be left out."""

    change: ChangeSet
    before: Snapshot
    after: Snapshot
    skip: Callable[[str], bool]
    tracer: Tracer
    depth: int
    notes: list[str] = field(default_factory=list)
    cuts: list[str] = field(default_factory=list)
    steps_late: list[str] = field(default_factory=list)
    deadline: float = 0.0

    def late(self, what: str) -> bool:
        """Past the deadline; remembers once what was left out."""
        if time.monotonic() < self.deadline:
            return False
        if what not in self.steps_late:
            self.steps_late.append(what)
        return True


def understand(
    code: Code, change: ChangeSet, tip: Sha, skip: Callable[[str], bool], depth: int = 2
) -> Knowledge:
    """Changed symbols, their users down to `depth`, what they use, and the contract checks.

    `tip` is the base branch's tip: users added there since the merge base are found too.
    `skip(path)` is true for paths that the policy leaves out.
    """
    before, after = snapshots(code, change, tip)
    tracer = Tracer(after, before.paths)
    question = _Question(change, before, after, skip, tracer, depth)
    question.deadline = time.monotonic() + SECONDS
    touched = changed_symbols(change, before, after, skip, question.late)
    changed = _with_sites(question, touched.symbols)
    contracts = run_checks(before, after, change, skip, question.deadline)
    question.late(CHECKS)
    links = _links(question, changed)
    used = used_definitions(change, tracer, skip, question.late)
    question.notes += [used.note] if used.note else []
    dependencies = _dependencies(question, code)
    gaps = gaps_of(change, touched, changed, question.steps_late, question.cuts)
    return Knowledge(
        changed=tuple(changed),
        used=used.by_code,
        used_by_tests=used.by_tests,
        tests=_tests(changed),
        findings=contracts.findings,
        ledger=tuple(ledger_of(after, changed, contracts)),
        facts=(*facts_about(changed), *contracts.facts, *_link_facts(links, contracts)),
        links=tuple(links),
        not_done=gaps.not_done,
        notes=_notes(question, touched, contracts, gaps),
        unparsed=contracts.unparsed,
        as_text=touched.as_text,
        dependencies=dependencies,
    )


def _notes(
    question: _Question, touched: Touched, contracts: Contracts, gaps: Gaps
) -> tuple[str, ...]:
    """What is told beside `not_done`, each thing once."""
    own = tuple(f"{path}: " for path in touched.unread)  # told once, by what is made of it
    unread = [*question.before.unread, *question.after.unread]
    told = [*touched.notes, *gaps.told, *question.notes, *contracts.notes]
    told += [note for note in unread if not note.startswith(own)]
    return tuple(dict.fromkeys(told))


def _dependencies(question: _Question, code: Code) -> Dependencies:
    if question.late("dependencies"):
        return Dependencies()
    before, after = question.before, question.after
    return changed_dependencies(code, before, after, question.change, question.skip)


def _tests(changed: Sequence[ChangedSymbol]) -> tuple[Site, ...]:
    """The sites in tests: direct uses first, then the surer ones."""
    found = dict.fromkeys(site for symbol in changed for site in symbol.sites if site.is_test)
    return tuple(sorted(found, key=lambda site: (site.depth, site.tier)))


def _links(question: _Question, changed: Sequence[ChangedSymbol]) -> list[Link]:
    if question.late("strings that tie files"):
        return []
    links, notes = find_links(
        question.change, changed, question.before, question.after, question.skip
    )
    question.notes += notes
    return links


def _link_facts(links: list[Link], contracts: Contracts) -> Iterator[Fact]:
    """Those that no check speaks of: it has looked closer."""
    spoken = [finding.title for finding in contracts.findings]
    spoken += [fact.text for fact in contracts.facts]
    for link in worth_telling(links):
        if not any(link.key.word in text for text in spoken):
            places = tuple(SourceLine(place.path, place.line) for place in link.places)
            yield Fact(f"{link.key.kind}-string", link.said, link.key.path, places)


def with_companions(
    knowledge: Knowledge, code: Code, change: ChangeSet, skip: Callable[[str], bool]
) -> Knowledge:
    """The same with the files that usually change together with the change's; reads history.

    A clone is deepened for it once, so it is asked for where a model will read the answer.
    """
    try:
        past = code.past_changes()
    except LimitExceeded as error:
        note = f"files that usually change together: not looked for, {error}"
        return replace(knowledge, notes=(*knowledge.notes, note))
    if note := too_shallow(past):
        return replace(knowledge, notes=(*knowledge.notes, note))
    found = left_behind(change, past, frozenset(code.paths(change.head)), skip)
    facts = (*knowledge.facts, *(Fact("companion", str(one), one.path) for one in found))
    return replace(knowledge, companions=found, facts=facts)


def _with_sites(question: _Question, changed: Sequence[ChangedSymbol]) -> list[ChangedSymbol]:
    """Each changed symbol with its users; contracts first when there are too many names."""
    asked = [symbol for symbol in sorted(changed, key=_rank) if is_followed(symbol)]
    targets = [*map(_target, asked), *filter(None, map(_new_target, asked))]
    names = list(dict.fromkeys(target.simple for target in targets))
    if len(names) > NAMES_PER_LEVEL:
        cut = len(names) - NAMES_PER_LEVEL
        question.cuts.append(f"callers: {cut} of {len(names)} changed names not looked up")
    kept = set() if question.late(CALLERS) else set(names[:NAMES_PER_LEVEL])
    unasked = {id(symbol) for symbol in asked if _target(symbol).simple not in kept}
    looked_up = [target for target in dict.fromkeys(targets) if target.simple in kept]
    found = find_callers(question.tracer, looked_up, question.skip, question.depth, question.late)
    question.cuts += found.cuts
    question.notes += [note for note in found.notes if note not in found.cuts]
    placed = [
        (target := _target(one), _placed(one, target, found, id(one) in unasked)) for one in changed
    ]
    return with_declarations([(at, _relied_on(question, one)) for at, one in placed], found.same)


def _rank(symbol: ChangedSymbol) -> tuple[bool, bool, bool]:
    """Contracts first; of a file that moved as a whole there are many, and they say the same."""
    return (not symbol.concerns_users, symbol.change == "moved", symbol.kind in VALUES)


def _target(symbol: ChangedSymbol) -> Target:
    """What callers name: the definition as it was, for a name that is gone."""
    named = symbol.before if symbol.change in ("removed", "renamed", "moved") else symbol.after
    definition = named or symbol.before or symbol.after
    path, name = (definition.path, definition.name) if definition else (symbol.path, symbol.name)
    return target_at(path, named_by_callers(name))


def _new_target(symbol: ChangedSymbol) -> Target | None:
    """What callers name that this change adapted: a moved or renamed definition as it is now."""
    if symbol.change not in ("renamed", "moved") or symbol.after is None:
        return None
    return target_at(symbol.after.path, named_by_callers(symbol.after.name))


def _placed(symbol: ChangedSymbol, target: Target, found: Found, unasked: bool) -> ChangedSymbol:
    """With its users: of a moved or renamed one those of its old name first."""
    sites = dict.fromkeys(found.sites.get(target, ()))
    possible = found.possible.get(target, 0)
    new = _new_target(symbol)
    if new is not None and new != target:
        sites |= {
            replace(site, adapted=True): None
            for site in found.sites.get(new, ())
            if site not in sites
        }
    unread = found.unfollowed.get(target, set())
    tests = sum(map(is_test_path, unread))
    return replace(
        symbol,
        sites=tuple(sites),
        possible=possible,
        unfollowed=Unfollowed(len(unread) - tests, tests, unasked),
        unparsed=tuple(dict.fromkeys(found.unparsed.get(target, ()))),
    )


def _relied_on(question: _Question, symbol: ChangedSymbol) -> ChangedSymbol:
    """Without sites that only look like a use: what it is itself now, or names of its type."""
    kept = (
        site
        for site in symbol.sites
        if site.depth > 1 or not (_is_itself(symbol, site) or _names_type(question, symbol, site))
    )
    return replace(symbol, sites=tuple(kept))


def _is_itself(symbol: ChangedSymbol, site: Site) -> bool:
    """Whether it moved into a type that extends its old one: it overrides nothing but itself."""
    own = symbol.after
    return (
        own is not None
        and site.edge in ("overrides", "implements")
        and site.path == own.path
        and own.line <= site.line <= own.end_line
    )


def _names_type(question: _Question, symbol: ChangedSymbol, site: Site) -> bool:
    """Whether a constructor, which is looked for by its type's name, has no part in this use."""
    *_, type_name, _ = ("", *symbol.name.split("."))
    outline = question.after.outline
    return is_constructor(symbol.name) and not may_construct(site, type_name, outline(site.path))
