"""A range of a repository on this machine, read without obeying that repository.

Its configuration and attributes can name programs, and its hooks are programs. So git runs in a
scratch bare repository of ours whose objects and refs are links to the real ones.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bot.domain.identifiers import Sha
from bot.errors import RangeError
from workers.repository.clones.code import GitCode, ReadCaps
from workers.repository.clones.git import Caps, Git, execute
from workers.repository.clones.local_index import local_index
from workers.repository.clones.objects import Objects

_DEFAULT_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


@contextmanager
def open_local(
    folder: Path,
    base: Sha,
    head: Sha,
    tip: Sha | None = None,
    caps: ReadCaps | None = None,
    cache: Path | None = None,
) -> Iterator[GitCode]:
    """The code of two commits of a bare repository, or of a working copy's `.git`.

    Args:
        folder: the repository, or any folder inside a working copy.
        base: the merge base.
        head: the head.
        tip: the tip of the base branch; the merge base if left out.
        caps: what may be read.
        cache: where an index may be kept for the next time; None: nothing is.

    Raises:
        RangeError: no repository is there, or it lacks one of the commits.
    """
    caps = caps or ReadCaps()
    with ExitStack() as stack:
        git = stack.enter_context(borrowed(folder))
        objects = stack.enter_context(Objects(git.folder, caps.seconds))
        commits = (base, head, tip or base)
        for commit in commits:
            if objects.info(commit) is None:
                raise RangeError(f"{str(folder)!r} has no commit {commit}; fetch it first")
        index = None
        if cache is not None:
            theirs = find_repository(folder)[1]
            index = stack.enter_context(local_index(cache, theirs, git, objects))
        yield GitCode(git, objects, commits, caps, index=index)


def resolve_range(folder: Path, text: str = "") -> tuple[Sha, Sha, Sha]:
    """(merge base, head, base tip) of `BASE..HEAD`, `BASE...HEAD`, `BASE` or nothing.

    Both dotted forms compare HEAD with the merge base, as a pull request does. Nothing means the
    default branch and HEAD.

    Raises:
        RangeError: a name is unknown, the two share no ancestor, or there is no default branch.
    """
    with borrowed(folder) as git:
        base_name, head_name = _names(git, text.strip())
        tip, head = _commit(git, base_name, folder), _commit(git, head_name, folder)
        output = git.output("merge-base", tip, head, statuses=(0, 1))
        if output.status:
            raise RangeError(_no_ancestor(git, base_name, head_name))
        merge_base = Sha(output.stdout.decode("ascii").split()[0])
        if not text.strip() and merge_base == head:
            raise RangeError(
                f"HEAD holds nothing that {base_name!r} lacks; name a range, such as HEAD~1..HEAD"
            )
        return merge_base, head, tip


def find_repository(folder: Path) -> tuple[Path, Path]:
    """(git directory, common git directory) of a folder; they differ in linked worktrees.

    Raises RangeError when there is none at or above the folder.
    """
    start = folder.absolute()
    for place in (start, *start.parents):
        found = _git_directory(place)
        if found is not None:
            return found, _common(found)
    raise RangeError(f"{str(folder)!r} is not in a git repository; name one with --repo")


def _git_directory(place: Path) -> Path | None:
    inside = place / ".git"
    if inside.is_file():
        said = inside.read_text(encoding="utf-8", errors="surrogateescape").strip()
        if said.startswith("gitdir: "):
            inside = place / said.removeprefix("gitdir: ")
    for candidate in (inside, place):
        if (candidate / "HEAD").is_file() and (
            (candidate / "objects").is_dir() or (candidate / "commondir").is_file()
        ):
            return candidate
    return None


def _common(git_directory: Path) -> Path:
    pointer = git_directory / "commondir"
    if not pointer.is_file():
        return git_directory
    said = pointer.read_text(encoding="utf-8", errors="surrogateescape").strip()
    return git_directory / said


@contextmanager
def borrowed(folder: Path) -> Iterator[Git]:
    """git over the objects of another person's repository, which it neither obeys nor changes."""
    git_directory, common = find_repository(folder)
    with tempfile.TemporaryDirectory(prefix="plumbline-") as made:
        scratch = Path(made)
        for name in ("objects", "refs", "packed-refs", "reftable"):
            if (common / name).exists():
                (scratch / name).symlink_to((common / name).resolve())
        if (git_directory / "logs").is_dir():
            (scratch / "logs").symlink_to((git_directory / "logs").resolve())
        shutil.copyfile(git_directory / "HEAD", scratch / "HEAD")
        if (common / "shallow").is_file():
            shutil.copyfile(common / "shallow", scratch / "shallow")
        (scratch / "config").write_text(_config(common / "config"), encoding="utf-8")
        yield Git(scratch)


def _config(theirs: Path) -> str:
    """Our configuration; of theirs only how objects and refs are stored."""
    asked = r"^extensions\.(objectformat|refstorage)$"
    output = execute(
        ["config", "--file", str(theirs), "--no-includes", "--get-regexp", asked], Caps(seconds=5.0)
    )
    known = ("sha1", "sha256", "files", "reftable")
    pairs = [line.split() for line in output.stdout.decode("utf-8", "replace").splitlines()]
    formats = [
        f"\t{key.partition('.')[2]} = {value}\n"
        for key, value in (pair for pair in pairs if len(pair) == 2)
        if value in known
    ]
    version = 1 if formats else 0
    core = f"[core]\n\trepositoryformatversion = {version}\n\tbare = true\n"
    return core + ("[extensions]\n" + "".join(formats) if formats else "")


def _names(git: Git, text: str) -> tuple[str, str]:
    for dots in ("...", ".."):
        base, found, head = text.partition(dots)
        if found:
            return base or "HEAD", head or "HEAD"
    return text or _default_branch(git), "HEAD"


def _default_branch(git: Git) -> str:
    for name in _DEFAULT_BRANCHES:
        if _resolve(git, name) is not None:
            return name
    raise RangeError("no default branch was found; name the range, such as develop..HEAD")


def _commit(git: Git, name: str, folder: Path) -> Sha:
    sha = _resolve(git, name)
    if sha is None:
        raise RangeError(f"{name!r} names no commit in {str(folder)!r}; see `git log --all`")
    return sha


def _resolve(git: Git, name: str) -> Sha | None:
    if "\0" in name or name.startswith("-"):
        return None
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}")
    output = git.output(*asked, statuses=(0, 1, 128))
    return None if output.status else Sha(output.stdout.decode("ascii").strip())


def _no_ancestor(git: Git, base: str, head: str) -> str:
    problem = f"{base!r} and {head!r} share no common ancestor"
    if (git.folder / "shallow").is_file():
        return f"{problem} in this shallow clone; run `git fetch --unshallow` first"
    return f"{problem}; name two commits of one history"
