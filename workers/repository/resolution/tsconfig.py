"""Path aliases of `tsconfig.json` and `jsconfig.json`.

https://www.typescriptlang.org/tsconfig/#paths and #baseUrl, through `extends` and `references`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from workers.repository.resolution.json_text import json_object, text_map
from workers.repository.resolution.layout import Layout, folder_of
from workers.repository.resolution.node_packages import NodePackages

_NAMES = ("tsconfig.json", "jsconfig.json")
_CHAIN = 6
_ALIASES = 200


@dataclass(frozen=True, slots=True)
class Aliases:
    """`paths` as patterns of folders of the repository; `base` is where plain names are looked for.

    A pattern and its targets hold at most one `*`. `base` is None where no `baseUrl` is set.
    """

    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    base: str | None = None

    def targets(self, module: str) -> Iterator[str]:
        """Paths without suffix that a module name may mean, the most specific pattern first."""
        for pattern in sorted(self.paths, key=lambda each: -len(each.partition("*")[0])):
            before, star, after = pattern.partition("*")
            if not star and module == pattern:
                yield from self.paths[pattern]
            elif star and _fits(module, before, after):
                middle = module[len(before) : len(module) - len(after)]
                yield from (target.replace("*", middle, 1) for target in self.paths[pattern])
        if self.base is not None:
            yield _joined(self.base, module)


class TsConfigs:
    """The settings that hold for each folder, read when first asked for."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._by_folder: dict[str, Aliases] = {}
        self._read: dict[str, Aliases] = {}

    def at(self, folder: str) -> Aliases:
        """The aliases of the nearest settings file at or above a folder."""
        passed = []
        while folder not in self._by_folder:
            passed.append(folder)
            here = (_joined(folder, name) for name in _NAMES)
            path = next((each for each in here if each in self._layout.paths), None)
            if path is not None:
                self._by_folder[folder] = self._with_references(path)
            elif not folder:
                self._by_folder[folder] = Aliases()
            else:
                folder = folder_of(folder)
        self._by_folder.update(dict.fromkeys(passed, self._by_folder[folder]))
        return self._by_folder[folder]

    def _with_references(self, path: str) -> Aliases:
        """Settings that only refer to projects (`tsconfig.app.json`) have the aliases of those."""
        own = self._aliases(path, _CHAIN)
        if own.paths or own.base is not None:
            return own
        value = json_object(self._layout.text(path)).get("references")
        for entry in value[:20] if isinstance(value, list) else ():
            named = text_map(entry).get("path")
            other = self._file(path, named) if isinstance(named, str) else None
            found = self._aliases(other, _CHAIN) if other else Aliases()
            if found.paths or found.base is not None:
                return found
        return own

    def _aliases(self, path: str, hops: int) -> Aliases:
        if path not in self._read:
            self._read[path] = Aliases()  # a circle of `extends` has none
            self._read[path] = self._parsed(path, hops)
        return self._read[path]

    def _parsed(self, path: str, hops: int) -> Aliases:
        settings = json_object(self._layout.text(path))
        inherited = Aliases()
        extended = settings.get("extends")
        for written in extended if isinstance(extended, list) else [extended]:
            other = self._file(path, written) if isinstance(written, str) and hops else None
            found = self._aliases(other, hops - 1) if other else Aliases()
            base = found.base if found.base is not None else inherited.base
            inherited = Aliases(found.paths or inherited.paths, base)
        options = text_map(settings.get("compilerOptions"))
        folder = folder_of(path)
        written_base = options.get("baseUrl")
        base = _joined(folder, written_base) if isinstance(written_base, str) else inherited.base
        start = base if base is not None else folder
        paths = text_map(options.get("paths"))
        return Aliases(_patterns(paths, start) if paths else inherited.paths, base)

    def _file(self, path: str, written: str) -> str | None:
        """The settings file that `extends` or a reference names, also in a workspace package."""
        if not written.startswith((".", "/")):
            target = self._layout.once(NodePackages).inside(written) or ""
        else:
            target = _joined(folder_of(path), written)
        names = (target, f"{target}.json", _joined(target, "tsconfig.json"))
        return next((each for each in names if each in self._layout.paths), None)


def _patterns(paths: dict[str, object], start: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for pattern, targets in list(paths.items())[:_ALIASES]:
        written = targets if isinstance(targets, list) else []
        named = [_joined(start, each) for each in written if isinstance(each, str)]
        found[pattern] = tuple(each for each in named if not each.startswith(".."))
    return found


def _fits(module: str, before: str, after: str) -> bool:
    long_enough = len(module) >= len(before) + len(after)
    return long_enough and module.startswith(before) and module.endswith(after)


def _joined(folder: str, path: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, path))
    return "" if joined == "." else joined
