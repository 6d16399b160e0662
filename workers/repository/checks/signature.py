"""A function's parameters changed, and a call that fitted before no longer does.

Documented in docs/checks/signature.md.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from bot.domain.finding import Finding
from workers.repository.checks.broken_site import BrokenSite, counted, places
from workers.repository.checks.inspection import Inspection
from workers.repository.checks.python_calls import (
    EditedFunction,
    KnownCall,
    edited_finding,
    edited_functions,
    known_calls,
    other_parameters,
    verdict,
)
from workers.repository.checks.python_files import PythonFiles
from workers.repository.checks.verdicts import Judged
from workers.repository.python.binding import MISSING, Arguments, Shape, misfit

KIND = "signature"


def changed_signatures(inspection: Inspection) -> list[Finding]:
    """One finding for each changed signature that leaves a call behind."""
    files = inspection.python
    edited = edited_functions(files, KIND, other_parameters, "changed its parameters")
    for entry, call in known_calls(files, edited):
        _judge(entry, call, inspection.judged)
    return [_finding(files, entry) for entry in edited if entry.broken]


def _judge(entry: EditedFunction, call: KnownCall, judged: Judged) -> None:
    passed = Arguments.of(call.call)
    if passed is None:
        verdict(entry, call, "not_inspected", "passes *args or **kwargs", judged)
        return
    now = misfit(Shape.of(entry.after.args, call.bound), passed)
    if not now or call.guard:
        verdict(entry, call, "safe", call.guard if now else f"still binds: {passed}", judged)
    elif misfit(Shape.of(entry.before.args, call.bound), passed):
        verdict(entry, call, "not_inspected", "did not fit before either", judged)
    else:
        verdict(entry, call, "broken", now, judged)


def _finding(files: PythonFiles, entry: EditedFunction) -> Finding:
    sites = entry.sites
    body = (
        f"`{entry.name}` now takes `({ast.unparse(entry.after.args)})`, before "
        f"`({ast.unparse(entry.before.args)})`. These calls fitted and no longer do; Python raises "
        f"`TypeError` when they run:\n\n{places(sites)}\n\n"
        f"Smallest fix: adapt these calls, or {_other_fix(sites)}."
    )
    calls = "calls" if len(sites) == 1 else "call"
    title = f"`{entry.name}` changed its parameters, {counted(sites)} still {calls} it the old way"
    return edited_finding(files, KIND, entry, title, body)


def _other_fix(sites: Sequence[BrokenSite]) -> str:
    """A default helps only calls that pass too little."""
    if all(site.why.startswith(MISSING) for site in sites):
        return "give the new parameter a default"
    return "keep taking the old arguments"
