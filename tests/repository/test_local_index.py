"""What a terminal run keeps of a person's repository, and where."""

from __future__ import annotations

import os
import shutil
import zlib
from pathlib import Path

from bot.domain.identifiers import BlobId, Sha
from tests.fakes.git_repository import GitRepository
from workers.repository.clones.git import Git
from workers.repository.clones.local import open_local
from workers.repository.clones.local_index import local_index
from workers.repository.clones.objects import Objects
from workers.repository.index.parsed_files import blob_id, fact_name
from workers.repository.knowledge import understand
from workers.repository.outlines import BY_SUFFIX

RUN = "def run():\n    return 1\n"
CALLER = "from a import run\n\nrun()\n"


def made(folder: Path) -> tuple[GitRepository, Sha, Sha]:
    """A repository with one caller of what its change touches."""
    repository = GitRepository(folder / "repository.git")
    base = repository.commit({"a.py": RUN, "b.py": CALLER})
    head = repository.commit({"a.py": RUN.replace("1", "2")}, parent=base, branch="change")
    return repository, base, head


def sites(folder: Path, base: Sha, head: Sha, cache: Path | None) -> list[tuple[str, int]]:
    with open_local(folder, base, head, cache=cache) as code:
        knowledge = understand(code, code.changes(), base, lambda _: False)
    return [(site.path, site.line) for symbol in knowledge.changed for site in symbol.sites]


def files_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_what_one_run_parsed_the_next_recalls_and_the_repository_is_left_alone(
    tmp_path: Path,
) -> None:
    repository, base, head = made(tmp_path)
    untouched = files_below(repository.path)
    cache = tmp_path / "cache"
    fact = fact_name(BlobId(blob_id(RUN.encode())), BY_SUFFIX[".py"])

    first = sites(repository.path, base, head, cache)
    with open_local(repository.path, base, head, cache=cache) as code:
        assert list(code.recall([fact])) == [fact]

    assert first == [("b.py", 1), ("b.py", 3)]
    assert sites(repository.path, base, head, cache) == first
    assert sites(repository.path, base, head, None) == first
    assert files_below(repository.path) == untouched


def test_an_object_that_lies_about_its_name_does_not_outlive_its_repository(tmp_path: Path) -> None:
    """Somebody's folder was looked at; later an honest clone lies in its place."""
    repository, base, head = made(tmp_path)
    honest = tmp_path / "honest"
    shutil.copytree(repository.path, honest)
    oid = blob_id(CALLER.encode())
    lying = repository.path / "objects" / oid[:2] / oid[2:]
    lying.chmod(0o644)
    lying.write_bytes(zlib.compress(b"blob 5\0pass\n"))

    cache = tmp_path / "cache"
    assert sites(repository.path, base, head, cache) == []
    shutil.rmtree(repository.path)
    honest.rename(repository.path)
    assert sites(repository.path, base, head, cache) == [("b.py", 1), ("b.py", 3)]


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    repository, base, head = made(tmp_path)
    taken = tmp_path / "file"
    taken.write_text("no folder")
    assert sites(repository.path, base, head, taken) == [("b.py", 1), ("b.py", 3)]


def test_a_folder_that_somebody_else_put_there_is_not_used(tmp_path: Path) -> None:
    repository, base, head = made(tmp_path)
    cache, theirs = tmp_path / "cache", tmp_path / "theirs"
    sites(repository.path, base, head, cache)
    (folder,) = (cache / "repositories").iterdir()
    folder.rename(theirs)
    folder.symlink_to(theirs)
    before = {path: path.stat().st_mtime_ns for path in theirs.iterdir()}

    assert sites(repository.path, base, head, cache) == [("b.py", 1), ("b.py", 3)]
    assert {path: path.stat().st_mtime_ns for path in theirs.iterdir()} == before


def test_the_repositories_that_were_not_looked_at_for_longest_make_room(tmp_path: Path) -> None:
    repository, _, _ = made(tmp_path)
    cache = tmp_path / "cache"
    others = [cache / "repositories" / name for name in ("old", "newer")]
    for day, folder in enumerate(others):
        folder.mkdir(parents=True)
        (folder / "index-1.sqlite").write_bytes(b"x" * 1_000)
        os.utime(folder, (day, day))

    with (
        Objects(repository.path) as objects,
        local_index(cache, repository.path, Git(repository.path), objects, 1_500) as index,
    ):
        assert index is not None
    assert [folder.exists() for folder in others] == [False, True]
    assert len(list((cache / "repositories").iterdir())) == 2
