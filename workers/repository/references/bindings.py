"""What a plain name is bound to at a place, by scopes and imports; values and types apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from workers.repository.outline import Import, Outline
from workers.repository.outlines import language_of
from workers.repository.references.meaning import Meaning
from workers.repository.references.package_names import imports_by_package_clause
from workers.repository.references.question_files import QuestionFiles
from workers.repository.references.scopes import is_hidden, scopes
from workers.repository.references.tracing import imported_as, imports_at
from workers.repository.resolution import narrowed, seen_everywhere, visible

_VISIBLE_FILES = 12


class Bindings(QuestionFiles):
    """Names of one snapshot, as the language looks them up: the nearest scope first."""

    def is_local(self, path: str, line: int, name: str) -> bool:
        """Whether a parameter or local variable of this name hides what the file imports."""
        return is_hidden(self.evidence(path, name), line)

    def bound(self, path: str, line: int, name: str) -> Iterable[Meaning]:
        """What a plain name that no local variable hides is bound to there."""
        outline = self.outline(path)
        inner, outer = imports_at(outline, name, line)
        if inner:
            return self._imported(path, inner)
        if not imported_as(outline, name):
            for prefix in scopes(outline, line):
                if self.defines(path, prefix + name):
                    return (Meaning(path, prefix + name),)
        if not outer and outline.language == "go":
            outer = imports_by_package_clause(self, path, name)
        if outer:
            return self._imported(path, outer)
        return self._unimported(path, line, name)

    def longest_import(self, path: str, names: Sequence[str]) -> tuple[tuple[Meaning, ...], int]:
        """`import a.b.c` binds a dotted name: the longest that fits, and how many names it took."""
        imports = self.outline(path).imports
        for length in range(len(names), 1, -1):
            dotted = ".".join(names[:length])
            entries = [entry for entry in imports if entry.alias == dotted]
            if entries:
                return tuple(self._imported(path, entries)), length
        return (), 0

    def in_module(self, path: str, name: str) -> tuple[Meaning, ...]:
        """What a module gives under this name, its submodules too."""
        if (path, name) in self.sought:
            return (Meaning(path, name),)
        language = language_of(path)
        layout = self.tracer.layout
        if language is None or not narrowed(language.name, layout, (path,), name):
            return ()
        origin = self.tracer.exported(path, name)
        if origin is None and path.endswith("__init__.py"):
            submodule = self.tracer.origin(path, Import(".", name, name, 0))
            origin = submodule if submodule is not None and not submodule.name else None
        return tuple(Meaning(other, origin.name) for other in origin.paths) if origin else ()

    def _imported(self, path: str, entries: Iterable[Import]) -> Iterator[Meaning]:
        for entry in entries:
            origin = self.tracer.origin(path, entry)
            if origin is not None:
                homes = {path for path, _ in self.sought}
                for other in sorted(origin.paths, key=lambda each: each not in homes):
                    yield Meaning(other, origin.name)
                    default = None if origin.name else self.tracer.required(other)
                    if default is not None:
                        yield Meaning(default.paths[0], default.name)

    def _unimported(self, path: str, line: int, name: str) -> Iterable[Meaning]:
        """By a star import, or by what the language sees without one."""
        outline = self.outline(path)
        if outline.language == "python" and any(
            entry.alias.startswith(f"{name}.") for entry in outline.imports
        ):  # `import a.b` binds `a`
            return self._imported(path, [Import(name, "", name, 0)])
        for entry in outline.imports:
            if entry.name.endswith("*") and not entry.exported:
                found = self._starred(path, entry, name)
                if found:
                    return found
        others = visible(self.tracer.layout, path, outline, name)
        simple = name.rpartition("\\")[2]
        for other in dict.fromkeys([*self._homes(outline, others), *others[:_VISIBLE_FILES]]):
            for prefix in scopes(outline, line):
                if self.defines(other, prefix + simple):
                    return (Meaning(other, prefix + simple),)
        return ()

    def _homes(self, outline: Outline, others: Collection[str]) -> Iterator[str]:
        """The files of what is asked about, where this file sees their names."""
        everywhere = seen_everywhere(outline.language)
        for path, _ in self.sought:
            home = self.outline(path)
            shared = home.language == outline.language and home.package in ("", outline.package)
            if path in others or (everywhere and shared):
                yield path

    def _starred(self, path: str, entry: Import, name: str) -> tuple[Meaning, ...]:
        """What `from x import *` brings in by that name, or `import static a.B.*` of a type."""
        origin = self.tracer.origin(path, entry)
        sought = entry.name.removesuffix("*") + name
        for other in origin.paths if origin is not None else ():
            found = self.in_module(other, sought)
            if found:
                return found
        return ()
