"""A review as JSON, in two forms.

`review_to_json` is the public object (`plumbline review --format json`; docs/review.schema.json).
`record_to_json` keeps every field, so that `record_from_json` makes an equal review.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from bot.domain.finding import Evidence, Finding
from bot.domain.intent import IntentContract, Promise
from bot.domain.record_codec import decode, encode
from bot.domain.review import Coverage, LedgerEntry, Review

SCHEMA = 1
_RECORD = 1


def review_to_json(review: Review) -> dict[str, Any]:
    """The public object, schema 1. Keys are only ever added to a schema."""
    return {
        "schema": SCHEMA,
        "status": review.status,
        "notes": list(review.notes),
        "base": review.base,
        "head": review.head,
        "effort": review.effort,
        "effort_reason": review.effort_reason,
        "intent": _intent(review.intent),
        "findings": [_finding(finding) for finding in review.findings],
        "ledger": [_ledger_entry(entry) for entry in review.ledger],
        "coverage": _coverage(review.coverage),
        "usage": asdict(review.usage),
    }


def record_to_json(review: Review) -> dict[str, Any]:
    """Every field of the review, JSON-safe."""
    return {"record": _RECORD, "review": encode(review)}


def record_from_json(raw: dict[str, Any]) -> Review:
    """The inverse of `record_to_json`; fields that a former version did not write get defaults.

    Raises:
        ValueError: the record is of a newer version, or not a record.
    """
    version = raw.get("record")
    if version != _RECORD:
        message = f"record version {version!r} is not {_RECORD}. Was it written by another version?"
        raise ValueError(message)
    return decode(Review, raw.get("review"))


def record_text(review: Review) -> str:
    """The whole record as one line of text: equal reviews have equal texts."""
    return json.dumps(record_to_json(review), sort_keys=True)


def review_digest(review: Review) -> str:
    """What a recorded review is known by."""
    return hashlib.sha256(record_text(review).encode()).hexdigest()


def _intent(intent: IntentContract) -> dict[str, Any]:
    return {
        "promises": [_promise(promise) for promise in intent.promises],
        "unasked": [
            {"text": change.text, "evidence": _evidence(change.evidence)}
            for change in intent.unasked
        ],
    }


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "id": promise.id,
        "text": promise.text,
        "implied": promise.implied,
        "source": {"where": promise.source.where, "quote": promise.source.quote},
        "verdict": promise.verdict.value,
        "why": promise.why,
        "evidence": _evidence(promise.evidence),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    """Raises ValueError for a finding that nobody judged: each leaves the review with a fate."""
    if finding.fate is None:
        raise ValueError(f"finding {finding.id!r} has no fate. Judge the review before writing it.")
    return {
        "id": finding.id,
        "title": finding.title,
        "body": finding.body,
        "severity": finding.severity.value,
        "category": finding.category.value,
        "confidence": finding.confidence,
        "origin": finding.origin.value,
        "path": finding.path,
        "line": finding.line,
        "end_line": finding.end_line,
        "side": finding.side,
        "evidence": _evidence(finding.evidence),
        "suggestion": finding.suggestion,
        "fate": finding.fate.value,
        "reason": finding.reason,
    }


def _evidence(evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
    return [asdict(proof) for proof in evidence]


def _ledger_entry(entry: LedgerEntry) -> dict[str, Any]:
    """`sites` are T1 and T2, as this form has always said; places by name alone are counted."""
    sites = [site for site in entry.sites if site.tier != "T3"]
    return {
        "symbol": entry.symbol,
        "change": entry.change,
        "sites": [asdict(site) for site in sites],
        "possible": entry.possible + len(entry.sites) - len(sites),
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "files": [asdict(entry) for entry in coverage.files],
        "complete": coverage.complete,
        "not_done": list(coverage.not_done),
    }
