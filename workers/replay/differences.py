"""Where two reviews of one change part, in lines that a person reads. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.finding import Finding
from bot.domain.record_codec import encode
from bot.domain.review import Review

_LONGEST_VALUE = 120
_APART = ("findings", "usage", "policy")


def differences(before: Review, after: Review) -> list[str]:
    """One line for each thing that differs; none: the reviews are equal, byte for byte."""
    old, new = encode(before), encode(after)
    lines = list(_findings(before, after))
    lines += _values("usage.", old["usage"], new["usage"])
    lines += _values("policy.", old["policy"], new["policy"])
    whole = (name for name in old if name not in _APART and old[name] != new[name])
    lines += [f"{name}: {_changed(old[name], new[name])}" for name in whole]
    return lines


def _values(prefix: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Of values that are mappings themselves, the entries that differ."""
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _values(f"{prefix}{name}.", before, after)
        elif before != after:
            yield f"{prefix}{name}: {_changed(before, after)}"


def _findings(before: Review, after: Review) -> Iterator[str]:
    old, new = _by_name(before.findings), _by_name(after.findings)
    for name, finding in old.items():
        if name not in new:
            yield f"finding {name} is gone: {finding.title}"
        elif finding != new[name]:
            yield f"finding {name} ({finding.title}): {_parts(finding, new[name])}"
    for name, finding in new.items():
        if name not in old:
            yield f"finding {name} is new, {_fate(finding)}: {finding.title}"
    if old == new and list(old) != list(new):
        yield "the findings stand in another order"


def _by_name(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    """By id; of several with one id the second is called `ID (2)`."""
    seen: Counter[str] = Counter()
    named: dict[str, Finding] = {}
    for finding in findings:
        seen[finding.id] += 1
        again = f" ({seen[finding.id]})" if seen[finding.id] > 1 else ""
        named[f"{finding.id}{again}"] = finding
    return named


def _parts(old: Finding, new: Finding) -> str:
    before, after = encode(old), encode(new)
    changed = [name for name in before if before[name] != after[name]]
    return "; ".join(f"{name} {_changed(before[name], after[name])}" for name in changed)


def _fate(finding: Finding) -> str:
    return finding.fate.value if finding.fate else "not judged"


def _changed(old: object, new: object) -> str:
    return f"{_shown(old)} -> {_shown(new)}"


def _shown(value: object) -> str:
    text = value if isinstance(value, str) and value else json.dumps(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."
