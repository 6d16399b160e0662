"""The upkeep of clones: packed and warmed in idle time, healed after a crash, shared by reviews."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.identifiers import Sha
from tests.fakes.git_repository import GitRepository
from tests.fakes.git_server import GitServer, serve_git
from tests.repository.test_git_clones import bare, clones, pull_request
from workers.repository.clones import housekeeping
from workers.repository.clones.clone import Clone
from workers.repository.clones.git import Git
from workers.repository.clones.locks import locked
from workers.repository.clones.trees import list_tree
from workers.repository.index.database import open_index


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    (tmp_path / "acme").mkdir()
    with serve_git(tmp_path) as running:
        yield running


@pytest.fixture
def shop(tmp_path: Path, server: GitServer) -> GitRepository:
    return GitRepository(tmp_path / "acme" / "shop.git")


def facts(server: GitServer) -> set[str]:
    """The names of what the index knows."""
    with closing(open_index(bare(server).parent)) as index, index.reading() as connection:
        return {name for (name,) in connection.execute("SELECT name FROM fact")}


def loose(server: GitServer) -> int:
    """How many objects are not in a pack."""
    return len(list(bare(server).glob("objects/??/*")))


def test_many_fetches_become_one_pack_and_what_no_ref_reaches_goes(
    server: GitServer, shop: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "MOST_LOOSE", 5)
    repositories = clones(server)
    base = shop.commit({"a": "1\n"})
    heads = [shop.commit({"a": f"{n}\n"}, parent=base, branch="topic") for n in range(4)]
    for head in heads:
        with repositories.open(pull_request(base, head)):
            pass
    before = loose(server)

    repositories.tidy(pull_request(base, base).ref.repository, lambda: True)

    git = Git(bare(server))
    assert (before > 5, loose(server), len(list(bare(server).glob("objects/pack/*.pack")))) == (
        True, 0, 1,
    )  # fmt: skip
    assert list_tree(git, heads[-1], 9).names == ("a",)
    known = git.run("cat-file", "--batch-all-objects", "--batch-check").decode()
    assert heads[0] not in known
    requests = len(server.requests)
    with repositories.open(pull_request(base, heads[-1])) as code:
        assert code.read(heads[-1], "a") == b"3\n"
    assert len(server.requests) == requests


def test_a_clone_that_somebody_reads_is_not_packed(
    server: GitServer, shop: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "MOST_LOOSE", 0)
    base = shop.commit({"a": "1\n"})
    with clones(server).open(pull_request(base, base)) as code:
        assert not housekeeping.pack(Clone(bare(server).parent))
        assert code.read(base, "a") == b"1\n"
    assert housekeeping.pack(Clone(bare(server).parent))


def test_idle_time_parses_what_no_review_touched_and_leaves_when_somebody_waits(
    server: GitServer, shop: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"m{n}.py": f"def f{n}(): pass\n" for n in range(130)}
    monkeypatch.setattr(housekeeping, "MOST_BYTES_A_LINE", 1e6)  # the tables alone outweigh these
    base = shop.commit({**files, "readme.md": "words\n", "big.py": "#" * 600_001})
    repositories = clones(server)
    with repositories.open(pull_request(base, base)):
        pass
    where = pull_request(base, base).ref.repository
    asked = iter([False, False, True])

    repositories.tidy(where, lambda: next(asked))
    some = facts(server)
    repositories.tidy(where, lambda: False)

    assert (len(some), len(facts(server))) == (40, 130)


def test_an_index_does_not_outgrow_the_text(
    server: GitServer, shop: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = shop.commit({f"m{n}.py": f"def f{n}(): pass\n" for n in range(130)})
    monkeypatch.setattr(housekeeping, "MOST_BYTES_A_LINE", 0.0)
    repositories = clones(server)
    with repositories.open(pull_request(base, base)):
        pass

    repositories.tidy(pull_request(base, base).ref.repository, lambda: False)

    assert facts(server) == set()


def test_nothing_is_tidied_where_nothing_was_cloned(server: GitServer, shop: GitRepository) -> None:
    clones(server).tidy(pull_request(Sha("a" * 40), Sha("a" * 40)).ref.repository, lambda: False)

    assert not (server.root / "data").exists()


def test_an_index_mostly_of_files_long_gone_begins_afresh(
    server: GitServer, shop: GitRepository
) -> None:
    base = shop.commit({"a.py": "run\n"})
    with clones(server).open(pull_request(base, base)) as code:
        code.grep(base, ["run"])
    with closing(open_index(bare(server).parent)) as index, index.writing() as connection:
        rows = [(os.urandom(20),) for _ in range(1_100)]
        connection.executemany("INSERT INTO blob(oid, lines, large) VALUES(?, 0, 0)", rows)

    clones(server).tidy(pull_request(base, base).ref.repository, lambda: False)

    with closing(open_index(bare(server).parent)) as index:
        assert index.sizes()[2] == 1


_REVIEW = """
import json, sys
from pathlib import Path
from tests.repository.test_git_clones import pull_request
from tests.fakes.git_server import TOKEN
from workers.repository.clones.bare_clones import BareClones
from workers.repository.knowledge import understand
data, url, base, head, number = sys.argv[1:]
clones = BareClones(Path(data), url, lambda _: TOKEN)
print("begun", flush=True)
with clones.open(pull_request(base, head, number=int(number))) as code:
    knowledge = understand(code, code.changes(), base, lambda path: False)
sites = sorted(site.path for symbol in knowledge.changed for site in symbol.sites)
print(json.dumps([sites, list(knowledge.notes)]))
"""


def review(server: GitServer, base: Sha, head: Sha, number: int) -> subprocess.Popen[str]:
    """One review in a process of its own."""
    arguments = [str(server.root / "data"), server.url, base, head, str(number)]
    return subprocess.Popen(
        [sys.executable, "-c", _REVIEW, *arguments], stdout=subprocess.PIPE, text=True
    )


def test_reviews_of_one_repository_in_several_processes_do_not_disturb_each_other(
    server: GitServer, shop: GitRepository
) -> None:
    users = {f"u{n}.py": "from a import run\nrun()\n" for n in range(20)}
    base = shop.commit({"a.py": "def run():\n    return 1\n", **users})
    change = {"a.py": "def run(x):\n    return x\n"}
    heads = [
        shop.commit({**change, "n.py": f"{n}\n"}, parent=base, branch=f"t{n}") for n in range(4)
    ]

    processes = [review(server, base, head, number) for number, head in enumerate(heads, 1)]
    said = [process.communicate(timeout=60)[0].splitlines() for process in processes]

    sites = sorted([f"u{n}.py" for n in range(20) for _ in range(2)])
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert [json.loads(lines[-1]) for lines in said] == [[sites, []]] * 4


@pytest.mark.skipif(sys.platform != "linux", reason="children are read from /proc")
def test_git_and_its_review_killed_in_the_middle_of_a_fetch_leave_a_clone_that_heals(
    server: GitServer, shop: GitRepository
) -> None:
    base = shop.commit({f"f{n}.py": f"x = {n}\n" * 50 for n in range(200)})
    head = shop.commit({"f0.py": "x = 'new'\n"})
    killed: list[int] = []

    def kill_the_first_fetch() -> None:
        if not killed and server.fetches:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            killed.extend(int(pid) for pid in children.read_text().split())
            for group in killed:
                os.killpg(group, signal.SIGKILL)  # git is given a process group of its own
            os.kill(process.pid, signal.SIGKILL)

    server.watch = kill_the_first_fetch
    process = review(server, base, head, 1)
    process.communicate(timeout=60)
    with locked(Clone(bare(server).parent).fetch_lock, 20.0):
        pass  # nobody holds it any more
    (bare(server) / "objects/pack").mkdir(exist_ok=True, parents=True)
    (bare(server) / "objects/pack/tmp_pack_killed").write_bytes(b"half a pack")

    with clones(server).open(pull_request(base, head, number=1)) as code:
        assert code.read(head, "f0.py") == b"x = 'new'\n"

    assert (killed != [], process.returncode) == (True, -signal.SIGKILL)
    assert not list(bare(server).rglob("tmp_*"))
