"""From what an import says to the file that it means, by the rules of each language.

Only files of the repository are named; what is installed from elsewhere resolves to nothing.
A new language is one file here and one line in `BY_LANGUAGE`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workers.repository.outline import Outline
from workers.repository.resolution import compiled, javascript, php, ruby
from workers.repository.resolution.layout import Layout
from workers.repository.resolution.python import resolve as resolve_python

Resolve = Callable[[Layout, str, str], tuple[str, ...]]
"""(layout, importing path, module as written) -> the files that the module is made of."""
Visible = Callable[[Layout, str, Outline, str], tuple[str, ...]]
"""(layout, path, its outline, name) -> the files in which a name that no import binds may be
defined, nearest first: those of the same package, or where a naming convention puts it."""


def _nowhere(layout: Layout, path: str, outline: Outline, name: str) -> tuple[str, ...]:
    del layout, path, outline, name
    return ()


@dataclass(frozen=True, slots=True)
class Imports:
    """How one language finds a module that is imported, and a name that needs no import.

    With `everywhere`, a top-level name is seen from any file, wherever it is defined: once some
    file has loaded it, all share it.
    """

    module: Resolve
    visible: Visible = _nowhere
    everywhere: bool = False


_SCRIPT = Imports(javascript.resolve)
BY_LANGUAGE: dict[str, Imports] = {
    "python": Imports(resolve_python),
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "tsx": _SCRIPT,
    "ruby": Imports(ruby.resolve, ruby.visible, everywhere=True),
    "php": Imports(php.resolve, php.visible, everywhere=True),
    "go": Imports(compiled.resolve_go, compiled.visible_go),
}


def resolve(language: str, layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The files of the imported module; none where it cannot be said."""
    rule = BY_LANGUAGE.get(language)
    return rule.module(layout, importer, module) if rule is not None else ()


def visible(layout: Layout, path: str, outline: Outline, name: str) -> tuple[str, ...]:
    """The other files in which this file sees a name without importing it."""
    rule = BY_LANGUAGE.get(outline.language)
    found = rule.visible(layout, path, outline, name) if rule is not None else ()
    return tuple(other for other in found if other != path)


def seen_everywhere(language: str) -> bool:
    """Whether files of this language see each other's names without saying so."""
    rule = BY_LANGUAGE.get(language)
    return rule is not None and rule.everywhere
