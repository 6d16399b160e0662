"""What plain code found, fit to be shown: it quotes the code whole, and code holds credentials."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.finding import Evidence, Finding
from workers.model.redaction import redact
from workers.model.rendering import visible
from workers.repository.knowledge import Knowledge


def fit_to_show(knowledge: Knowledge) -> Knowledge:
    """The same without credentials or invisible characters, as all code that a review shows.

    The quotes then still stand in the files as `Sources` gives them.
    """
    return replace(
        knowledge,
        findings=tuple(_finding(finding) for finding in knowledge.findings),
        facts=tuple(replace(fact, text=_clean(fact.text)) for fact in knowledge.facts),
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
