"""What plain code sees around a change and cannot judge: one line each, for the model to decide.

Documented in docs/checks/evidence.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from bot.domain.review import Fact
from workers.repository.checks.evidence.config_key import dropped_config_keys
from workers.repository.checks.evidence.enum_member import unhandled_members
from workers.repository.checks.evidence.migration import models_without_migration
from workers.repository.checks.evidence.new_setting import unlisted_settings
from workers.repository.checks.evidence.old_literal import old_literals
from workers.repository.checks.evidence.override import overrides_left_behind
from workers.repository.checks.evidence.raised import uncaught_errors
from workers.repository.checks.inspection import Inspection
from workers.repository.checks.named_path import paths_in_prose
from workers.repository.checks.setting_key import settings_without_sample

EVIDENCE: tuple[Callable[[Inspection], Iterator[Fact]], ...] = (
    overrides_left_behind,
    unhandled_members,
    uncaught_errors,
    settings_without_sample,
    unlisted_settings,
    dropped_config_keys,
    models_without_migration,
    paths_in_prose,
    old_literals,
)
MOST = 6
"""Facts of one kind: the graph selects, it does not pad."""


def evidence(inspection: Inspection) -> Iterator[Fact]:
    """The facts of every kind, in the order of what they are likely to decide."""
    for kind in EVIDENCE:
        if not inspection.late():
            yield from islice(kind(inspection), MOST)
