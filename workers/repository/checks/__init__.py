"""Contract checks: what a change breaks elsewhere, found without a model. One file a check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.domain.diff import ChangeSet
from bot.domain.finding import Fate, Finding
from bot.domain.review import Fact
from workers.repository.checks.abstract_method import unimplemented_abstract_methods
from workers.repository.checks.api_change import broken_apis
from workers.repository.checks.became_async import became_async
from workers.repository.checks.entry_point import broken_entry_points
from workers.repository.checks.evidence import evidence
from workers.repository.checks.inspection import Inspection
from workers.repository.checks.lock_and_manifest import lock_disagreements
from workers.repository.checks.named_path import named_paths
from workers.repository.checks.php_abstract import unimplemented_php_methods
from workers.repository.checks.php_class import removed_php_classes
from workers.repository.checks.proto_schema import broken_protos
from workers.repository.checks.removed_export import removed_exports
from workers.repository.checks.removed_method import removed_methods
from workers.repository.checks.removed_name import removed_names
from workers.repository.checks.return_arity import changed_return_arities
from workers.repository.checks.ruby_constant import removed_ruby_constants
from workers.repository.checks.script_async import became_async_script
from workers.repository.checks.setting_key import dropped_settings
from workers.repository.checks.signature import changed_signatures
from workers.repository.checks.verdicts import Judged
from workers.repository.checks.weakened_test import weakened_tests
from workers.repository.snapshot import Snapshot

CHECKS: tuple[Callable[[Inspection], list[Finding]], ...] = (
    removed_names,
    removed_methods,
    changed_signatures,
    became_async,
    changed_return_arities,
    unimplemented_abstract_methods,
    named_paths,
    broken_entry_points,
    dropped_settings,
    removed_exports,
    became_async_script,
    removed_php_classes,
    unimplemented_php_methods,
    removed_ruby_constants,
    broken_protos,
    broken_apis,
    lock_disagreements,
    weakened_tests,
)

MEASURED = (removed_names, changed_signatures, removed_exports)
"""Checks that post by themselves: at least twenty judged hits stand without an error
(docs/checks/README.md). The others inform the model, and are listed for the reader."""
_WHY_LISTED = "this check is still being measured, so it does not speak up by itself"


@dataclass(slots=True)
class Contracts:
    """What the checks found. `judged` tells broken from safe for each site they looked at.

    `facts` are what a model is to confirm or dismiss; `unparsed` are changed files that no check
    could read.
    """

    findings: tuple[Finding, ...] = ()
    facts: tuple[Fact, ...] = ()
    judged: Judged = field(default_factory=Judged)
    notes: list[str] = field(default_factory=list)
    unparsed: tuple[str, ...] = ()

    def why_not(self, path: str) -> str:
        """Why a site of this file's contract has no verdict."""
        if path.endswith(".py"):
            return "no static check decides this use"
        return "no static check for this language; its compiler or tests decide"


def run_checks(
    before: Snapshot,
    after: Snapshot,
    change: ChangeSet,
    skip: Callable[[str], bool],
    deadline: float,
) -> Contracts:
    """Run every check on one change."""
    inspection = Inspection.of(before, after, change, skip, deadline)
    found = [
        finding if check in MEASURED else _held_back(finding)
        for check in CHECKS
        for finding in check(inspection)
    ]
    facts = tuple(evidence(inspection))
    unparsed = tuple(inspection.python.unparsed())
    return Contracts(tuple(found), facts, inspection.judged, inspection.notes, unparsed)


def _held_back(finding: Finding) -> Finding:
    reason = finding.reason or _WHY_LISTED
    return replace(finding, fate=Fate.LISTED, reason=reason)
