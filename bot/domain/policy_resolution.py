"""Layers of settings -> the policy of one review, and the bar that one finding must reach.

Per key: command flag > last matching path > category > repository > organisation > operator >
built-in. Two keys do not replace but add up, lowest layer first: `paths`, whose last match wins,
and `never_send`, so that no repository can undo what its organisation keeps from the model. Of
`budget` the lowest value of all layers holds, for the same reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.budget import Allowance
from bot.domain.commands import Verb
from bot.domain.finding import Category, Finding, Severity
from bot.domain.path_patterns import matches
from bot.domain.policy import Asker, Budget, Caps, PathRule, Policy, Skip, Thresholds, When
from bot.domain.policy_layer import BUILT_IN, FLAG, PolicyLayer

__all__ = ["Bar", "matches", "path_guidelines", "resolve", "thresholds_for"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bar:
    """What a finding must reach to be posted inline. `why` names the settings that decided.

    `wanted`: the confidence that this finding's severity needs. `confidence`: what every finding
    needs.
    """

    severity: Severity
    confidence: float
    wanted: float
    off: bool
    why: str


def resolve(layers: Sequence[PolicyLayer]) -> Policy:
    """Lay the layers over the built-in defaults.

    Args:
        layers: lowest first: operator, organisation, repository, flags (built-in may be left out).
    """
    usable = [_built_in(), *(layer for layer in layers if not layer.problems)]
    top = _Top(usable, {})
    return Policy(
        when=_when(top),
        severity=top.value("thresholds.severity", lambda layer: layer.severity),
        confidence=top.value("thresholds.confidence", lambda layer: layer.confidence),
        minor_confidence=top.value(
            "thresholds.minor_confidence", lambda layer: layer.minor_confidence
        ),
        caps=Caps(
            top.value("thresholds.per_review", lambda layer: layer.per_review),
            top.value("thresholds.per_pull_request", lambda layer: layer.per_pull_request),
        ),
        categories=_categories(top),
        paths=_paths(top),
        ignore=top.value("ignore", lambda layer: layer.ignore),
        never_send=_never_send(top),
        guidelines=top.value("guidelines", lambda layer: layer.guidelines),
        fail_on=top.value("check.fail_on", lambda layer: layer.fail_on),
        budget=_budget(top),
        allow=_allow(top),
        problems=tuple(problem for layer in layers for problem in layer.problems),
        sources=top.sources,
    )


def thresholds_for(policy: Policy, finding: Finding) -> Bar:
    """The bar for this finding's category and file, and where each part comes from."""
    by_category = policy.categories.get(finding.category, Thresholds())
    scopes = (
        (f"category {finding.category.value}", by_category),
        *_path_thresholds(policy, finding.path),
    )
    off_from = [scope for scope, limits in scopes if limits.off]
    severity, severity_from = policy.severity, _source(policy, "thresholds.severity")
    lowest = _Limit("confidence", policy.confidence, _source(policy, "thresholds.confidence"))
    minor_from = _source(policy, "thresholds.minor_confidence")
    minor = _Limit("minor_confidence", policy.minor_confidence, minor_from)
    for scope, limits in scopes:
        if limits.severity is not None and severity_from != FLAG:
            severity, severity_from = limits.severity, scope
        lowest = lowest.or_of(scope, limits.confidence)
        minor = minor.or_of(scope, limits.minor_confidence)
    is_minor = not finding.severity.at_least(Severity.P1)
    wanted = minor if is_minor and minor.value > lowest.value else lowest
    why = f"severity {severity.value} by {severity_from}, {wanted}"
    if off_from:
        why = f"off by {off_from[-1]}"
    return Bar(severity, lowest.value, wanted.value, bool(off_from), why)


def path_guidelines(policy: Policy, path: str) -> tuple[str, ...]:
    """The prose that path rules give for this file, in order."""
    rules = (rule for rule in policy.paths if rule.guidelines and matches(rule.match, path))
    return tuple(rule.guidelines for rule in rules)


@dataclass(frozen=True, slots=True)
class _Limit:
    """A confidence, and the source that set it."""

    name: str
    value: float
    source: str

    def __str__(self) -> str:
        return f"{self.name} {self.value:g} by {self.source}"

    def or_of(self, scope: str, value: float | None) -> _Limit:
        """What a narrower scope sets instead, unless a flag has spoken."""
        if value is None or self.source == FLAG:
            return self
        return _Limit(self.name, value, scope)


@dataclass(slots=True)
class _Top:
    """Reads the topmost setting of a key and notes where it came from."""

    layers: Sequence[PolicyLayer]
    sources: dict[str, str]

    def value(self, key: str, read: Callable[[PolicyLayer], T | None]) -> T:
        for layer in reversed(self.layers):
            found = read(layer)
            if found is not None:
                self.sources[key] = layer.source
                return found
        raise LookupError(f"the built-in policy does not set {key!r}")


def _built_in() -> PolicyLayer:
    defaults = Policy()
    skip = defaults.when.skip
    return PolicyLayer(
        source=BUILT_IN,
        on=defaults.when.on,
        drafts=defaults.when.drafts,
        effort=defaults.when.effort,
        skip_authors=skip.authors,
        skip_labels=skip.labels,
        skip_titles=skip.titles,
        skip_base_branches=skip.base_branches,
        skip_paths=skip.paths,
        severity=defaults.severity,
        confidence=defaults.confidence,
        minor_confidence=defaults.minor_confidence,
        per_review=defaults.caps.per_review,
        per_pull_request=defaults.caps.per_pull_request,
        ignore=defaults.ignore,
        never_send=defaults.never_send,
        guidelines=defaults.guidelines,
        fail_on=defaults.fail_on,
    )


def _when(top: _Top) -> When:
    return When(
        on=top.value("review.on", lambda layer: layer.on),
        drafts=top.value("review.drafts", lambda layer: layer.drafts),
        effort=top.value("review.effort", lambda layer: layer.effort),
        skip=Skip(
            authors=top.value("review.skip.authors", lambda layer: layer.skip_authors),
            labels=top.value("review.skip.labels", lambda layer: layer.skip_labels),
            titles=top.value("review.skip.titles", lambda layer: layer.skip_titles),
            base_branches=top.value(
                "review.skip.base_branches", lambda layer: layer.skip_base_branches
            ),
            paths=top.value("review.skip.paths", lambda layer: layer.skip_paths),
        ),
    )


def _categories(top: _Top) -> dict[Category, Thresholds]:
    merged: dict[Category, Thresholds] = {}
    for layer in top.layers:
        for category, limits in layer.categories.items():
            below = merged.get(category, Thresholds())
            merged[category] = Thresholds(
                _first(limits.severity, below.severity),
                _first(limits.confidence, below.confidence),
                _first(limits.minor_confidence, below.minor_confidence),
                limits.off,
            )
            top.sources[f"categories.{category.value}"] = layer.source
    return merged


def _first(value: T | None, fallback: T | None) -> T | None:
    return fallback if value is None else value


def _paths(top: _Top) -> tuple[PathRule, ...]:
    rules = [(rule, layer.source) for layer in top.layers for rule in layer.paths]
    top.sources.update({f"paths[{index}]": source for index, (_, source) in enumerate(rules)})
    return tuple(rule for rule, _ in rules)


def _never_send(top: _Top) -> tuple[str, ...]:
    set_in = [layer for layer in top.layers if layer.never_send]
    top.sources["never_send"] = ", ".join(layer.source for layer in set_in) or BUILT_IN
    return tuple(dict.fromkeys(p for layer in set_in for p in layer.never_send or ()))


def _budget(top: _Top) -> Budget:
    per_review, per_day = Allowance(), Allowance()
    set_in = [(layer.source, layer.budget) for layer in top.layers if layer.budget is not None]
    for _, budget in set_in:
        per_review = per_review.lowered(budget.per_review)
        per_day = per_day.lowered(budget.per_day)
    if set_in:
        top.sources["budget"] = ", ".join(source for source, _ in set_in)
    return Budget(per_review, per_day)


def _allow(top: _Top) -> dict[Verb, Asker]:
    merged: dict[Verb, Asker] = {}
    for layer in top.layers:
        merged.update(layer.allow)
        top.sources.update({f"mentions.allow.{verb}": layer.source for verb in layer.allow})
    return merged


def _path_thresholds(policy: Policy, path: str) -> list[tuple[str, Thresholds]]:
    """The limits of the rules that match, the last (strongest) one last."""
    found = []
    for index, rule in enumerate(policy.paths):
        if matches(rule.match, path):
            scope = f"paths {', '.join(rule.match)} ({_source(policy, f'paths[{index}]')})"
            found.append((scope, rule.thresholds))
    return found


def _source(policy: Policy, key: str) -> str:
    return policy.sources.get(key, BUILT_IN)
