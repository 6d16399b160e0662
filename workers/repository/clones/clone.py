"""One bare clone on disk: made, mended, measured, thrown away. Only under its fetch lock."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from bot.domain.identifiers import Sha
from workers.repository.clones.git import Caps, Git

_CONFIG = """[core]
\trepositoryformatversion = 0
\tbare = true
[gc]
\tauto = 0
[maintenance]
\tauto = false
"""


@dataclass(frozen=True, slots=True)
class Clone:
    """The folder of one repository: `git/`, its index, and its locks, which outlive both."""

    folder: Path

    @property
    def git(self) -> Path:
        """The bare repository."""
        return self.folder / "git"

    @property
    def fetch_lock(self) -> Path:
        """Held alone by whoever changes the clone."""
        return self.folder / "fetch.lock"

    @property
    def use_lock(self) -> Path:
        """Shared by all who read the clone; its time of change says when it was last opened."""
        return self.folder / "use.lock"

    @property
    def suspect(self) -> Path:
        """Exists when a reader stumbled over damage: the next fetch starts afresh."""
        return self.folder / "suspect"

    def make(self) -> None:
        """Create the repository if need be. HEAD names no branch, so nothing is read through it."""
        if (self.git / "config").exists():
            return
        for name in ("objects/info", "objects/pack", "refs/plumbline"):
            (self.git / name).mkdir(parents=True, exist_ok=True)
        (self.git / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
        (self.git / "config").write_text(_CONFIG, encoding="ascii")

    def discard(self) -> None:
        """Delete repository and index; whoever still reads it fails and tries again."""
        if self.git.exists():
            aside = self.folder / f"discarded-{uuid4().hex}"
            self.git.rename(aside)
        for leftover in self.folder.glob("discarded-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        for index in self.folder.glob("index-*"):
            index.unlink(missing_ok=True)
        self.suspect.unlink(missing_ok=True)
        self._size.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what an interrupted fetch left; nobody else can be fetching now."""
        leftovers = [
            *self.git.glob("*.lock"),
            *self.git.glob("refs/**/*.lock"),
            *self.git.glob("shallow_*"),
            *self.git.glob("objects/**/tmp_*"),
        ]
        for path in leftovers:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def refs(self, number: int) -> dict[str, Sha]:
        """`base`, `tip` and `head` as last fetched for a pull request."""
        prefix = f"refs/plumbline/{number}/"
        out = Git(self.git, Caps(seconds=10.0)).run(
            "for-each-ref", "--format=%(refname) %(objectname)", prefix
        )
        pairs = (line.split(" ") for line in out.decode("ascii").splitlines())
        return {name.removeprefix(prefix): Sha(sha) for name, sha in pairs}

    def pulls(self) -> int:
        """How many pull requests hold refs."""
        return sum(1 for _ in (self.git / "refs" / "plumbline").iterdir())

    def size(self) -> int:
        """The bytes that the clone's files took when they were last counted."""
        try:
            return int(self._size.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return self.count_size()

    def count_size(self) -> int:
        """Count them now, and write it down: whoever makes room would else walk every clone."""
        total = self._count()
        self._size.write_text(str(total), encoding="ascii")
        return total

    @property
    def _size(self) -> Path:
        return self.folder / "size"

    def _count(self) -> int:
        total = 0
        for folder, _, names in os.walk(self.folder):
            for name in names:
                try:
                    total += (Path(folder) / name).stat().st_size
                except FileNotFoundError:  # a fetch of another process cleans up behind itself
                    continue
        return total
