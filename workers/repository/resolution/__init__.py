"""From what an import says to the file that it means, by the rules of each language.

Only files of the repository are named; what is installed from elsewhere resolves to nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from workers.repository.resolution import compiled, javascript
from workers.repository.resolution.layout import Layout
from workers.repository.resolution.python import resolve as resolve_python

Resolve = Callable[[Layout, str, str], tuple[str, ...]]
"""(layout, importing path, module as written) -> the files that the module is made of."""

_BY_LANGUAGE: dict[str, Resolve] = {
    "python": resolve_python,
    **dict.fromkeys(("javascript", "typescript", "tsx"), javascript.resolve),
    "go": compiled.resolve_go,
}


def resolve(language: str, layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The files of the imported module; none where it cannot be said."""
    rule = _BY_LANGUAGE.get(language)
    return rule(layout, importer, module) if rule is not None else ()
