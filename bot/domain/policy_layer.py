"""One source of policy settings: a file, the operator, or the command line. None: not set there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.commands import Verb
from bot.domain.finding import Category, Severity
from bot.domain.policy import Asker, Budget, Effort, FailOn, PathRule, ReviewOn, Thresholds

FLAG = "flag"
BUILT_IN = "built-in"


@dataclass(frozen=True, slots=True)
class PolicyLayer:
    """The settings that one source makes. With `problems`, nothing of the layer is used.

    `source` is shown to people: "built-in", "operator", the file's path, "flag".
    """

    source: str
    on: tuple[ReviewOn, ...] | None = None
    drafts: bool | None = None
    effort: Effort | Literal["auto"] | None = None
    skip_authors: tuple[str, ...] | None = None
    skip_labels: tuple[str, ...] | None = None
    skip_titles: tuple[str, ...] | None = None
    skip_base_branches: tuple[str, ...] | None = None
    skip_paths: tuple[str, ...] | None = None
    severity: Severity | None = None
    confidence: float | None = None
    minor_confidence: float | None = None
    per_review: int | None = None
    per_pull_request: int | None = None
    categories: Mapping[Category, Thresholds] = field(default_factory=dict)
    paths: tuple[PathRule, ...] = ()
    ignore: tuple[str, ...] | None = None
    never_send: tuple[str, ...] | None = None
    guidelines: tuple[str, ...] | None = None
    fail_on: FailOn | None = None
    budget: Budget | None = None
    allow: Mapping[Verb, Asker] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
