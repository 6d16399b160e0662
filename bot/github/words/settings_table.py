"""The resolved policy as a table: each key as it is written in the file, its value, its source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from bot.domain.policy import PathRule, Policy, Thresholds
from bot.domain.policy_layer import BUILT_IN
from bot.github import words
from bot.github.markdown_safety import code_span, in_cell, safe_cell, safe_line

_MOST_ROWS = 60
_LONGEST_VALUE = 300


def settings_table(policy: Policy, base_branch: str) -> str:
    """Every key, the strongest source of its value, and what is wrong with a file."""
    rows = [_row(key, value, policy) for key, value in _values(policy)]
    more = len(rows) - _MOST_ROWS
    table = "| key | value | from |\n|---|---|---|\n" + "\n".join(rows[:_MOST_ROWS])
    parts = [
        f"Settings for this pull request, read from the tip of {code_span(base_branch)}:",
        table,
    ]
    if more > 0:
        parts.append(f"And {more} more.")
    if policy.problems:
        problems = "\n".join(words.policy_problem(problem) for problem in policy.problems)
        parts.append(f"A file could not be used, so what it says does not hold:\n{problems}")
    return "\n\n".join(parts)


def _row(key: str, value: object, policy: Policy) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    shown = shown if len(shown) <= _LONGEST_VALUE else f"{shown[:_LONGEST_VALUE]}..."
    known = "budget" if key.startswith("budget.") else key  # the lowest of all layers holds
    source = safe_cell(policy.sources.get(known, BUILT_IN))
    return f"| {in_cell(code_span(key))} | {in_cell(code_span(shown))} | {source} |"


def _values(policy: Policy) -> Iterator[tuple[str, object]]:
    when, skip = policy.when, policy.when.skip
    yield "review.on", when.on
    yield "review.drafts", when.drafts
    yield "review.effort", when.effort
    yield "review.skip.authors", skip.authors
    yield "review.skip.labels", skip.labels
    yield "review.skip.titles", skip.titles
    yield "review.skip.base_branches", skip.base_branches
    yield "review.skip.paths", skip.paths
    yield "thresholds.severity", policy.severity.value
    yield "thresholds.confidence", policy.confidence
    yield "thresholds.minor_confidence", policy.minor_confidence
    yield "thresholds.per_review", policy.caps.per_review
    yield "thresholds.per_pull_request", policy.caps.per_pull_request
    for category, limits in policy.categories.items():
        yield f"categories.{category.value}", _thresholds(limits)
    for index, rule in enumerate(policy.paths):
        yield f"paths[{index}]", _path_rule(rule)
    yield "ignore", policy.ignore
    yield "never_send", policy.never_send
    yield "guidelines", policy.guidelines
    yield "check.fail_on", policy.fail_on
    for span, allowance in (
        ("per_review", policy.budget.per_review),
        ("per_day", policy.budget.per_day),
    ):
        for name, value in asdict(allowance).items():
            if value is not None:
                yield f"budget.{span}.{name}", value
    for verb, asker in policy.allow.items():
        yield f"mentions.allow.{verb}", asker


def _thresholds(limits: Thresholds) -> object:
    if limits.off:
        return "off"
    named = {
        "severity": limits.severity,
        "confidence": limits.confidence,
        "minor_confidence": limits.minor_confidence,
    }
    return {name: value for name, value in named.items() if value is not None}


def _path_rule(rule: PathRule) -> object:
    shown: dict[str, object] = {"match": rule.match}
    if rule.thresholds != Thresholds():
        shown["thresholds"] = _thresholds(rule.thresholds)
    if rule.guidelines:
        shown["guidelines"] = safe_line(rule.guidelines[:100])
    return shown
