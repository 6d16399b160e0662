"""The team's rules for a change: guideline files nearest to it, and the policy's words by path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.identifiers import Sha
from bot.domain.path_patterns import matches
from bot.domain.policy import Policy
from workers.context.sources import Sources

_MOST_FOLDERS = 50
"""In which one bare name is looked for."""


@dataclass(frozen=True, slots=True)
class Guideline:
    """The team's rules: a file at the tip of the base branch, or words of the policy."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What the team wants. `learned`: what its people taught, see `workers.context.learnings`."""

    guidelines: Sequence[Guideline] = ()
    learned: str = ""


def applicable_guidelines(
    paths: Sequence[str], wanted: Sequence[str], sources: Sources, tip: Sha, most_lines: int = 200
) -> tuple[Guideline, ...]:
    """The named files at the base tip: as written, and (for a bare name) nearest to each file."""
    found: dict[str, Guideline] = {}
    for name in wanted:
        for candidate in _candidates(name, paths):
            lines = sources.lines(tip, candidate)
            if lines is not None and candidate not in found:
                found[candidate] = Guideline(candidate, "\n".join(lines[:most_lines]).strip())
    return tuple(rule for rule in found.values() if rule.text)


def _candidates(name: str, paths: Sequence[str]) -> list[str]:
    if "/" in name:
        return [name]
    folders = {""}
    for path in paths:
        parts = path.split("/")[:-1]
        folders |= {"/".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
    return [f"{folder}/{name}".lstrip("/") for folder in sorted(folders)][:_MOST_FOLDERS]


def policy_guidelines(paths: Sequence[str], policy: Policy) -> tuple[Guideline, ...]:
    """The words that the policy's path rules have for some of these files."""
    return tuple(
        Guideline(f"the policy for {', '.join(rule.match)}", rule.guidelines.strip())
        for rule in policy.paths
        if rule.guidelines.strip() and any(matches(rule.match, path) for path in paths)
    )
