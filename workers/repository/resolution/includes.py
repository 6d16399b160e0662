"""What C and C++ files include: https://en.cppreference.com/w/c/preprocessor/include

Search paths are a matter of the build and are not known. A file is looked for beside the one that
includes it, and else by the end of its path, where that is unique or clearly nearest.
"""

from __future__ import annotations

import posixpath
import re

from workers.repository.outline import Outline
from workers.repository.resolution.layout import Layout, folder_of

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*(?:include|import)[ \t]*(["<])([^">\n]+)[">]', re.MULTILINE)
CLOSURE_CAP = 300
"""Files that one file is followed to through what it includes."""


def resolve(layout: Layout, importer: str, module: str) -> tuple[str, ...]:
    """The included file. `<path>` may be one of the repository, too."""
    written = module.strip("<>")
    if not module.startswith("<"):
        beside = posixpath.normpath(posixpath.join(folder_of(importer), written))
        if beside in layout.paths:
            return (beside,)
    ending = re.sub(r"^(?:\.\.?/)+", "", posixpath.normpath(written))
    choices = [
        path
        for path in layout.named.get(ending.rpartition("/")[2], ())
        if f"/{path}".endswith(f"/{ending}")
    ]
    if module.startswith("<") and "/" not in ending and len(choices) > 1:
        return ()
    return (_nearest(choices, importer),) if choices else ()


def visible(layout: Layout, path: str, outline: Outline, name: str) -> tuple[str, ...]:
    """The files that this one includes, directly or not, nearest first."""
    del outline, name
    return layout.once(Includes).closure(path)


class Includes:
    """Who includes whom, worked out file by file and only where it is asked for."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._direct: dict[str, tuple[str, ...]] = {}
        self._closures: dict[str, tuple[str, ...]] = {}

    def direct(self, path: str) -> tuple[str, ...]:
        """The files of the repository that a file names in its `#include` lines."""
        if path not in self._direct:
            found: dict[str, None] = {}
            for mark, written in _INCLUDE.findall(self._layout.source(path)):
                module = f"<{written}>" if mark == "<" else written
                found.update(dict.fromkeys(resolve(self._layout, path, module)))
            self._direct[path] = tuple(found)
        return self._direct[path]

    def closure(self, path: str) -> tuple[str, ...]:
        """All files that a file includes, breadth first; at most `CLOSURE_CAP`."""
        if path not in self._closures:
            found: dict[str, None] = {}
            level = [path]
            while level and len(found) < CLOSURE_CAP:
                below = [each for one in level for each in self.direct(one)]
                level = [
                    each for each in dict.fromkeys(below) if each not in found and each != path
                ]
                found.update(dict.fromkeys(level))
            self._closures[path] = tuple(found)[:CLOSURE_CAP]
        return self._closures[path]


def _nearest(choices: list[str], importer: str) -> str:
    """The file that shares most of its path with the importer."""
    here = folder_of(importer).split("/")

    def shared(path: str) -> tuple[int, int, str]:
        pairs = zip(here, path.split("/"), strict=False)
        same = next((at for at, (one, other) in enumerate(pairs) if one != other), len(here))
        return (-same, path.count("/"), path)

    return min(choices, key=shared)
