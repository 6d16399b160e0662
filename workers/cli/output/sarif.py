"""A review as SARIF 2.1.0, for code scanning and editors.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html; what GitHub reads of it:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from bot.domain.finding import SHOWN, Category, Evidence, Fate, Finding, Severity
from bot.domain.review import Review

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVEL = {
    Severity.P0: "error",
    Severity.P1: "error",
    Severity.P2: "warning",
    Severity.P3: "note",
}
_ABOUT = {
    Category.CORRECTNESS: "The code does something else than it should.",
    Category.CONTRACT: "A changed definition no longer fits the code that uses it.",
    Category.SECURITY: "The change opens a hole.",
    Category.DATA: "The change loses or corrupts data.",
    Category.CONCURRENCY: "The change breaks when things happen at the same time.",
    Category.PERFORMANCE: "The change makes something needlessly slow or large.",
    Category.INTENT: "The change does not keep what its author promised.",
    Category.TESTS: "The tests do not test what they should.",
    Category.DOCS: "The documentation says something else than the code does.",
}


def render_sarif(review: Review, version: str) -> str:
    """The log file as indented JSON, ASCII only. `version` is the program's own."""
    return json.dumps(sarif(review, version), indent=2) + "\n"


def sarif(review: Review, version: str) -> dict[str, Any]:
    """One run. Findings that are not shown are kept as suppressed results, with the reason."""
    rules = _rules(review.findings)
    places = {rule["id"]: index for index, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "Plumbline",
                "version": version,
                "semanticVersion": version,
                "rules": rules,
            }
        },
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {
            "SRCROOT": {"description": {"text": "The root of the reviewed repository."}}
        },
        "invocations": [_invocation(review)],
        "results": [_result(finding, places) for finding in review.findings],
        "properties": {"base": review.base, "head": review.head, "effort": review.effort},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def rule_id(finding: Finding) -> str:
    """`contract/signature`, or `correctness` where the finding has no kind."""
    category = finding.category.value
    return f"{category}/{finding.kind}" if finding.kind else category


def _rules(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    categories = {rule_id(finding): finding.category for finding in findings}
    return [
        {
            "id": name,
            "name": name.title().replace("/", "").replace("-", "").replace("_", ""),
            "shortDescription": {"text": _ABOUT[category]},
            "properties": {"tags": [category.value]},
        }
        for name, category in sorted(categories.items())
    ]


def _invocation(review: Review) -> dict[str, Any]:
    said = [(note, "note") for note in review.notes]
    said += [(f"Not done: {thing}", "warning") for thing in review.coverage.not_done]
    said += [
        (f"Not read: {file.path}: {file.reason}", "warning")
        for file in review.coverage.files
        if file.state == "cut"
    ]
    if review.skipped:
        said.append((f"Not reviewed: {review.skipped}", "note"))
    return {
        "executionSuccessful": review.status != "failed",
        "toolExecutionNotifications": [
            {"message": {"text": text}, "level": level} for text, level in said
        ],
    }


def _result(finding: Finding, places: dict[str, int]) -> dict[str, Any]:
    name = rule_id(finding)
    result: dict[str, Any] = {
        "ruleId": name,
        "ruleIndex": places[name],
        "level": _LEVEL[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [_location(finding.path, finding.line, finding.end_line)],
        "partialFingerprints": {"plumbline/v1": finding.fingerprint, "plumblineId/v1": finding.id},
        "rank": round(finding.confidence * 100, 1),
        "properties": {
            "severity": finding.severity.value,
            "origin": finding.origin.value,
            "confidence": finding.confidence,
            "side": finding.side,
            "fate": None if finding.fate is None else finding.fate.value,
        },
    }
    related = _related(finding.evidence)
    if related:
        result["relatedLocations"] = related
    if finding.fate not in SHOWN:
        result["suppressions"] = [_suppression(finding)]
    return result


def _message(finding: Finding) -> str:
    when = f"\n\nWhen: {finding.trigger}" if finding.trigger else ""
    return f"{finding.title}\n\n{finding.body}{when}"


def _suppression(finding: Finding) -> dict[str, Any]:
    fate = "no fate" if finding.fate is None else finding.fate.value
    # The tool set it aside itself; no person did.
    return {
        "kind": "external",
        "status": "accepted" if finding.fate is not Fate.UNSURE else "underReview",
        "justification": f"{fate}: {finding.reason}" if finding.reason else fate,
    }


def _related(evidence: Sequence[Evidence]) -> list[dict[str, Any]]:
    return [
        {
            **_location(item.path, item.line, item.end_line, item.quote),
            "id": number,
            "message": {"text": f"Proof at {item.commit[:10]}"},
        }
        for number, item in enumerate(evidence, start=1)
    ]


def _location(
    path: str, line: int | None, end_line: int | None, quote_text: str | None = None
) -> dict[str, Any]:
    uri = quote(path.encode(errors="surrogateescape"))
    place: dict[str, Any] = {"artifactLocation": {"uri": uri, "uriBaseId": "SRCROOT"}}
    if line is not None:
        place["region"] = {"startLine": line, "endLine": max(line, end_line or line)}
        if quote_text is not None:
            place["region"]["snippet"] = {"text": quote_text}
    return {"physicalLocation": place}
