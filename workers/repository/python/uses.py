"""Where a Python module imports, reads or calls names that are not its own locals.

Scopes are followed, so a shadowed name is no use. Annotations are left out: they need not run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from workers.repository.python.module import (
    Function,
    PythonModule,
    own_nodes,
    spans,
    written_module,
)
from workers.repository.python.receivers import Instance, attributes, receiver_name
from workers.repository.python.scopes import (
    Imported,
    Scope,
    function_scope,
    names_of,
    reference,
)
from workers.repository.python.use import ModuleImport, ModuleUses, NameUse, SelfUse

_CONDITIONS = (
    "version",
    "TYPE_CHECKING",
    "hasattr",
    "PY3",
    "PY2",
    "platform",
    "find_spec",
    "compat",
)
_EXPECTED = ("raises", "suppress", "assertRaises", "assertRaisesRegex", "warns", "deprecated_call")


def module_uses(module: PythonModule, words: Collection[str]) -> ModuleUses:
    """Read the uses that stand in statements with one of these words, or with a name for it."""
    reader = _Reader(module, _lines_with(module, words))
    reader.visit_all(module.tree.body)
    return ModuleUses(tuple(reader.imports), tuple(reader.names), tuple(reader.selves))


def _lines_with(module: PythonModule, words: Collection[str]) -> list[int]:
    """The lines that hold a word, or what an import statement calls it here."""
    named = "|".join(map(re.escape, words))
    text = "\n".join(module.lines)
    aliases = re.findall(rf"\b(?:{named})\s+as\s+(\w+)", text) if named else []
    sought = re.compile(rf"\b(?:{'|'.join([named, *aliases])})\b")
    return [at for at, line in enumerate(module.lines, 1) if named and sought.search(line)]


class _Reader:
    """Walks the statements on the lines wanted, with the scopes and guards around them."""

    def __init__(self, module: PythonModule, lines: list[int]) -> None:
        self._lines = lines
        self.imports: list[ModuleImport] = []
        self.names: list[NameUse] = []
        self.selves: list[SelfUse] = []
        self._globals = names_of(module.top)
        self._scopes: list[Scope] = []
        self._guards: list[str] = []
        self._classes: list[str] = []
        self._attributes: list[dict[str, Instance]] = []
        self._functions: list[str] = []
        if any("importorskip" in line or "allow_module_level" in line for line in module.lines):
            self._guards.append("the file may skip itself")

    def visit_all(self, nodes: Sequence[ast.AST]) -> None:
        for node in nodes:
            if not isinstance(node, ast.stmt) or spans(node, self._lines):
                self.visit(node)

    def visit(self, node: ast.AST) -> None:
        match node:
            case ast.Import() | ast.ImportFrom():
                self._import(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node)
            case ast.ClassDef():
                self._class(node)
            case ast.Try():
                self._try(node)
            case ast.If() | ast.IfExp():
                self._if(node)
            case ast.With() | ast.AsyncWith():
                self._with(node)
            case _:
                self._expression(node)

    def _expression(self, node: ast.AST) -> None:
        match node:
            case ast.Lambda():
                with self._scope(function_scope(node)):
                    self.visit(node.body)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                with self._scope(Scope(names_of(list(own_nodes(node))), False)):
                    self.visit_all(list(ast.iter_child_nodes(node)))
            case ast.AnnAssign():
                self.visit_all([part for part in (node.target, node.value) if part is not None])
            case ast.Call():
                self._dotted(node.func, node)
                self.visit_all([*node.args, *(entry.value for entry in node.keywords)])
            case ast.Attribute() | ast.Name():
                self._dotted(node, None)
            case _:
                self.visit_all(list(ast.iter_child_nodes(node)))

    @property
    def _guard(self) -> str:
        return self._guards[-1] if self._guards else ""

    @contextmanager
    def _guarded(self, why: str) -> Iterator[None]:
        if why:
            self._guards.append(why)
        yield
        if why:
            self._guards.pop()

    @contextmanager
    def _scope(self, scope: Scope) -> Iterator[None]:
        self._scopes.append(scope)
        yield
        self._scopes.pop()

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for entry in node.names:
            if isinstance(node, ast.ImportFrom):
                imported = Imported(written_module(node), entry.name)
            else:
                imported = Imported(entry.name, "")
            self.imports.append(ModuleImport(imported, entry.lineno, self._guard))

    def _function(self, node: Function) -> None:
        self.visit_all([*node.decorator_list, *_defaults(node.args)])
        marks = " ".join(ast.unparse(mark) for mark in node.decorator_list)
        skipped = "skip" in marks or "xfail" in marks
        self._functions.append(node.name)
        scope = function_scope(node)
        if self._scopes and self._scopes[-1].is_class:
            scope.receiver = receiver_name(node)
        with self._guarded("a skipped test" if skipped else ""), self._scope(scope):
            self.visit_all(node.body)
        self._functions.pop()

    def _class(self, node: ast.ClassDef) -> None:
        self.visit_all([*node.decorator_list, *node.bases, *node.keywords])
        nested = bool(self._functions) or bool(self._classes)
        self._classes.append("" if nested else node.name)
        self._attributes.append(attributes(node))
        with self._scope(Scope(names_of(list(own_nodes(node))), True)):
            self.visit_all(node.body)
        self._classes.pop()
        self._attributes.pop()

    def _try(self, node: ast.Try) -> None:
        caught = ", ".join(
            "everything" if handler.type is None else ast.unparse(handler.type)
            for handler in node.handlers
        )
        with self._guarded(f"inside try/except {caught}" if caught else ""):
            self.visit_all(node.body)
        with self._guarded("an alternative in a try statement" if caught else ""):
            self.visit_all([*node.handlers, *node.orelse])
        self.visit_all(node.finalbody)

    def _if(self, node: ast.If | ast.IfExp) -> None:
        test = ast.unparse(node.test)
        conditional = any(word in test for word in _CONDITIONS)
        self.visit(node.test)
        body = node.body if isinstance(node.body, list) else [node.body]
        orelse = node.orelse if isinstance(node.orelse, list) else [node.orelse]
        with self._guarded(f"only under `if {test[:60]}`" if conditional else ""):
            self.visit_all([*body, *orelse])

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        self.visit_all(list(node.items))
        text = " ".join(ast.unparse(item.context_expr) for item in node.items)
        expected = any(f"{word}(" in text for word in _EXPECTED)
        with self._guarded("a failure is expected here" if expected else ""):
            self.visit_all(node.body)

    def _dotted(self, node: ast.expr, call: ast.Call | None) -> None:
        chain: list[str] = []
        base = node
        while isinstance(base, ast.Attribute):
            chain.insert(0, base.attr)
            base = base.value
        if isinstance(base, ast.Name):
            if not isinstance(node, ast.Name | ast.Attribute) or isinstance(node.ctx, ast.Load):
                self._named(base.id, tuple(chain), node, call)
            return
        if isinstance(base, ast.Call) and chain:
            self._made(base, tuple(chain), node, call)
        self.visit(base)

    def _made(
        self, base: ast.Call, chain: tuple[str, ...], node: ast.expr, call: ast.Call | None
    ) -> None:
        """`super().method`, or `Foo(...).method`: the class is known by its constructor."""
        if isinstance(base.func, ast.Name) and base.func.id == "super" and not base.args:
            if self._receiver() is not None:
                self._own(chain, node, call, after_self=True)
            return
        self._instance(Instance(base.func, True), chain, node, call)

    def _own(
        self, chain: tuple[str, ...], node: ast.expr, call: ast.Call | None, after_self: bool
    ) -> None:
        called = call if len(chain) == 1 else None
        if self._classes and self._classes[-1]:
            self.selves.append(
                SelfUse(self._classes[-1], chain[0], *_span(node), self._guard, called, after_self)
            )

    def _instance(
        self, instance: Instance, chain: tuple[str, ...], node: ast.expr, call: ast.Call | None
    ) -> None:
        parts = reference(instance.class_)
        if parts:
            called = call if len(chain) == 1 else None
            self._record(parts[0], (*parts[1:], chain[0]), node, called, instance)

    def _named(
        self, name: str, chain: tuple[str, ...], node: ast.expr, call: ast.Call | None
    ) -> None:
        if chain and name == self._receiver():
            self._own(chain, node, call, after_self=False)
            attribute = self._attributes[-1].get(chain[0])
            if attribute is not None and len(chain) > 1:
                self._instance(attribute, chain[1:], node, call)
        instance = self._local(name)
        if instance is not None and chain:
            self._instance(instance, chain, node, call)
            return
        self._record(name, chain, node, call, None)

    def _receiver(self) -> str | None:
        """The name of the innermost method's own object; None where a function hides it."""
        hidden: set[str] = set()
        for scope in reversed(self._scopes):
            if scope.receiver or scope.is_class:
                return None if scope.receiver in hidden else scope.receiver or None
            hidden |= set(scope.names)
        return None

    def _local(self, name: str) -> Instance | None:
        """What a local name is known to hold, here or in a function around."""
        for depth, scope in enumerate(reversed(self._scopes)):
            if name in scope.instances:
                return scope.instances[name]
            if name in scope.names and (depth == 0 or not scope.is_class):
                return None
        return None

    def _record(
        self,
        name: str,
        chain: tuple[str, ...],
        node: ast.expr,
        call: ast.Call | None,
        instance: Instance | None,
    ) -> None:
        known, imported = self._looked_up(name)
        if not known:
            return
        inside = ".".join(part for part in (*self._classes, *self._functions) if part)
        self.names.append(
            NameUse(
                name,
                imported,
                chain,
                *_span(node),
                self._guard,
                call,
                inside,
                typed=instance is not None,
                exact=instance is not None and instance.exact,
            )
        )

    def _looked_up(self, name: str) -> tuple[bool, Imported | None]:
        """(is it an import or a global, what it was imported as)."""
        for depth, scope in enumerate(reversed(self._scopes)):
            if name in scope.names and (depth == 0 or not scope.is_class):
                imported = scope.names[name]
                return imported is not None, imported
        return True, self._globals.get(name)


def _span(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.end_lineno or node.lineno


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *(entry for entry in arguments.kw_defaults if entry is not None)]
