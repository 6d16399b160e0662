"""What is done to a clone while nobody waits: packing, indexing, parsing what no review touched."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing, suppress

from bot.domain.identifiers import BlobId, Sha
from bot.errors import FetchFailed, LimitExceeded
from workers.repository.clones.clone import Clone
from workers.repository.clones.git import Caps, Git
from workers.repository.clones.locks import locked
from workers.repository.clones.objects import Objects
from workers.repository.clones.trees import REGULAR, Tree, list_tree
from workers.repository.index.blob_stream import stream_blobs
from workers.repository.index.database import Unindexed
from workers.repository.index.parsed_files import fact_name
from workers.repository.index.parsers import Source, shared_parsers
from workers.repository.index.repository_index import RepositoryIndex
from workers.repository.outline import SIZE_CAP_BYTES
from workers.repository.outlines import language_of

MOST_PACKS = 8
MOST_LOOSE = 1_000
"""Each fetch leaves a pack or some loose objects; beyond so many they are packed into one."""

WARM_SECONDS = 60.0
"""So long one turn may take; the next review of the repository brings another turn."""

MOST_BYTES_A_LINE = 9.0
"""Idle time lets an index grow to so much for each line of text; reviews add what they touch, and
both together stay at some 10 MB for a million lines."""

_PACK_SECONDS = 120.0
_AT_ONCE = 40


def pack(clone: Clone) -> bool:
    """Make one pack of many and drop what no ref reaches; not while anybody reads or fetches."""
    with (
        suppress(FetchFailed),  # somebody does: another time
        locked(clone.fetch_lock, 0.0),
        locked(clone.use_lock, 0.0),
    ):
        git = Git(clone.git, Caps(seconds=_PACK_SECONDS))
        if _count(git, "packs") <= MOST_PACKS and _count(git, "count") <= MOST_LOOSE:
            return False
        git.run("-c", "pack.threads=1", "repack", "-a", "-d", "-q")
        git.run("prune", "--expire=now")
        return True
    return False


def _count(git: Git, what: str) -> int:
    """How many `packs` there are, or loose objects (`count`)."""
    lines = git.run("count-objects", "-v").decode("ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)[what])


def warm(clone: Clone, most_paths: int, enough: Callable[[], bool]) -> int:
    """Index the newest base tip and parse its files, until `enough`; how many files were parsed."""
    git = Git(clone.git)
    with (
        suppress(FetchFailed, Unindexed, LimitExceeded),  # a later turn goes on
        locked(clone.use_lock, 0.0, shared=True),
        Objects(clone.git) as objects,
        closing(RepositoryIndex(clone.folder, git, objects)) as index,
    ):
        commit = _newest_tip(git)
        if commit is None or enough():
            return 0
        tree = list_tree(git, commit, most_paths)
        index.renew_if_stale(len(tree.entries))
        index.cover(commit, tree)
        return _parse_rest(git, index, tree, enough)
    return 0


def _newest_tip(git: Git) -> Sha | None:
    out = git.run(
        "for-each-ref", "--sort=-committerdate", "--count=1", "--format=%(objectname)",
        "refs/plumbline/*/tip",
    )  # fmt: skip
    return Sha(out.decode("ascii").strip()) or None


def _parse_rest(git: Git, index: RepositoryIndex, tree: Tree, enough: Callable[[], bool]) -> int:
    """Parse the files that no review parsed, as long as there is time and room."""
    paths = _unknown(index, tree)
    deadline = time.monotonic() + WARM_SECONDS
    waiting: list[Source] = []
    done = 0
    with closing(stream_blobs(git, list(paths), SIZE_CAP_BYTES, WARM_SECONDS)) as stream:
        for oid, content, size in stream:
            if size > SIZE_CAP_BYTES:
                continue
            waiting.append((paths[oid], content))
            if len(waiting) < _AT_ONCE:
                continue
            if enough() or time.monotonic() > deadline or _full(index):
                return done
            done += _parse(index, tree, waiting)
            waiting = []
    return done + _parse(index, tree, waiting)


def _unknown(index: RepositoryIndex, tree: Tree) -> dict[BlobId, str]:
    """The blobs that a grammar reads and nobody has parsed, each with one of its paths."""
    names = {
        fact_name(entry.oid, language): (entry.oid, path)
        for path, entry in tree.entries.items()
        if entry.mode in REGULAR and (language := language_of(path)) is not None
    }
    known = index.known(names)
    return dict(place for name, place in names.items() if name not in known)


def _parse(index: RepositoryIndex, tree: Tree, sources: list[Source]) -> int:
    facts: dict[str, bytes] = {}
    for (path, _), parsed in zip(sources, shared_parsers().parse_all(sources), strict=True):
        language = language_of(path)
        if language is not None and not parsed.outline.note:
            facts[fact_name(tree.entries[path].oid, language)] = parsed.pack()
    index.keep(facts)
    return len(facts)


def _full(index: RepositoryIndex) -> bool:
    used, lines = index.sizes()
    return used > lines * MOST_BYTES_A_LINE
