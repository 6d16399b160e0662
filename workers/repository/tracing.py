"""Where an imported name comes from, through re-exports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workers.repository.outline import Import
from workers.repository.resolution import resolve
from workers.repository.resolution.layout import Layout
from workers.repository.snapshot import Snapshot

_HOPS = 5


@dataclass(frozen=True, slots=True)
class Origin:
    """The files an import means (one, or a Go package's) and the name in them ("": the module)."""

    paths: tuple[str, ...]
    name: str


class Tracer:
    """Follows imports through one snapshot. `also` are paths that existed before the change."""

    def __init__(self, snapshot: Snapshot, also: Iterable[str] = ()) -> None:
        self.snapshot = snapshot
        self.layout = Layout(snapshot.paths | frozenset(also), snapshot.content)

    def origin(self, importer: str, entry: Import, hops: int = _HOPS) -> Origin | None:
        """What an import binds; None where it leaves the repository."""
        language = self.snapshot.outline(importer).language
        paths = resolve(language, self.layout, importer, entry.module)
        if language == "python" and entry.name not in ("", "*"):
            submodule = self._submodule(importer, entry)
            if submodule and (not paths or not self._binds(paths[0], entry.name)):
                return Origin(submodule, "")
        if not paths:
            return None
        if entry.name in ("", "*") or hops == 0:
            return Origin(paths, "" if entry.name == "*" else entry.name)
        return self._through(paths, entry.name, hops)

    def _submodule(self, importer: str, entry: Import) -> tuple[str, ...]:
        dotted = entry.module + ("" if entry.module.endswith(".") else ".") + entry.name
        return resolve("python", self.layout, importer, dotted)

    def _binds(self, path: str, name: str) -> bool:
        outline = self.snapshot.outline(path)
        bound = (entry.alias for entry in outline.imports)
        return outline.find(name) is not None or name in bound

    def _through(self, paths: tuple[str, ...], name: str, hops: int) -> Origin:
        """Follow a re-export to where the name is defined."""
        outline = self.snapshot.outline(paths[0])
        if len(paths) > 1 or outline.find(name) is not None:
            return Origin(paths, name)
        for entry in outline.imports:
            carries = entry.exported or outline.language == "python"
            if carries and entry.alias == name:
                return self.origin(paths[0], entry, hops - 1) or Origin(paths, name)
            if carries and entry.name == "*":
                starred = resolve(outline.language, self.layout, paths[0], entry.module)
                if starred and self.snapshot.outline(starred[0]).find(name) is not None:
                    return Origin(starred, name)
        return Origin(paths, name)
