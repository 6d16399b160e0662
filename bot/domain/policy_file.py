"""The policy file: text -> one layer of settings, or every problem with its line and remedy.

Strict, because a misspelt setting that is silently ignored is found out only when a comment is
missed. Nothing is constructed from YAML: nodes are composed and read by hand, and anchors, tags
and big or deep files are refused before that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import yaml
from yaml.nodes import Node, SequenceNode

from bot.domain import policy_nodes as nodes
from bot.domain.budget import Allowance
from bot.domain.commands import GRANTABLE, Verb
from bot.domain.finding import Category, Severity
from bot.domain.policy import Asker, Budget, Effort, FailOn, PathRule, ReviewOn, Thresholds
from bot.domain.policy_layer import PolicyLayer
from bot.domain.policy_nodes import Problems

__all__ = ["LARGEST_FILE", "PolicyLayer", "parse_policy"]

LARGEST_FILE = 32_768
"""Characters. A policy is a screen or two; this is twenty."""

_DEEPEST = 10
_MOST_PROBLEMS = 20
_MOST_PATH_RULES = 50
_TOP = (
    "version", "review", "thresholds", "categories", "paths",
    "ignore", "never_send", "guidelines", "check", "budget", "mentions",
)  # fmt: skip
_SEVERITIES = tuple(severity.value for severity in Severity)
_CATEGORIES = tuple(category.value for category in Category)

_REVIEW: Mapping[str, nodes.Read[Any]] = {
    "on": nodes.many(nodes.choice(("opened", "ready", "pushed"))),
    "drafts": nodes.boolean,
    "effort": nodes.choice(("auto", "light", "standard", "deep")),
}
_SKIP: Mapping[str, nodes.Read[Any]] = {
    "authors": nodes.many(nodes.word),
    "labels": nodes.many(nodes.word),
    "titles": nodes.many(nodes.word),
    "base_branches": nodes.many(nodes.word),
    "paths": nodes.many(nodes.pattern),
}
_LIMITS: Mapping[str, nodes.Read[Any]] = {
    "severity": nodes.choice(_SEVERITIES),
    "confidence": nodes.fraction,
    "minor_confidence": nodes.fraction,
}
_CAPS: Mapping[str, nodes.Read[Any]] = {
    "per_review": nodes.count,
    "per_pull_request": nodes.count,
}
_ALLOWANCE: Mapping[str, nodes.Read[Any]] = {
    "calls": nodes.quantity,
    "tokens": nodes.quantity,
    "seconds": nodes.amount,
    "usd": nodes.amount,
}
_LISTS: Mapping[str, nodes.Read[Any]] = {
    "ignore": nodes.many(nodes.pattern),
    "never_send": nodes.many(nodes.pattern),
    "guidelines": nodes.many(nodes.word),
}
_ALLOW: Mapping[str, nodes.Read[Any]] = dict.fromkeys(
    GRANTABLE, nodes.choice(("write", "author", "triage", "read"))
)
_CHECK: Mapping[str, nodes.Read[Any]] = {
    "fail_on": nodes.choice(("none", *_SEVERITIES, "broken_promise")),
}


def parse_policy(text: str, source: str) -> PolicyLayer:
    """Read a policy file.

    Args:
        text: the whole file.
        source: what problems and sources call it, e.g. ".github/plumbline.yml".

    Returns:
        The layer. If it has `problems`, none of its settings are set.
    """
    problems = Problems(source)
    root = _compose(text, problems)
    layer = PolicyLayer(source=source) if root is None else _layer(problems, root)
    if not problems.found:
        return layer
    found = problems.by_line()[:_MOST_PROBLEMS]
    if len(problems.found) > _MOST_PROBLEMS:
        found.append(f"{source}: {len(problems.found) - _MOST_PROBLEMS} more problems.")
    return PolicyLayer(source=source, problems=tuple(found))


def _compose(text: str, problems: Problems) -> Node | None:
    if len(text) > LARGEST_FILE:
        remedy = f"Use at most {LARGEST_FILE}; keep long prose in a file under guidelines."
        problems.add(None, "the file", f"has {len(text)} characters", remedy)
        return None
    try:
        if not _is_plain(text, problems):
            return None
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).partition("\n")[0]
        line = 1 if mark is None else mark.line + 1
        problems.found.append(
            f"{problems.source}:{line}: not YAML: {what}. Check quotes and indentation."
        )
        return None
    return None if root is None or nodes.is_null(root) else root


def _is_plain(text: str, problems: Problems) -> bool:
    """Whether the file is free of anchors, tags and depth, seen before anything is composed."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        where = f"{problems.source}:{getattr(event.start_mark, 'line', 0) + 1}"
        tag = getattr(event, "tag", None)
        if getattr(event, "anchor", None) is not None:
            problems.found.append(f"{where}: anchors and aliases are not read. Write it out.")
        elif tag is not None:
            problems.found.append(f"{where}: the tag {tag[:60]!r} is not read. Remove it.")
        elif depth > _DEEPEST:
            problems.found.append(f"{where}: nested too deep. No setting needs that.")
        else:
            continue
        return False
    return True


def _layer(problems: Problems, root: Node) -> PolicyLayer:
    top = nodes.mapping(problems, root, "", _TOP)
    if "version" in top:
        nodes.choice(("1",))(problems, *top["version"])
    review, skip = _review(problems, top)
    limits = _section(problems, top, "thresholds", {**_LIMITS, **_CAPS})
    lists = _read_all(problems, top, _LISTS)
    check = _section(problems, top, "check", _CHECK)
    return PolicyLayer(
        source=problems.source,
        on=cast("tuple[ReviewOn, ...] | None", review.get("on")),
        drafts=review.get("drafts"),
        effort=cast("Effort | None", review.get("effort")),
        **{f"skip_{name}": value for name, value in skip.items()},
        severity=_severity(limits),
        confidence=limits.get("confidence"),
        minor_confidence=limits.get("minor_confidence"),
        per_review=limits.get("per_review"),
        per_pull_request=limits.get("per_pull_request"),
        categories=_categories(problems, top),
        paths=_paths(problems, top),
        **lists,
        fail_on=cast("FailOn | None", check.get("fail_on")),
        budget=_budget(problems, top),
        allow=_allow(problems, top),
    )


_Entries = Mapping[str, tuple[Node, str]]


def _review(problems: Problems, top: _Entries) -> tuple[dict[str, Any], dict[str, Any]]:
    if "review" not in top:
        return {}, {}
    entries = nodes.mapping(problems, *top["review"], allowed=(*_REVIEW, "skip"))
    return _read_all(problems, entries, _REVIEW), _section(problems, entries, "skip", _SKIP)


def _section(
    problems: Problems, parent: _Entries, name: str, readers: Mapping[str, nodes.Read[Any]]
) -> dict[str, Any]:
    if name not in parent:
        return {}
    entries = nodes.mapping(problems, *parent[name], allowed=tuple(readers))
    return _read_all(problems, entries, readers)


def _read_all(
    problems: Problems, entries: _Entries, readers: Mapping[str, nodes.Read[Any]]
) -> dict[str, Any]:
    return {
        name: readers[name](problems, node, key)
        for name, (node, key) in entries.items()
        if name in readers
    }


def _severity(limits: Mapping[str, Any]) -> Severity | None:
    given = limits.get("severity")
    return None if given is None else Severity(given)


def _thresholds(problems: Problems, parent: _Entries, name: str) -> Thresholds:
    """`off`, or a mapping of severity and both confidences."""
    node, key = parent[name]
    if nodes.is_off(node):
        return Thresholds(off=True)
    if not isinstance(node, yaml.MappingNode):
        remedy = "Write off, or {severity: P1, confidence: 0.7}."
        problems.add(node, key, f"cannot be {nodes.shown(node)}", remedy)
        return Thresholds()
    limits = _section(problems, parent, name, _LIMITS)
    confidence, minor = limits.get("confidence"), limits.get("minor_confidence")
    return Thresholds(_severity(limits), confidence, minor)


def _categories(problems: Problems, top: _Entries) -> dict[Category, Thresholds]:
    if "categories" not in top:
        return {}
    entries = nodes.mapping(problems, *top["categories"], allowed=_CATEGORIES)
    return {Category(name): _thresholds(problems, entries, name) for name in entries}


def _budget(problems: Problems, top: _Entries) -> Budget | None:
    if "budget" not in top:
        return None
    entries = nodes.mapping(problems, *top["budget"], allowed=("per_review", "per_day"))
    per_review = Allowance(**_section(problems, entries, "per_review", _ALLOWANCE))
    return Budget(per_review, Allowance(**_section(problems, entries, "per_day", _ALLOWANCE)))


def _allow(problems: Problems, top: _Entries) -> dict[Verb, Asker]:
    if "mentions" not in top:
        return {}
    entries = nodes.mapping(problems, *top["mentions"], allowed=("allow",))
    read = _section(problems, entries, "allow", _ALLOW)
    return cast("dict[Verb, Asker]", read)


def _paths(problems: Problems, top: _Entries) -> tuple[PathRule, ...]:
    if "paths" not in top:
        return ()
    node, key = top["paths"]
    if not isinstance(node, SequenceNode):
        problems.add(node, key, f"is {nodes.shown(node)}, not a list", 'Write - match: ["db/**"].')
        return ()
    if len(node.value) > _MOST_PATH_RULES:
        remedy = f"Use at most {_MOST_PATH_RULES}."
        problems.add(node, key, f"has {len(node.value)} rules", remedy)
        return ()
    return tuple(_rule(problems, rule, f"{key}[{at}]") for at, rule in enumerate(node.value))


def _rule(problems: Problems, node: Node, key: str) -> PathRule:
    entries = nodes.mapping(problems, node, key, ("match", "thresholds", "guidelines"))
    read = _read_all(
        problems, entries, {"match": nodes.many(nodes.pattern), "guidelines": nodes.prose}
    )
    match: Sequence[str] = read.get("match") or ()
    if isinstance(node, yaml.MappingNode) and "match" not in entries:
        problems.add(node, f"{key}.match", "is missing", 'Name the paths: match: ["db/**"].')
    elif "match" in read and read["match"] == ():
        problems.add(node, f"{key}.match", "is empty", 'Name the paths: match: ["db/**"].')
    limits = _thresholds(problems, entries, "thresholds") if "thresholds" in entries else None
    return PathRule(tuple(match), limits or Thresholds(), read.get("guidelines") or "")
