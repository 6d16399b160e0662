"""Two commits held in dictionaries: ports.Code where git itself is not the point."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.domain.diff import ChangeSet
from bot.domain.identifiers import Sha
from bot.domain.past_changes import PastChanges

BASE = Sha("b" * 40)
HEAD = Sha("a" * 40)

Files = Mapping[str, str | bytes]


class MemoryCode:
    """ports.Code over `{path: content}` at BASE and HEAD; the other bounds are the caller's."""

    def __init__(
        self,
        head: Files,
        base: Files | None = None,
        history: Mapping[str, Sequence[str]] | None = None,
        changes: ChangeSet | None = None,
    ) -> None:
        self._files = {HEAD: _bytes(head), BASE: _bytes(head if base is None else base)}
        self._history = dict(history or {})
        self._changes = changes
        self._facts: dict[str, bytes] = {}

    def changes(self) -> ChangeSet:
        """The change set that the test gave."""
        if self._changes is None:
            raise AssertionError("this test gave no change set")
        return self._changes

    def read(self, commit: Sha, path: str) -> bytes | None:
        """A file's bytes; None if absent."""
        return self._files[commit].get(path)

    def paths(self, commit: Sha, under: str = "") -> Sequence[str]:
        """All paths below a folder, sorted."""
        prefix = f"{under}/" if under else ""
        return sorted(path for path in self._files[commit] if path.startswith(prefix))

    def grep(
        self, commit: Sha, words: Iterable[str], under: str = ""
    ) -> Sequence[tuple[str, int, str]]:
        """Lines that hold one of the words as a whole word."""
        either = "|".join(re.escape(word) for word in words)
        return self.search(commit, rf"(?<!\w)(?:{either})(?!\w)", under)

    def search(
        self, commit: Sha, pattern: str, under: str = "", limit: int = 100
    ) -> Sequence[tuple[str, int, str]]:
        """Lines that match; `re` stands in for POSIX syntax."""
        wanted = re.compile(pattern)
        found = [
            (path, number, line)
            for path, data in sorted(self._files[commit].items())
            if path == under or path.startswith(f"{under}/" if under else "")
            for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1)
            if wanted.search(line)
        ]
        return found[:limit]

    def history(self, path: str, limit: int = 10) -> Sequence[str]:
        """The lines that the test gave."""
        return list(self._history.get(path, ()))[:limit]

    def recall(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """What was kept under these names."""
        return {name: self._facts[name] for name in names if name in self._facts}

    def keep(self, facts: Mapping[str, bytes]) -> None:
        """Keep it as long as this object lives."""
        self._facts.update(facts)

    def past_changes(self, limit: int = 500) -> PastChanges:  # noqa: ARG002
        """None: co-change is tested over real repositories."""
        return PastChanges()


def _bytes(files: Files) -> dict[str, bytes]:
    return {
        path: content.encode() if isinstance(content, str) else content
        for path, content in files.items()
    }
