"""What one review reads of a repository as one git pack, and a repository made of such a pack.

The pack holds the merge base, the head and the base tip whole, and of the merge base's history what
tells which files each commit touched: commits and trees, no contents.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.domain.identifiers import Sha
from bot.domain.pull_request import PullRequest
from bot.errors import LimitExceeded, PermanentError, UserError
from workers.repository.clones.clone import Clone
from workers.repository.clones.code import GitCode, ReadCaps
from workers.repository.clones.git import Caps, Git, GitFailed, start, stop
from workers.repository.clones.objects import Objects
from workers.repository.index.repository_index import RepositoryIndex

MOST_PACK_BYTES = 1024**3
MOST_COMMITS = 1_500
_SECONDS = 300.0
_LIST = Caps(seconds=_SECONDS, output_bytes=256 * 1024**2)
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHA256_CONFIG = """[core]
\trepositoryformatversion = 1
\tbare = true
[extensions]
\tobjectformat = sha256
"""


@dataclass(frozen=True, slots=True)
class Packed:
    """A pack file, and the commits whose parents are not in it although the merge base has them."""

    pack: Path
    ends: tuple[Sha, ...]


def write_pack(git: Git, pull: PullRequest, folder: Path) -> Packed:
    """Pack what a review of this pull request reads, into `folder`.

    Raises:
        PermanentError: the repository does not hold one of the commits (any more).
        LimitExceeded: the pack is too large, or takes too long.
    """
    wanted = commits_of(pull)
    with Objects(git.folder) as objects:
        gone = [commit for commit in wanted if objects.info(commit) is None]
    if gone:
        raise PermanentError(
            f"the code is not here any more: commit {gone[0]} of {pull.ref} was cleaned up. "
            "A review of its newest head can still be exported."
        )
    whole = _ids(git, "--no-walk", *dict.fromkeys(wanted))
    past = _ids(git, "--filter=blob:none", f"--max-count={MOST_COMMITS}", pull.merge_base)
    name = _pack(git, list(dict.fromkeys((*whole, *past))), folder / "code")
    return Packed(folder / f"code-{name}.pack", _ends(git, pull.merge_base))


def commits_of(pull: PullRequest) -> tuple[Sha, Sha, Sha]:
    """Merge base, head and base tip. Raises ValueError: one of them is no object's name."""
    commits = (pull.merge_base, pull.head, pull.base_tip)
    for commit in commits:
        if not _SHA.fullmatch(commit):
            raise ValueError(f"{commit[:80]!r} is no commit")
    return commits


def _ids(git: Git, *asked: str) -> list[str]:
    listed = git.run("rev-list", "--objects", "--no-object-names", *asked, "--", caps=_LIST)
    return listed.decode("ascii").split()


def _ends(git: Git, merge_base: Sha) -> tuple[Sha, ...]:
    """Where the packed history ends: there a clone was shallow, or older commits were left out."""
    asked = ("rev-list", "--parents", f"--max-count={MOST_COMMITS}", merge_base, "--")
    rows = [row.split() for row in git.run(*asked, caps=_LIST).decode("ascii").splitlines()]
    held = {row[0] for row in rows}
    shallow = git.folder / "shallow"
    known = set(shallow.read_text(encoding="ascii").split()) if shallow.is_file() else set()
    return tuple(Sha(row[0]) for row in rows if row[0] in known or not held.issuperset(row[1:]))


def _pack(git: Git, objects: list[str], prefix: Path) -> str:
    """Write `PREFIX-NAME.pack`; its name."""
    arguments = ["--git-dir", str(git.folder), "pack-objects", "--threads=1", "-q", str(prefix)]
    process = start(arguments, caps=Caps(seconds=_SECONDS, file_bytes=MOST_PACK_BYTES))
    try:
        listed = "".join(f"{one}\n" for one in objects).encode("ascii")
        said, error = process.communicate(listed, timeout=_SECONDS)
    except subprocess.TimeoutExpired as late:
        raise LimitExceeded(f"packing the code took more than {_SECONDS:.0f} seconds") from late
    finally:
        stop(process)
    if process.returncode:
        told = error.decode("utf-8", "replace").strip()[:300] or "nothing on standard error"
        raise LimitExceeded(f"the code could not be packed in {MOST_PACK_BYTES:,} bytes: {told}")
    return said.decode("ascii").strip()


@dataclass(frozen=True, slots=True)
class PackedRepository:
    """`ports.Repositories` that holds one pull request's code, unpacked; nothing is fetched."""

    clone: Clone

    @contextmanager
    def open(self, pull: PullRequest) -> Iterator[GitCode]:
        """The two commits and the base tip, as the review that was packed read them.

        Raises UserError.
        """
        commits, caps = commits_of(pull), ReadCaps()
        git = Git(self.clone.git, Caps(seconds=caps.seconds))
        with ExitStack() as stack:
            objects = stack.enter_context(Objects(self.clone.git, caps.seconds))
            if any(objects.info(commit) is None for commit in commits):
                raise UserError("the export does not hold the commits that it names")
            made = RepositoryIndex(self.clone.folder, git, objects)
            index = stack.enter_context(closing(made))
            yield GitCode(git, objects, commits, caps, index=index)


def unpack(packed: Packed, folder: Path, wide: bool) -> PackedRepository:
    """A bare repository below `folder`, made of a pack that may be hostile. `wide`: SHA-256.

    Raises:
        UserError: it is no git pack.
        LimitExceeded: it takes too much time or memory.
    """
    clone = Clone(folder)
    clone.make()
    if wide:
        (clone.git / "config").write_text(_SHA256_CONFIG, encoding="ascii")
    if any(not _SHA.fullmatch(end) for end in packed.ends):
        raise UserError("the export names an end of history that is no commit")
    if packed.ends:
        ends = "".join(f"{end}\n" for end in packed.ends)
        (clone.git / "shallow").write_text(ends, encoding="ascii")
    inside = clone.git / "objects" / "pack" / "pack-code.pack"
    packed.pack.replace(inside)
    caps = Caps(seconds=_SECONDS, file_bytes=MOST_PACK_BYTES)
    limit = f"--max-input-size={MOST_PACK_BYTES}"
    try:
        Git(clone.git).run("index-pack", "--threads=1", limit, str(inside), caps=caps)
    except GitFailed as error:
        raise UserError(f"the export's code cannot be read: {error}") from error
    return PackedRepository(clone)
