"""PHP's names: by composer's autoloading (https://getcomposer.org/doc/04-schema.md#autoload)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from workers.repository.outline import Outline
from workers.repository.resolution.json_text import json_object, text_map
from workers.repository.resolution.layout import Layout, folder_of

_MANIFESTS_CAP = 100
_FILES_CAP = 20


class Autoload:
    """The rules of all `composer.json`: namespace prefixes to folders, and files always loaded."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.files: list[str] = []
        self._prefixes: list[tuple[str, str]] = []
        for path in layout.named.get("composer.json", ())[:_MANIFESTS_CAP]:
            settings = json_object(layout.text(path))
            for section in ("autoload", "autoload-dev"):
                self._read(folder_of(path), text_map(settings.get(section)))
        self._prefixes.sort(key=lambda entry: -len(entry[0]))

    def class_file(self, name: str) -> str | None:
        """The file of a class by its full name; by its last parts where no rule says more."""
        for prefix, folder in self._prefixes:
            if name.startswith(prefix):
                inside = name[len(prefix) :].replace("\\", "/")
                path = posixpath.normpath(posixpath.join(folder, f"{inside}.php"))
                if path in self._layout.paths:
                    return path
        return self._by_suffix(name)

    def _read(self, folder: str, section: dict[str, Any]) -> None:
        for prefix, written in text_map(section.get("psr-4")).items():
            for target in written if isinstance(written, list) else [written]:
                if isinstance(target, str):
                    self._prefixes.append((prefix, posixpath.join(folder, target)))
        files = section.get("files")
        for written in files[:_FILES_CAP] if isinstance(files, list) else ():
            path = posixpath.normpath(posixpath.join(folder, str(written)))
            if path in self._layout.paths:
                self.files.append(path)

    def _by_suffix(self, name: str) -> str | None:
        """The only file whose path ends like the name, of at least its last two parts."""
        parts = name.split("\\")
        named = self._layout.named.get(f"{parts[-1]}.php", ())
        if len(parts) < 2:
            return None
        fitting = [path for path in named if folder_of(path).rpartition("/")[2] == parts[-2]]
        return fitting[0] if len(fitting) == 1 else None


def resolve(layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The file of a class by its full name, or of a literal path.

    A function (by convention it begins in lower case) may be in any file that is always loaded.
    """
    if module.startswith("./"):
        here = posixpath.normpath(posixpath.join(folder_of(importer), module))
        tries = (here, posixpath.normpath(module))
        return next(((path,) for path in tries if path in layout.paths), ())
    autoload = layout.once(Autoload)
    found = autoload.class_file(module)
    if found is not None:
        return (found,)
    return tuple(autoload.files) if module.rpartition("\\")[2][:1].islower() else ()


def visible(layout: Layout, path: str, outline: Outline, name: str) -> tuple[str, ...]:
    """Files of the same namespace, of a qualified name, and those that are always loaded."""
    del path
    autoload = layout.once(Autoload)
    named = (autoload.class_file(full) for full in _full_names(outline, name))
    return tuple(dict.fromkeys([*(each for each in named if each), *autoload.files]))


def _full_names(outline: Outline, name: str) -> Iterator[str]:
    """`A\\B` by the import of `A`, by the namespace around, or as it stands."""
    first, _, rest = name.strip("\\").partition("\\")
    if rest:
        for entry in outline.imports:
            if entry.alias == first and not name.startswith("\\"):
                yield f"{entry.module}\\{rest}"
    if outline.package and not name.startswith("\\"):
        yield f"{outline.package}\\{name}"
    yield name.strip("\\")
