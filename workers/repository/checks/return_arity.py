"""A function returns a tuple of another length, and a call still unpacks the old one.

Documented in docs/checks/return_arity.md.
"""

from __future__ import annotations

import ast

from bot.domain.finding import Evidence, Finding
from workers.repository.checks.broken_site import Contract, counted, finding, places, quote
from workers.repository.checks.call_context import CallContext, call_context
from workers.repository.checks.inspection import Inspection
from workers.repository.checks.python_calls import (
    EditedFunction,
    KnownCall,
    edited_functions,
    known_calls,
    verdict,
)
from workers.repository.checks.python_files import PythonFiles
from workers.repository.checks.verdicts import Judged
from workers.repository.python.module import Function, own_nodes
from workers.repository.snapshot import Snapshot

KIND = "return_arity"


def changed_return_arities(inspection: Inspection) -> list[Finding]:
    """One finding for each function whose tuple changed its length under an unpacking call."""
    files = inspection.python
    edited = edited_functions(files, KIND, _other_arity, "returns a tuple of another length")
    for entry, call in known_calls(files, edited):
        module = files.after.modules.at(call.path)
        context = call_context(module, call.call) if module is not None else None
        if context is not None:
            _judge(entry, call, context, inspection.judged)
    return [_finding(files, entry) for entry in edited if entry.broken]


def _other_arity(old: Function, new: Function) -> bool:
    if isinstance(old, ast.AsyncFunctionDef) != isinstance(new, ast.AsyncFunctionDef):
        return False
    before, after = arity(old), arity(new)
    return before is not None and after is not None and before != after


def arity(node: Function) -> int | None:
    """The length of the tuple that every `return` gives; None where one gives anything else.

    The end of the body must be a `return` or `raise`: to fall off it would return None.
    """
    inside = list(own_nodes(node))
    if any(isinstance(child, ast.Yield | ast.YieldFrom) for child in inside):
        return None
    if not isinstance(node.body[-1], ast.Return | ast.Raise):
        return None
    lengths = {_length(child.value) for child in inside if isinstance(child, ast.Return)}
    return lengths.pop() if len(lengths) == 1 else None


def _length(value: ast.expr | None) -> int | None:
    if not isinstance(value, ast.Tuple):
        return None
    return None if any(isinstance(item, ast.Starred) for item in value.elts) else len(value.elts)


def _judge(entry: EditedFunction, call: KnownCall, context: CallContext, judged: Judged) -> None:
    needs_await = isinstance(entry.after, ast.AsyncFunctionDef)
    if needs_await != context.awaited:
        return
    taken = context.past_await().unpacked_into()
    if taken is None or taken != arity(entry.before):
        return
    gives = arity(entry.after)
    why = f"it unpacks {taken} values, {gives} come"
    verdict(entry, call, "safe" if call.guard else "broken", call.guard or why, judged)


def _finding(files: PythonFiles, entry: EditedFunction) -> Finding:
    sites = entry.sites
    body = (
        f"`{entry.name}` now returns a tuple of {arity(entry.after)}, before of "
        f"{arity(entry.before)}. These calls unpack the old one; Python raises `ValueError` when "
        f"they run:\n\n{places(sites)}\n\nSmallest fix: unpack what is returned now."
    )
    definition = _returned(files.after.snapshot, entry.file.path, entry.after)
    return finding(
        Contract(KIND, entry.name, entry.file, "RIGHT", definition.line),
        title=f"`{entry.name}` returns {arity(entry.after)} values instead of "
        f"{arity(entry.before)}, {counted(sites)} still "
        + ("unpacks" if len(sites) == 1 else "unpack")
        + f" {arity(entry.before)}",
        body=body,
        trigger=f"Python runs {sites[0].path}:{sites[0].line}",
        definitions=[_returned(files.before.snapshot, entry.path, entry.before), definition],
        sites=sites,
        after=files.after.snapshot,
    )


def _returned(snapshot: Snapshot, path: str, node: Function) -> Evidence:
    """The first `return` of the function itself."""
    lines = [child.lineno for child in own_nodes(node) if isinstance(child, ast.Return)]
    return quote(snapshot, path, min(lines), min(lines))
