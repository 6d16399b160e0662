"""What a Python statement does with the result of a call: awaits it, drops it, takes it apart."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from workers.repository.python.module import PythonModule, nodes_near


@dataclass(frozen=True, slots=True)
class CallContext:
    """The nodes around a call, innermost first, up to its statement."""

    around: tuple[ast.AST, ...]
    call: ast.expr

    @property
    def parent(self) -> ast.AST:
        """What holds the call directly."""
        return self.around[0]

    @property
    def awaited(self) -> bool:
        """Whether `await` stands before it."""
        return isinstance(self.parent, ast.Await)

    def past_await(self) -> CallContext:
        """The context of `await call()` instead of `call()`, where it is awaited."""
        if isinstance(self.parent, ast.Await) and len(self.around) > 1:
            return CallContext(self.around[1:], self.parent)
        return self

    def unpacked_into(self) -> int | None:
        """The number of names in `a, b = call()`; None for a star, and for anything else."""
        match self.parent:
            case ast.Assign(targets=[ast.Tuple(elts=names) | ast.List(elts=names)], value=value):
                starred = any(isinstance(name, ast.Starred) for name in names)
                return len(names) if value is self.call and not starred else None
        return None


def call_context(module: PythonModule, call: ast.Call) -> CallContext | None:
    """The nodes around a call of this module; None where it has none, which no source text has."""
    holder: dict[ast.AST, ast.AST] = {}
    for node in nodes_near(module.tree, [call.lineno]):
        for child in ast.iter_child_nodes(node):
            holder[child] = node
    around: list[ast.AST] = []
    current: ast.AST | None = holder.get(call)
    while current is not None:
        around.append(current)
        if isinstance(current, ast.stmt):
            break
        current = holder.get(current)
    return CallContext(tuple(around), call) if around else None
