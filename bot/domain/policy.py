"""What admins tune: when to review, what to post, what to read. Pure values; parsed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.domain.budget import Allowance
from bot.domain.commands import Verb
from bot.domain.finding import Category, Severity

Effort = Literal["light", "standard", "deep"]
ReviewOn = Literal["opened", "ready", "pushed"]
FailOn = Literal["none", "P0", "P1", "P2", "P3", "broken_promise"]
Asker = Literal["write", "author", "triage", "read"]
"""Who may ask for something: whoever has write access; or opened the pull request; or has triage
access; or has read access, which on a public repository is everybody. Each allows those before."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Pull requests that are not reviewed unasked. `paths`: every changed file matches one."""

    authors: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    base_branches: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """When a review is made without being asked for."""

    on: tuple[ReviewOn, ...] = ("opened", "ready", "pushed")
    drafts: bool = False
    effort: Effort | Literal["auto"] = "auto"
    skip: Skip = field(default_factory=Skip)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A finding is posted inline at or above all bars. None: inherit. `off`: never posted.

    `minor_confidence`: what P2 and P3 must reach beside `confidence`.
    """

    severity: Severity | None = None
    confidence: float | None = None
    minor_confidence: float | None = None
    off: bool = False


@dataclass(frozen=True, slots=True)
class Caps:
    """Most inline comments in one review and over the life of a pull request; P0 is exempt."""

    per_review: int = 5
    per_pull_request: int = 12


@dataclass(frozen=True, slots=True)
class Budget:
    """Caps on what models may cost; they only lower what the operator allows.

    `per_day`: all reviews and answers of the repository, in a day of UTC.
    """

    per_review: Allowance = field(default_factory=Allowance)
    per_day: Allowance = field(default_factory=Allowance)


@dataclass(frozen=True, slots=True)
class PathRule:
    """Settings for paths that match one of the gitignore-style patterns; the last match wins."""

    match: tuple[str, ...]
    thresholds: Thresholds = field(default_factory=Thresholds)
    guidelines: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The resolved policy of one review.

    `problems` lists what was wrong with a policy file that could not be used (then these are the
    defaults); each names file, line, key and remedy. `sources` maps a dotted key to where its
    value came from ("built-in", "operator", ".github/plumbline.yml", "flag", ...).
    """

    when: When = field(default_factory=When)
    severity: Severity = Severity.P2
    confidence: float = 0.7
    minor_confidence: float = 0.9
    caps: Caps = field(default_factory=Caps)
    categories: dict[Category, Thresholds] = field(default_factory=dict)
    paths: tuple[PathRule, ...] = ()
    ignore: tuple[str, ...] = ()
    never_send: tuple[str, ...] = ()
    guidelines: tuple[str, ...] = ("AGENTS.md",)
    fail_on: FailOn = "none"
    budget: Budget = field(default_factory=Budget)
    allow: dict[Verb, Asker] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    sources: dict[str, str] = field(default_factory=dict)
