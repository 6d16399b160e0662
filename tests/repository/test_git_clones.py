"""Fetching the commits of pull requests into bare clones, over real HTTP."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.past_changes import PastChanges
from bot.domain.pull_request import PullRef, PullRequest, RepositoryRef
from bot.errors import FetchFailed, LimitExceeded, Superseded
from bot.ports import Repositories
from tests.fakes.git_repository import GitRepository
from tests.fakes.git_server import TOKEN, GitServer, serve_git
from workers.repository.clones.bare_clones import BareClones, CloneCaps
from workers.repository.clones.clone import Clone
from workers.repository.clones.code import ReadCaps
from workers.repository.clones.fetching import Remote
from workers.repository.clones.git import GitFailed, environment
from workers.repository.clones.locks import locked


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    (tmp_path / "acme").mkdir()
    with serve_git(tmp_path) as running:
        yield running


@pytest.fixture
def shop(tmp_path: Path, server: GitServer) -> GitRepository:
    return GitRepository(tmp_path / "acme" / "shop.git")


def clones(server: GitServer, caps: CloneCaps | None = None) -> BareClones:
    return BareClones(server.root / "data", server.url, lambda _: TOKEN, caps)


def pull_request(
    base: Sha, head: Sha, tip: Sha | None = None, number: int = 7, repository: int = 42
) -> PullRequest:
    where = RepositoryRef(RepositoryId(repository), "acme/shop", InstallationId(1))
    return PullRequest(
        ref=PullRef(where, number), title="", body="", author="ada", state="open",
        base_branch="main", head_branch="topic", base_tip=tip or base, merge_base=base, head=head,
    )  # fmt: skip


def bare(server: GitServer, repository: int = 42) -> Path:
    return server.root / "data" / "repositories" / "1" / str(repository) / "git"


def test_one_fetch_brings_three_commits_and_the_next_review_fetches_nothing(
    server: GitServer, shop: GitRepository
) -> None:
    shop.commit({"a": "0\n"}, message="Older")
    base = shop.commit({"a": "1\n"})
    tip = shop.commit({"policy": "p\n"})
    head = shop.commit({"a": "2\n"}, parent=base, branch="topic")
    repositories: Repositories = clones(server)
    with repositories.open(pull_request(base, head, tip)) as code:
        assert [change.path for change in code.changes().files] == ["a"]
        assert (code.read(base, "a"), code.read(head, "a")) == (b"1\n", b"2\n")
        assert code.read(tip, "policy") == b"p\n"
    first = len(server.requests)
    with repositories.open(pull_request(base, head, tip)) as code:
        assert code.read(head, "a") == b"2\n"
    assert len(server.requests) == first


def test_a_push_brings_only_what_is_new_and_moves_the_refs(
    server: GitServer, shop: GitRepository
) -> None:
    base = shop.commit({"a": "1\n"})
    first = shop.commit({"a": "2\n"}, branch="topic", parent=base)
    second = shop.commit({"a": "3\n"}, branch="topic")
    repositories = clones(server)
    for head in (first, second):
        with repositories.open(pull_request(base, head)) as code:
            assert code.read(head, "a") is not None
    assert Clone(bare(server).parent).refs(7) == {"base": base, "tip": base, "head": second}


def test_a_forks_commit_that_is_not_given_by_its_id_comes_by_the_pulls_name(
    server: GitServer, shop: GitRepository
) -> None:
    """GitHub copies it while we ask: the id is unknown at first, then the name leads there."""
    base = shop.commit({"a": "1\n"})
    (server.root / "ada").mkdir()
    fork = GitRepository(server.root / "ada" / "shop.git")
    fork.git("fetch", "--quiet", str(shop.path), base)
    head = fork.commit({"a": "2\n"}, parent=base, branch="topic")

    def copied_after_the_first_fetch() -> None:
        if sum(line.startswith("GET") for line in server.requests) == 2:
            shop.git("fetch", "--quiet", str(fork.path), "topic:refs/pull/7/head")

    server.watch = copied_after_the_first_fetch
    with clones(server).open(pull_request(base, head)) as code:
        assert (code.read(base, "a"), code.read(head, "a")) == (b"1\n", b"2\n")
    assert Clone(bare(server).parent).refs(7) == {"base": base, "tip": base, "head": head}


def test_history_is_fetched_when_asked_for_and_says_where_it_ends(
    server: GitServer, shop: GitRepository
) -> None:
    for number in range(6):
        base = shop.commit({"a": f"{number}\n"}, message=f"Step {number}")
    head = shop.commit({"a": "new\n"}, message="The author's words")
    caps = CloneCaps(history_commits=3)
    with clones(server, caps).open(pull_request(base, head)) as code:
        lines = [line.split(" ", 2)[-1] for line in code.history("a")]
        assert lines == ["Step 5", "Step 4", "was not fetched)"]
    server.status = 503
    with clones(server).open(pull_request(base, head)) as code:
        assert code.history("a")[-1] == "(older history was not fetched)"


def test_past_changes_come_with_the_same_fetch_and_leave_out_where_the_clone_ends(
    server: GitServer, shop: GitRepository
) -> None:
    for number in range(6):
        base = shop.commit({"a": f"{number}\n", f"b{number}": ""})
    head = shop.commit({"a": "new\n"}, message="The author's words")
    with clones(server, CloneCaps(history_commits=3)).open(pull_request(base, head)) as code:
        assert code.past_changes() == PastChanges(
            (frozenset({"a", "b5"}), frozenset({"a", "b4"})), cut=True
        )
    server.status = 503
    with clones(server).open(pull_request(base, head)) as code:
        assert code.past_changes().cut


def test_the_token_is_nowhere_to_be_seen(server: GitServer, shop: GitRepository) -> None:
    base = shop.commit({"a": "1\n"})
    with clones(server).open(pull_request(base, base)):
        pass
    stored = [path for path in (server.root / "data").rglob("*") if path.is_file()]
    assert not [path for path in stored if TOKEN.encode() in path.read_bytes()]
    refused = BareClones(server.root / "other", server.url, lambda _: "wrong-token")
    with pytest.raises(FetchFailed) as error, refused.open(pull_request(base, base)):
        pass
    assert "wrong-token" not in str(error.value)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc here")
def test_no_process_shows_the_token_in_its_arguments(
    server: GitServer, shop: GitRepository
) -> None:
    base = shop.commit({"a": "1\n"})
    seen: list[bytes] = []

    def look() -> None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):  # a process that ended meanwhile
                seen.append(path.read_bytes())

    server.watch = look
    with clones(server).open(pull_request(base, base)):
        pass
    basic = b64encode(f"x-access-token:{TOKEN}".encode())
    assert any(b"fetch" in line and server.url.encode() in line for line in seen)
    assert not [line for line in seen if TOKEN.encode() in line or basic in line]


def test_a_short_history_that_came_whole_is_not_called_cut(
    server: GitServer, shop: GitRepository
) -> None:
    base = shop.commit({"a": "1\n"})
    head = shop.commit({"a": "2\n"}, branch="topic", parent=shop.commit({"b": "1\n"}, parent=base))
    with clones(server).open(pull_request(base, head)) as code:
        assert code.past_changes() == PastChanges((frozenset({"a"}),), cut=False)


def test_a_redirect_is_not_followed_with_the_token(
    server: GitServer, shop: GitRepository, tmp_path: Path
) -> None:
    base = shop.commit({"a": "1\n"})
    with serve_git(tmp_path) as elsewhere:
        server.location = elsewhere.url
        with pytest.raises(FetchFailed), clones(server).open(pull_request(base, base)):
            pass
        assert elsewhere.requests == []


def test_only_the_configured_protocol_is_spoken() -> None:
    spoken = {
        url: Remote(url, "acme/shop").configuration()["GIT_ALLOW_PROTOCOL"]
        for url in ("https://github.com", "http://127.0.0.1:1", "ssh://x", "ext::sh", "file:///x")
    }
    assert list(spoken.values()) == ["https", "http", "", "", ""]


def test_git_inherits_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("OPENAI_API_KEY", "GITHUB_TOKEN", "GIT_DIR", "GIT_SSH_COMMAND", "SSH_ASKPASS"):
        monkeypatch.setenv(key, "ours")
    assert "ours" not in environment({}).values()


def test_a_branch_that_moved_is_superseded_and_a_lost_commit_is_said(
    server: GitServer, shop: GitRepository
) -> None:
    base = shop.commit({"a": "1\n"})
    head = shop.commit({"a": "2\n"}, branch="topic", parent=base)
    gone = Sha("f" * 40)
    shop.pull(7, head)
    with (
        pytest.raises(Superseded, match=f"acme/shop#7 moved from {gone} to {head}"),
        clones(server).open(pull_request(base, gone)),
    ):
        pass
    with (
        pytest.raises(FetchFailed, match=f"not our ref {gone}"),
        clones(server).open(pull_request(base, gone, number=8)),
    ):
        pass


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_a_server_that_refuses_is_a_failed_fetch(
    server: GitServer, shop: GitRepository, status: int
) -> None:
    base = shop.commit({"a": "1\n"})
    server.status = status
    with (
        pytest.raises(FetchFailed, match="could not fetch"),
        clones(server).open(pull_request(base, base)),
    ):
        pass


def test_what_an_interrupted_fetch_left_is_swept_away(
    server: GitServer, shop: GitRepository
) -> None:
    base = shop.commit({"a": "1\n"})
    head = shop.commit({"a": "2\n"})
    with clones(server).open(pull_request(base, base)):
        pass
    git = bare(server)
    (git / "shallow.lock").write_text("")
    (git / "refs/plumbline/7/head.lock").write_text("")
    (git / "objects/pack/tmp_pack_x").write_bytes(b"half")
    with clones(server).open(pull_request(base, head)) as code:
        assert code.read(head, "a") == b"2\n"
    assert not list(git.rglob("*.lock")) + list(git.rglob("tmp_*"))


def test_a_damaged_clone_is_fetched_anew(server: GitServer, shop: GitRepository) -> None:
    base = shop.commit({"a": "1\n", "d/b": "1\n"})
    head = shop.commit({"a": "2\n"})
    with clones(server).open(pull_request(base, head)):
        pass
    for path in [*bare(server).glob("objects/??/*"), *bare(server).glob("objects/pack/*.pack")]:
        path.chmod(0o600)
        path.write_bytes(b"rotten")
    with clones(server).open(pull_request(base, head)) as code:
        assert code.read(head, "a") == b"2\n"


def _noise(seed: int) -> bytes:
    return b"".join(sha256(b"%d %d" % (seed, part)).digest() for part in range(190))


def test_damage_that_a_reader_meets_is_mended_before_the_next_review(
    server: GitServer, shop: GitRepository
) -> None:
    head = shop.commit({"a": "1\n"})
    pull = pull_request(head, head)
    with clones(server).open(pull) as code:
        oid = code.tree(head).entries["a"].oid
    blob = bare(server) / "objects" / oid[:2] / oid[2:]
    blob.chmod(0o600)
    blob.write_bytes(b"rotten")
    with pytest.raises(GitFailed), clones(server).open(pull) as code:
        code.read(head, "a")
    with clones(server).open(pull) as code:
        assert code.read(head, "a") == b"1\n"


def test_a_repository_over_its_cap_is_refused_and_not_kept(
    server: GitServer, shop: GitRepository
) -> None:
    base = shop.commit({f"f{n}": _noise(n) for n in range(9)})
    for most in (5_000, 20_000):  # less than one file, less than all of them
        with (
            pytest.raises(LimitExceeded, match=f"acme/shop holds more than {most} bytes"),
            clones(server, CloneCaps(clone_bytes=most)).open(pull_request(base, base)),
        ):
            pass
        assert not list(bare(server).rglob("tmp_*"))
    assert not bare(server).exists()


def test_too_many_paths_end_in_a_limit(server: GitServer, shop: GitRepository) -> None:
    base = shop.commit({f"f{n}": "" for n in range(9)})
    caps = CloneCaps(read=ReadCaps(paths=8))
    with (
        pytest.raises(LimitExceeded, match="more than 8 paths"),
        clones(server, caps).open(pull_request(base, base)),
    ):
        pass


def test_the_clone_that_was_used_longest_ago_makes_room_but_none_in_use(
    server: GitServer, shop: GitRepository
) -> None:
    base = shop.commit({"a": "1\n"})
    caps = CloneCaps(total_bytes=1)
    with clones(server).open(pull_request(base, base, repository=1)):
        pass
    with clones(server).open(pull_request(base, base, repository=2)) as in_use:
        with clones(server, caps).open(pull_request(base, base, repository=3)) as code:
            assert code.read(base, "a") == b"1\n"
        assert not bare(server, 1).exists()
        assert in_use.read(base, "a") == b"1\n"
        assert bare(server, 2).exists()


def test_two_reviews_share_a_clone(server: GitServer, shop: GitRepository) -> None:
    base = shop.commit({"a": "1\n"})
    repositories = clones(server)
    with (
        repositories.open(pull_request(base, base)) as one,
        repositories.open(pull_request(base, base, number=8)) as other,
    ):
        assert one.read(base, "a") == other.read(base, "a") == b"1\n"


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    holder = (
        "import sys, time, pathlib\n"
        "from workers.repository.clones.locks import locked\n"
        "with locked(pathlib.Path(sys.argv[1]), 1):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(FetchFailed, match=r"has held .* for 0.1 seconds"), locked(path, 0.1):
            pass
        process.kill()
    with locked(path, 1):
        pass


def test_a_name_that_is_no_name_reaches_no_server(server: GitServer, shop: GitRepository) -> None:
    base = shop.commit({"a": "1\n"})
    pull = pull_request(base, base)
    odd = replace(pull.ref.repository, full_name="../../etc")
    with (
        pytest.raises(FetchFailed, match="is not a repository's name"),
        clones(server).open(replace(pull, ref=replace(pull.ref, repository=odd))),
    ):
        pass
    assert server.requests == []
