"""A function became `async`, and a call still uses its result as if it were there at once.

Documented in docs/checks/became_async.md.
"""

from __future__ import annotations

import ast

from bot.domain.finding import Finding
from workers.repository.checks.broken_site import counted, places
from workers.repository.checks.call_context import CallContext, call_context
from workers.repository.checks.inspection import Inspection
from workers.repository.checks.python_calls import (
    EditedFunction,
    edited_finding,
    edited_functions,
    known_calls,
    verdict,
)
from workers.repository.checks.python_files import PythonFiles
from workers.repository.python.module import Function, own_nodes

KIND = "became_async"
_ITERATES = (
    "list", "tuple", "set", "frozenset", "dict", "sorted", "sum", "any", "all", "next", "iter",
    "enumerate", "zip", "map", "filter", "min", "max", "reversed", "len",
)  # fmt: skip
_OF_COROUTINES = ("send", "throw", "close", "__await__", "cr_await", "cr_frame", "cr_code")


def became_async(inspection: Inspection) -> list[Finding]:
    """One finding for each function that became async and leaves a plain call behind."""
    files = inspection.python
    edited = edited_functions(files, KIND, _became_async, "became async")
    for entry, call in known_calls(files, edited):
        module = files.after.modules.at(call.path)
        context = call_context(module, call.call) if module is not None else None
        if context is None or context.awaited:
            verdict(entry, call, "safe", "it is awaited", inspection.judged)
            continue
        why = _iterated(context) if _yields(entry.after) else _taken_as_value(context)
        if not why:
            unknown = "the coroutine may be awaited elsewhere"
            verdict(entry, call, "not_inspected", unknown, inspection.judged)
        else:
            verdict(
                entry,
                call,
                "safe" if call.guard else "broken",
                call.guard or why,
                inspection.judged,
            )
    return [_finding(files, entry) for entry in edited if entry.broken]


def _became_async(old: Function, new: Function) -> bool:
    was_plain = isinstance(old, ast.FunctionDef) and isinstance(new, ast.AsyncFunctionDef)
    return was_plain and _yields(old) == _yields(new) and not _gives_awaitable(old)


def _gives_awaitable(node: Function) -> bool:
    """A plain function that handed on a coroutine: its callers await it already."""
    written = ast.unparse(node.returns) if node.returns is not None else ""
    if any(word in written for word in ("Awaitable", "Coroutine", "Future", "Task")):
        return True
    returned = [child for child in own_nodes(node) if isinstance(child, ast.Return)]
    return any(isinstance(child.value, ast.Call | ast.Name) for child in returned) and bool(
        [child for child in ast.walk(node) if isinstance(child, ast.AsyncFunctionDef)]
    )


def _yields(node: Function) -> bool:
    return any(isinstance(child, ast.Yield | ast.YieldFrom) for child in own_nodes(node))


def _taken_as_value(context: CallContext) -> str:
    """Why a coroutine cannot stand here; "" where it may be awaited later."""
    why = _iterated(context)
    match context.parent:
        case ast.Expr():
            why = "the call is not awaited, so its body never runs"
        case ast.Attribute(attr=name) if name not in _OF_COROUTINES:
            why = f"it takes `.{name}` of a coroutine"
        case ast.Compare():
            why = "it compares a coroutine"
        case ast.BinOp() | ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Invert()):
            why = "it calculates with a coroutine"
        case ast.UnaryOp(op=ast.Not()) | ast.If() | ast.While() | ast.Assert():
            why = "a coroutine is always true"
        case ast.IfExp(test=test) if test is context.call:
            why = "a coroutine is always true"
        case ast.FormattedValue():
            why = "it formats a coroutine"
        case ast.withitem():
            why = "a coroutine is no context manager"
    return why


def _iterated(context: CallContext) -> str:
    """Why this fails for what only `async for` can read; "" where nothing is certain."""
    why = "it unpacks an async result" if context.unpacked_into() is not None else ""
    match context.parent:
        case (
            ast.For(iter=value)
            | ast.comprehension(iter=value, is_async=0)
            | ast.YieldFrom(value=value)
            | ast.Starred(value=value)
        ) if value is context.call:
            why = "only `async for` can read an async result"
        case ast.Call(func=ast.Name(id=name), args=[first, *_]):
            if name in _ITERATES and first is context.call:
                why = f"`{name}()` cannot read an async result"
        case ast.Subscript(value=value) if value is context.call:
            why = "it takes an item of an async result"
    return why


def _finding(files: PythonFiles, entry: EditedFunction) -> Finding:
    sites = entry.sites
    generator = _yields(entry.after)
    gives = "an async generator" if generator else "a coroutine"
    body = (
        f"`{entry.name}` is now `async`: a call gives {gives}. These use the result at once:\n\n"
        f"{places(sites)}\n\nSmallest fix: "
        + ("read it with `async for`" if generator else "`await` these calls")
        + ", or keep a synchronous version for them."
    )
    uses = "uses" if len(sites) == 1 else "use"
    title = f"`{entry.name}` became async, {counted(sites)} still {uses} it as a plain function"
    return edited_finding(files, KIND, entry, title, body)
