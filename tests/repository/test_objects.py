"""Blobs by id: one by one or ahead of need, the same bytes come, and none is read twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.identifiers import BlobId
from tests.fakes.git_repository import GitRepository
from workers.repository.clones import objects as reading
from workers.repository.clones.git import Git, GitFailed
from workers.repository.clones.objects import Objects
from workers.repository.clones.trees import list_tree

ABSENT = BlobId("a" * 40)


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return GitRepository(tmp_path / "shop.git")


@pytest.fixture
def objects(repository: GitRepository) -> Iterator[Objects]:
    with Objects(repository.path) as opened:
        yield opened


def stored(repository: GitRepository, contents: list[bytes]) -> dict[BlobId, bytes]:
    """The contents by their ids."""
    files = {f"f{number:04}": content for number, content in enumerate(contents)}
    commit = repository.commit(dict(files))
    tree = list_tree(Git(repository.path), commit, len(files))
    return {tree.entries[path].oid: content for path, content in files.items()}


def test_blobs_that_were_read_ahead_are_the_same(
    repository: GitRepository, objects: Objects
) -> None:
    small = [b"number %d\n" % number * (number % 40) for number in range(1, 160)]
    blobs = stored(repository, [b"", b"\n", b"\0\n\0", *small, b"large\n" * 40_000])

    objects.read_ahead([*blobs, *blobs, ABSENT])

    assert {oid: objects.blob(oid, 1 << 20) for oid in blobs} == blobs


def test_what_was_read_is_not_read_again(repository: GitRepository, objects: Objects) -> None:
    blobs = stored(repository, [b"one\n", b"two\n"])
    one, two = blobs
    objects.blob(one, 100)
    objects.read_ahead([two])
    for path in (repository.path / "objects").rglob("*"):
        if path.is_file():
            path.unlink()
    objects.close()

    assert [objects.blob(oid, 100) for oid in blobs] == [b"one\n", b"two\n"]
    assert [objects.blob(oid, 3) for oid in blobs] == [None, None]


def test_only_so_much_is_kept(
    repository: GitRepository, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_KEPT_BYTES", 10)
    first, second, third = blobs = stored(repository, [b"1st\n", b"2nd\n", b"3rd\n"])
    for oid in (first, second, first, third):  # asked for again, the first outlives the second
        objects.blob(oid, 100)
    for oid in blobs:
        (repository.path / "objects" / oid[:2] / oid[2:]).unlink()
    objects.close()

    assert [objects.blob(oid, 100) for oid in (first, third)] == [b"1st\n", b"3rd\n"]
    with pytest.raises(GitFailed, match=f"does not hold the blob {second}"):
        objects.blob(second, 100)


def test_after_a_bad_id_the_right_answers_come(repository: GitRepository, objects: Objects) -> None:
    blobs = stored(repository, [b"one\n", b"two\n"])

    with pytest.raises(GitFailed, match="is not an object id"):
        objects.read_ahead([*blobs, BlobId("HEAD\ncontents")])
    objects.read_ahead([ABSENT])

    assert {oid: objects.blob(oid, 100) for oid in blobs} == blobs
    with pytest.raises(GitFailed, match="does not hold the blob"):
        objects.blob(ABSENT, 100)
