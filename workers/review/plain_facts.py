"""What plain code found, fit to be shown: it quotes the code whole, and code holds credentials."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.finding import Evidence, Finding
from bot.domain.review import Fact, LedgerEntry, SourceLine
from workers.context.dependencies import is_telling
from workers.model.redaction import redact
from workers.model.rendering import visible
from workers.repository.dependencies.changed import Dependencies
from workers.repository.dependencies.users import key_of
from workers.repository.dependencies.words import broken, other_indexes, told
from workers.repository.knowledge import Knowledge

_MOST_MOVES = 12


def fit_to_show(knowledge: Knowledge) -> Knowledge:
    """The same without credentials or invisible characters, as all code that a review shows.

    The quotes then still stand in the files as `Sources` gives them.
    """
    return replace(
        knowledge,
        findings=tuple(_finding(finding) for finding in knowledge.findings),
        facts=tuple(replace(fact, text=_clean(fact.text)) for fact in knowledge.facts),
        ledger=tuple(_entry(entry) for entry in knowledge.ledger),
    )


def _entry(entry: LedgerEntry) -> LedgerEntry:
    """Its words quote defaults and values."""
    sites = tuple(replace(site, why=_clean(site.why)) for site in entry.sites)
    return replace(entry, change=_clean(entry.change), sites=sites)


def moved_packages(dependencies: Dependencies, only_these_changed: bool) -> tuple[str, ...]:
    """The moves as notes for people: all where nothing else changed, else matters of trust.

    What a release breaks of the names in use is always told.
    """
    bumps = [bump for bump in dependencies.bumps if only_these_changed or bump.warnings]
    telling = [bump for bump in bumps if is_telling(bump)][:_MOST_MOVES]
    notes = [_clean(told(bump, dependencies.users.get(key_of(bump)))) for bump in telling]
    notes += [
        _clean(broken(bump, entry))
        for bump in dependencies.bumps
        for entry in dependencies.broken.get(key_of(bump), ())
    ][:_MOST_MOVES]
    notes += [_clean(other_indexes(entry)) for entry in dependencies.indexes[:_MOST_MOVES]]
    rest = len(bumps) - len(telling)
    if rest:
        more = "more " if telling else ""
        notes.append(f"{rest} {more}package{'' if rest == 1 else 's'} moved that others brought in")
    return tuple(notes)


def broken_names(dependencies: Dependencies) -> tuple[Fact, ...]:
    """What raised packages break of the names in use, for the record: with the lines here."""
    return tuple(
        Fact(
            kind="raised_package",
            text=_clean(broken(bump, replace(entry, uses=()))),
            path=bump.places[0].path,
            places=tuple(SourceLine(use.path, use.line) for use in entry.uses),
        )
        for bump in dependencies.bumps
        for entry in dependencies.broken.get(key_of(bump), ())
    )


def _finding(finding: Finding) -> Finding:
    return replace(
        finding,
        title=_clean(finding.title),
        body=_clean(finding.body),
        trigger=_clean(finding.trigger),
        evidence=tuple(_evidence(item) for item in finding.evidence),
    )


def _evidence(item: Evidence) -> Evidence:
    return replace(item, quote=_clean(item.quote))


def _clean(text: str) -> str:
    return visible(redact(text)[0])
