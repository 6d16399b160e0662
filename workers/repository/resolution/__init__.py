"""From what an import says to the file that it means, by the rules of each language.

Only files of the repository are named; what is installed from elsewhere resolves to nothing.
A new language is one file here and one line in `BY_LANGUAGE`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workers.repository.outline import Outline
from workers.repository.resolution import csharp, go, includes, javascript, jvm, php, ruby, rust
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
    packages: bool = False
    """Whether a module is made of files each of which holds the names that it defines."""


_SCRIPT = Imports(javascript.resolve)
BY_LANGUAGE: dict[str, Imports] = {
    "python": Imports(resolve_python),
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "tsx": _SCRIPT,
    "ruby": Imports(ruby.resolve, ruby.visible, everywhere=True),
    "php": Imports(php.resolve, php.visible, everywhere=True),
    "go": Imports(go.resolve, go.visible, packages=True),
    **dict.fromkeys(("java", "kotlin"), Imports(jvm.resolve, jvm.visible, packages=True)),
    "csharp": Imports(csharp.resolve, csharp.visible, packages=True),
    "rust": Imports(rust.resolve),
    **dict.fromkeys(("c", "cpp"), Imports(includes.resolve, includes.visible, packages=True)),
}


def resolve(
    language: str, layout: Layout, importer: str, module: str, name: str = ""
) -> tuple[str, ...]:
    """The files of the imported module, with `name` those that may define it; none if unknown."""
    rule = BY_LANGUAGE.get(language)
    if rule is None:
        return ()
    found = rule.module(layout, importer, module)
    return narrowed(language, layout, found, name) if name else found


def narrowed(language: str, layout: Layout, files: Sequence[str], name: str) -> tuple[str, ...]:
    """Those files of a module that may define the name; all where a re-export may."""
    rule = BY_LANGUAGE.get(language)
    packages = rule is not None and rule.packages
    return layout.holding(files, name) if packages else tuple(files)


def visible(layout: Layout, path: str, outline: Outline, name: str) -> tuple[str, ...]:
    """The other files in which this file sees a name without importing it."""
    rule = BY_LANGUAGE.get(outline.language)
    if rule is None:
        return ()
    known = layout.once(_nothing_seen)
    if (path, name) not in known:
        known[path, name] = _visible(rule, layout, path, outline, name)
    return known[path, name]


def _nothing_seen(layout: Layout) -> dict[tuple[str, str], tuple[str, ...]]:
    del layout
    return {}


def _visible(
    rule: Imports, layout: Layout, path: str, outline: Outline, name: str
) -> tuple[str, ...]:
    found = [file for file in rule.visible(layout, path, outline, name) if file != path]
    return narrowed(outline.language, layout, found, name)


def seen_everywhere(language: str) -> bool:
    """Whether files of this language see each other's names without saying so."""
    rule = BY_LANGUAGE.get(language)
    return rule is not None and rule.everywhere
