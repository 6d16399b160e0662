"""The word index finds what `git grep -w` finds, and is built anew when it is of no use."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.identifiers import BlobId, Sha
from tests.fakes.git_repository import GitRepository, executable, link, submodule
from workers.repository.clones.git import Git
from workers.repository.clones.grep import GrepCaps, Match, grep_words
from workers.repository.clones.objects import Objects
from workers.repository.clones.trees import list_tree
from workers.repository.index import building, database, repository_index
from workers.repository.index.database import Unindexed, open_index
from workers.repository.index.parsed_files import blob_id
from workers.repository.index.repository_index import RepositoryIndex

WORDS = ["run", "Run", "r", "run_it", "_x9", "404", "a", "no"]
BETWEEN = [b" ", b"\n", b"\r\n", b"$", "é".encode(), b"\xff", b".", b"-", b"\0", b"\t"]
CONTENT = st.lists(
    st.sampled_from([*(word.encode() for word in WORDS), *BETWEEN]), max_size=60
).map(b"".join)
PATHS = ["a.py", "b/c.py", "b/é.txt", "b.py", "Z", "b/c!/d", "é/a", "c/1", "c/2", "c/3", "c/4"]


@dataclass(frozen=True)
class Both:
    """One commit, searched by git and by the index."""

    repository: GitRepository
    commit: Sha
    index: RepositoryIndex
    git: Git

    def by_git(self, words: list[str], under: str = "") -> list[Match]:
        """What git finds."""
        return list(grep_words(self.git, self.commit, words, under, GrepCaps()))

    def by_index(self, words: list[str], under: str = "") -> list[Match]:
        """What the index finds."""
        tree = list_tree(self.git, self.commit, 1000)
        return list(self.index.find(self.commit, tree, words, under, GrepCaps()))


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return GitRepository(tmp_path / "shop.git")


@pytest.fixture
def objects(repository: GitRepository) -> Iterator[Objects]:
    with Objects(repository.path) as opened:
        yield opened


@pytest.fixture
def index(repository: GitRepository, objects: Objects) -> Iterator[RepositoryIndex]:
    git = Git(repository.path)
    with closing(RepositoryIndex(repository.path.parent, git, objects)) as opened:
        yield opened


@pytest.fixture
def both(repository: GitRepository, index: RepositoryIndex) -> Both:
    commit = repository.commit({"a.py": "run = 1\nrunner\n", "b.py": "x\nRUN(run)\n"})
    return Both(repository, commit, index, Git(repository.path))


PHRASES = ["run.r", "run-r", "$run", ".r", "a.", "run_it.a", "é", "no é", "r$a-no", "404.a"]


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.fixed_dictionaries(dict.fromkeys(PATHS, CONTENT)),
    st.lists(st.sampled_from(PHRASES), min_size=4, max_size=4),
)
def test_the_index_finds_texts_of_several_words_too(
    files: dict[str, bytes], asked: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository = GitRepository(Path(folder) / "shop.git")
        held = {"c.py": "run.r no é 404.a\nrun_it.a $run a.\n"}
        commit = repository.commit({**files, **held})
        git = Git(repository.path)
        with (
            Objects(repository.path) as objects,
            closing(RepositoryIndex(Path(folder), git, objects)) as index,
        ):
            both = Both(repository, commit, index, git)
            for text in asked:
                if text != "é":
                    assert both.by_index([text]) == both.by_git([text])
                else:
                    with pytest.raises(Unindexed, match="do not all hold words"):
                        both.by_index([text])


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.fixed_dictionaries(dict.fromkeys(PATHS, CONTENT)),
    st.lists(st.lists(st.sampled_from(WORDS), max_size=3), min_size=3, max_size=3),
)
def test_the_index_finds_what_git_finds(files: dict[str, bytes], asked: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository = GitRepository(Path(folder) / "shop.git")
        commit = repository.commit({**files, "c.py": "run\n"})
        git = Git(repository.path)
        with (
            Objects(repository.path) as objects,
            closing(RepositoryIndex(Path(folder), git, objects)) as index,
        ):
            both = Both(repository, commit, index, git)
            for words in asked:
                for under in ("", "b", "a.py", "./", "nowhere"):
                    assert both.by_index(words, under) == both.by_git(words, under)


def test_what_is_no_file_of_this_commit_is_not_searched(
    repository: GitRepository, index: RepositoryIndex
) -> None:
    repository.commit({"gone.py": "run old\n", "kept.py": "run\n", "same.py": "run\n"})
    commit = repository.commit(
        {
            "gone.py": None,
            "link": link("run"),
            "tool": executable("run tool\n"),
            "sub": submodule("a" * 40),
            "data.bin": b"run\0",
        }
    )
    both = Both(repository, commit, index, Git(repository.path))

    found = both.by_index(["run"])

    assert found == both.by_git(["run"])
    assert [path for path, _, _ in found] == ["kept.py", "same.py", "tool"]


def test_only_what_differs_is_read_for_the_next_commit(
    repository: GitRepository, index: RepositoryIndex, objects: Objects
) -> None:
    git = Git(repository.path)
    first = repository.commit({f"f{n}.py": f"run{n}\n" for n in range(20)})
    second = repository.commit({"f3.py": "walk\n", "f4.py": None})
    index.cover(first, list_tree(git, first, 100))

    with closing(open_index(repository.path.parent)) as file:
        read = building.cover(file, git, second, list_tree(git, second, 100), 10)
        again = building.cover(file, git, second, list_tree(git, second, 100), 10)

    assert (read, again) == (1, 0)
    assert [hit[0] for hit in Both(repository, second, index, git).by_index(["walk"])] == ["f3.py"]


def test_a_commit_that_git_forgot_does_not_stop_the_next(
    both: Both, repository: GitRepository
) -> None:
    both.by_index(["run"])
    with closing(open_index(repository.path.parent)) as file, file.writing() as connection:
        connection.execute("INSERT INTO covered(sha) VALUES(?)", ("f" * 40,))
    later = repository.commit({"new.py": "run\n"})

    newer = Both(repository, later, both.index, both.git)

    assert newer.by_index(["run"]) == newer.by_git(["run"])


@pytest.mark.parametrize("words", [["..."], ["run", "é"], ["run\tit"], ["x" * 201]])
def test_what_holds_no_word_is_gits(both: Both, words: list[str]) -> None:
    with pytest.raises(Unindexed, match="do not all hold words"):
        both.by_index(words)


def test_a_file_too_large_for_the_index_is_searched_by_git(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (building, "workers.repository.index.search"):
        monkeypatch.setattr(f"{getattr(module, '__name__', module)}.LARGEST_BYTES", 12)

    assert both.by_index(["run"]) == both.by_git(["run"]) != []


def test_a_word_in_very_many_files_is_gits(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.repository.index.search.MOST_BLOBS", 1)
    with pytest.raises(Unindexed, match=r"more than 1 files may hold one of \['run'\]"):
        both.by_index(["run"])


def test_a_large_repository_is_answered_by_git_until_it_was_indexed_in_idle_time(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository_index, "BUILT_FIRST_FILES", 1)
    with pytest.raises(Unindexed, match="the repository is large"):
        both.by_index(["run"])

    both.index.cover(both.commit, list_tree(both.git, both.commit, 100))

    assert both.by_index(["run"]) == both.by_git(["run"])


def test_a_damaged_index_is_deleted_built_anew_and_told(
    both: Both, repository: GitRepository, caplog: pytest.LogCaptureFixture
) -> None:
    both.by_index(["run"])
    both.index.close()
    [path] = repository.path.parent.glob("index-*.sqlite")
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"rotten" * (len(whole) // 6))

    with suppress(Unindexed):  # it is noticed when it is opened, or when it is read
        both.by_index(["run"])

    assert both.by_index(["run"]) == both.by_git(["run"])
    assert not path.exists()
    assert "built anew" in caplog.text


def test_an_index_of_another_version_is_deleted(
    both: Both, repository: GitRepository, caplog: pytest.LogCaptureFixture
) -> None:
    both.by_index(["run"])
    both.index.close()
    [path] = repository.path.parent.glob("index-*.sqlite")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE made SET version = 'older'")

    assert both.by_index(["run"]) == both.by_git(["run"])
    assert not path.exists()
    assert "another version made it" in caplog.text


def test_nothing_is_written_while_another_process_writes(
    both: Both, repository: GitRepository
) -> None:
    with (
        closing(open_index(repository.path.parent)) as writer,
        writer.writing(),
        pytest.raises(Unindexed, match="another process writes"),
    ):
        both.by_index(["run"])

    assert both.by_index(["run"]) == both.by_git(["run"])


def test_facts_are_recalled_by_a_later_review(index: RepositoryIndex) -> None:
    index.keep({"one": b"1", "two": b"2"})
    index.close()
    index.keep({"two": b"3"})

    assert index.recall(["one", "two", "three"]) == {"one": b"1", "two": b"3"}
    assert index.recall(map(str, range(2000))) == {}


def test_where_no_index_can_be_kept_git_answers(both: Both, tmp_path: Path) -> None:
    nowhere = RepositoryIndex(tmp_path / "missing", both.git, Objects(both.repository.path))

    with pytest.raises(Unindexed, match="no index can be kept"):
        nowhere.find(both.commit, list_tree(both.git, both.commit, 9), ["run"], "", GrepCaps())
    nowhere.keep({"a": b""})
    assert nowhere.recall(["a"]) == {}


def test_an_sqlite_without_a_word_index_leaves_it_to_git(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_SCHEMA", database._SCHEMA.replace("fts5", "not_built_in"))
    with pytest.raises(Unindexed, match="no such module: not_built_in"):
        both.by_index(["run"])

    assert not list(both.repository.path.parent.glob("index-*"))


def test_two_that_open_it_first_share_one(both: Both) -> None:
    folder = both.repository.path.parent
    with closing(open_index(folder)) as one, closing(open_index(folder)) as other:
        assert one.path == other.path


def test_a_blobs_name_is_gits(repository: GitRepository) -> None:
    commit = repository.commit({"a": "text\n"})
    oid = repository.git("rev-parse", f"{commit}:a").decode().strip()

    assert blob_id(b"text\n") == BlobId(oid)
