"""A repository's paths, arranged for the questions that import resolution asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TypeVar, cast

T = TypeVar("T")

SETTINGS_CAP = 300_000
"""Bytes of a settings file that is read to resolve imports."""


HOLDERS_READ = 400
"""Files of one package that are read to find a name."""


def folder_of(path: str) -> str:
    """`a/b` of `a/b/c.py`; "" at the root."""
    return path.rpartition("/")[0]


def stem_of(path: str) -> str:
    """`c` of `a/b/c.test.py`."""
    return path.rpartition("/")[2].partition(".")[0]


_SPACED = bytes(
    each if each >= 128 or chr(each).isalnum() or chr(each) in "_$" else 32 for each in range(256)
)
"""Every byte that no word holds, as a blank."""


def _words_of(content: bytes) -> bytes:
    """The distinct words of a text between blanks: small enough to keep of hundreds of files."""
    return b" %s " % b" ".join(set(content.translate(_SPACED).split()))


class Layout:
    """The set of paths and, worked out once, what hangs on it.

    `read` gives the bytes of the few files that say how names map to paths (`go.mod`,
    `tsconfig.json`, `composer.json`); None where there is no such file.
    """

    def __init__(
        self, paths: Iterable[str], read: Callable[[str], bytes | None] = lambda _: None
    ) -> None:
        self.paths = frozenset(paths)
        self._read = read
        self._once: dict[object, object] = {}
        self._words: dict[str, bytes | None] = {}

    def once(self, work: Callable[[Layout], T]) -> T:
        """What a language works out over this layout, the first time that it asks."""
        if work not in self._once:
            self._once[work] = work(self)
        return cast(T, self._once[work])

    def text(self, path: str) -> str:
        """The text of a settings file; "" where it is absent or too large to be one."""
        content = self._read(path) if path in self.paths else None
        if content is None or len(content) > SETTINGS_CAP:
            return ""
        return content.decode("utf-8", "replace")

    def source(self, path: str) -> str:
        """The text of a source file; "" where it is absent."""
        return (self._read(path) or b"").decode("utf-8", "replace")

    def holding(self, paths: Sequence[str], name: str) -> tuple[str, ...]:
        """Those files of a package that may define a name: called like it first, then by text.

        A file that the change deleted cannot be read and stays. At most `HOLDERS_READ` are read.
        """
        first = name.partition(".")[0]
        called = [path for path in paths if stem_of(path) == first]
        others = [path for path in paths if stem_of(path) != first][:HOLDERS_READ]
        return (*called, *(path for path in others if self._holds(path, first)))

    def _holds(self, path: str, word: str) -> bool:
        if path not in self._words:
            content = self._read(path)
            self._words[path] = None if content is None else _words_of(content)
        words = self._words[path]
        return words is None or b" %s " % word.encode() in words

    @cached_property
    def named(self) -> dict[str, tuple[str, ...]]:
        """Paths by their last part: where every `package.json` is."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    @cached_property
    def python_roots(self) -> tuple[str, ...]:
        """Folders from which Python modules are named: above each outermost package."""
        inits = {folder_of(path) for path in self.paths if path.endswith("/__init__.py")}
        outermost = {folder_of(folder) for folder in inits if folder_of(folder) not in inits}
        roots = {"", "src", "lib"} | outermost
        return tuple(sorted(roots, key=lambda root: (root.count("/"), root)))

    @cached_property
    def folders(self) -> dict[str, tuple[str, ...]]:
        """The files directly inside each folder, sorted."""
        inside: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            inside.setdefault(folder_of(path), []).append(path)
        return {folder: tuple(paths) for folder, paths in inside.items()}
