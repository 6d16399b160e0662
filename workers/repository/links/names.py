"""Names of changed definitions as strings spell them: entry points, plug-ins, patched tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.repository.graph import ChangedSymbol, Definition

_JVM_ROOT = re.compile(r"^(?:.*/)?(?:java|kotlin|scala|groovy)/(?=[\w/]+\.\w+$)")
_PYTHON_ROOT = re.compile(r"^(?:src|lib)/")


def dotted_names(symbol: ChangedSymbol) -> Iterator[str]:
    """`pkg.mod.name` and `pkg.mod:name` of Python, `com.acme.Type` of the JVM; else nothing."""
    for definition in (symbol.before, symbol.after):
        if definition is not None:
            yield from _spellings(definition)


def _spellings(definition: Definition) -> Iterator[str]:
    path, name = definition.path, definition.name
    if path.endswith(".py"):
        module = _PYTHON_ROOT.sub("", path).removesuffix(".py").removesuffix("/__init__")
        module = module.replace("/", ".")
        yield f"{module}.{name}"
        yield f"{module}:{name}"
    elif path.endswith((".java", ".kt")) and _JVM_ROOT.match(path):
        package = _JVM_ROOT.sub("", path).rpartition("/")[0].replace("/", ".")
        yield f"{package}.{name}"
