"""Lines that define an environment variable, and lines of code that read one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Need = Literal["required", "optional", "defaulted"]
"""Fails without it; gets nothing (null, "") without it; has another value at hand."""

KEY = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
_SHORTEST = 6
_SAMPLE = re.compile(r"(^|/)(\.?env(\.[\w.-]+)?|[\w.-]+\.env(\.[\w-]+)?)$")
_DEPLOYED = re.compile(r"(^|/)((docker-)?compose[^/]*\.ya?ml|Dockerfile[^/]*|Procfile|app\.json)$")
_DEFINED = re.compile(
    rf"""^\s*(?:export\s+|ENV\s+|ARG\s+|-\s+|-\s+name:\s+)?["']?({KEY})["']?(?:\s*[=:]|\s+\S|\s*$)"""
)
_CODE = re.compile(
    r"\.(py|rb|rake|js|cjs|mjs|jsx|ts|mts|cts|tsx|go|java|kt|kts|php|rs|cs|scala|ex|exs)$"
)
_QUOTED = rf"""["']({KEY})["']"""
_READS: tuple[tuple[re.Pattern[str], Need], ...] = (
    (re.compile(rf"\benviron\[\s*{_QUOTED}\s*\](?!\s*=[^=])"), "required"),
    (re.compile(rf"\bENV\.fetch\(?\s*{_QUOTED}\s*\)(?!\s*(?:do\b|\{{))"), "required"),
    (re.compile(rf"\benv::var\(\s*{_QUOTED}\s*\)\s*\.(?:unwrap|expect)\("), "required"),
    (re.compile(rf"\b(?:environ\.get|getenv)\(\s*{_QUOTED}\s*\)"), "optional"),
    (re.compile(rf"\b(?:Getenv|LookupEnv|GetEnvironmentVariable)\(\s*{_QUOTED}"), "optional"),
    (re.compile(rf"\bprocess\.env\.({KEY})\b(?!\s*=[^=])"), "optional"),
    (re.compile(rf"\bprocess\.env\[\s*{_QUOTED}\s*\](?!\s*=[^=])"), "optional"),
    (re.compile(rf"\bENV\[\s*{_QUOTED}\s*\](?!\s*\|?\|?=[^=])"), "optional"),
    (re.compile(rf"\b(?:env|getenv|environ\.get|ENV\.fetch|env::var)\(\s*{_QUOTED}"), "defaulted"),
)
_FALLBACK = re.compile(r"\s*(?:\|\||\?\?|\?:|or\b)")


def is_sample(path: str) -> bool:
    """A file that lists the variables: `.env.example`, a compose file, a Dockerfile."""
    return bool(_SAMPLE.search(path) or _DEPLOYED.search(path))


def is_code(path: str) -> bool:
    """A file whose language reads variables in a way that is known here."""
    return bool(_CODE.search(path))


def defined_key(text: str) -> str | None:
    """The variable that a line of a sample, a compose file or a manifest defines."""
    found = _DEFINED.match(text)
    return found[1] if found and len(found[1]) >= _SHORTEST else None


def reads(text: str) -> Iterator[tuple[str, Need]]:
    """Each variable that a line of code reads, by its strictest pattern, and how it needs it."""
    seen: set[str] = set()
    for pattern, need in _READS:
        for found in pattern.finditer(text):
            key = found[1]
            if len(key) >= _SHORTEST and key not in seen:
                seen.add(key)
                fallback = need == "optional" and _FALLBACK.match(text, found.end())
                yield key, "defaulted" if fallback else need
