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
from bot.domain.finding import Category, Severity
from bot.domain.path_patterns import matches
from bot.domain.policy import Asker, Budget, Caps, PathRule, Policy, Skip, Thresholds, When
from bot.domain.policy_layer import BUILT_IN, FLAG, PolicyLayer

__all__ = ["Bar", "matches", "path_guidelines", "resolve", "thresholds_for"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bar:
    """What a finding must reach to be posted inline. `why` names the settings that decided."""

    severity: Severity
    confidence: float
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


def thresholds_for(policy: Policy, path: str, category: Category) -> Bar:
    """The bar for a finding of this category in this file, and where each part comes from."""
    by_path = _path_thresholds(policy, path)
    by_category = policy.categories.get(category, Thresholds())
    severity, severity_from = policy.severity, _source(policy, "thresholds.severity")
    confidence, confidence_from = policy.confidence, _source(policy, "thresholds.confidence")
    off_from = ""
    for scope, limits in ((f"category {category.value}", by_category), *by_path):
        if limits.severity is not None and severity_from != FLAG:
            severity, severity_from = limits.severity, scope
        if limits.confidence is not None and confidence_from != FLAG:
            confidence, confidence_from = limits.confidence, scope
        off_from = scope if limits.off else off_from
    if off_from:
        return Bar(severity, confidence, True, f"off by {off_from}")
    why = f"severity {severity.value} by {severity_from}, confidence {confidence:g} by "
    return Bar(severity, confidence, False, why + confidence_from)


def path_guidelines(policy: Policy, path: str) -> tuple[str, ...]:
    """The prose that path rules give for this file, in order."""
    rules = (rule for rule in policy.paths if rule.guidelines and matches(rule.match, path))
    return tuple(rule.guidelines for rule in rules)


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
            severity = below.severity if limits.severity is None else limits.severity
            confidence = below.confidence if limits.confidence is None else limits.confidence
            merged[category] = Thresholds(severity, confidence, limits.off)
            top.sources[f"categories.{category.value}"] = layer.source
    return merged


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
