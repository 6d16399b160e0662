"""Reading a range of a repository on this machine."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.errors import LimitExceeded, RangeError, UserError
from bot.ports import Code
from tests.fakes.git_repository import GitRepository, executable, git, link, submodule
from workers.repository.clones.code import RENAME_LIMIT, ReadCaps
from workers.repository.clones.git import Git, GitFailed
from workers.repository.clones.grep import GrepCaps
from workers.repository.clones.local import open_local, resolve_range
from workers.repository.index.blob_stream import stream_blobs


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return GitRepository(tmp_path / "shop.git")


def test_a_review_reads_both_commits_and_follows_no_link(repository: GitRepository) -> None:
    base = repository.commit({"src/a.py": "one = 1\n", "src/old.py": "x\n" * 9})
    head = repository.commit(
        {
            "src/a.py": "one = 2\n",
            "src/old.py": None,
            "src/new.py": "x\n" * 9,
            "passwords": link("/etc/passwd"),
            "vendored": submodule("1" * 40),
            "run": executable("#!/bin/sh\n"),
        }
    )
    with open_local(repository.path, base, head) as opened:
        code: Code = opened
        assert code.read(base, "src/a.py") == b"one = 1\n"
        assert code.read(head, "src/a.py") == b"one = 2\n"
        assert code.read(head, "src/old.py") is None
        assert code.read(head, "passwords") == b"/etc/passwd"
        assert code.read(head, "vendored") is None
        assert code.paths(head) == ("passwords", "run", "src/a.py", "src/new.py")
        assert code.paths(head, "src") == ("src/a.py", "src/new.py")
        assert [(c.status, c.kind, c.old_path, c.path) for c in code.changes().files] == [
            ("added", "symlink", None, "passwords"),
            ("added", "text", None, "run"),
            ("modified", "text", "src/a.py", "src/a.py"),
            ("renamed", "text", "src/old.py", "src/new.py"),
            ("added", "submodule", None, "vendored"),
        ]


def test_any_path_name_can_be_listed_read_searched_and_compared(repository: GitRepository) -> None:
    names = {
        b'quo"te.py': 'quo"te.py',
        b"tab\there.py": "tab\there.py",
        b"new\nline.py": "new\\nline.py",
        b"back\\slash.py": "back\\slash.py",
        b" space .py": " space .py",
        b"-rf.py": "-rf.py",
        b":(top)x.py": ":(top)x.py",
        "grün/日本.py".encode(): "grün/日本.py",
        b"latin\xff.py": "latin\\xff.py",
    }
    base = repository.commit({"README": "hello\n"})
    files = {os.fsdecode(raw): f"needle = {text!r}\n" for raw, text in names.items()}
    head = repository.commit(files)
    with open_local(repository.path, base, head) as code:
        wanted = sorted(names.values())
        assert [p for p in code.paths(head) if p != "README"] == wanted
        assert sorted(c.path for c in code.changes().files) == wanted
        assert sorted(path for path, _, _ in code.grep(head, ["needle"])) == wanted
        for text in wanted:
            assert code.read(head, text) == f"needle = {text!r}\n".encode()


def test_words_are_found_whole_and_patterns_as_written(repository: GitRepository) -> None:
    head = repository.commit(
        {"a.py": "total(1)\nsubtotal(2)\ntotal_x\n", "lib/b.js": "$el.total\n", "c": b"total\0\n"}
    )
    with open_local(repository.path, head, head) as code:
        assert code.grep(head, ["total", "$el", ""]) == (
            ("a.py", 1, "total(1)"),
            ("lib/b.js", 1, "$el.total"),
        )
        assert code.grep(head, ["total"], "lib") == (("lib/b.js", 1, "$el.total"),)
        assert code.grep(head, []) == ()
        assert code.search(head, r"total\([0-9]\)", limit=1) == (("a.py", 1, "total(1)"),)
        assert code.search(head, "--output=x") == ()
        with pytest.raises(UserError, match=r"'\(' is not an extended regular expression"):
            code.search(head, "(")
        with pytest.raises(UserError, match="one line"):
            code.search(head, "a\nb")


def test_a_commit_that_is_not_part_of_the_review_cannot_be_read(repository: GitRepository) -> None:
    other = repository.commit({"secret": "1"})
    head = repository.commit({"a": "2"})
    with (
        open_local(repository.path, head, head) as code,
        pytest.raises(ValueError, match="not a commit of this review"),
    ):
        code.read(other, "secret")


def test_history_ends_at_the_merge_base(repository: GitRepository) -> None:
    repository.commit({"a": "1", "b": "1"}, message="Begin")
    base = repository.commit({"a": "2"}, message="Second\n\nbody")
    head = repository.commit({"a": "3"}, message="The author's own words")
    with open_local(repository.path, base, head) as code:
        assert [line.split(" ", 2)[1:] for line in code.history("a")] == [
            ["2023-11-14", "Second"],
            ["2023-11-14", "Begin"],
        ]
        assert len(code.history("a", limit=1)) == 1
        assert code.history("gone") == ()


def test_attributes_of_the_pull_request_hide_no_code(repository: GitRepository) -> None:
    base = repository.commit({"pay.py": "ok\n"})
    head = repository.commit({"pay.py": "stolen\n", ".gitattributes": "*.py binary -diff\n"})
    with open_local(repository.path, base, head) as code:
        change = code.changes().file("pay.py")
        assert change is not None
        assert [(li.kind, li.text) for li in change.hunks[0].lines] == [
            ("-", "ok"),
            ("+", "stolen"),
        ]


def test_caps_are_said_never_silent(repository: GitRepository) -> None:
    base = repository.commit({"a.txt": "1\n"})
    head = repository.commit({"a.txt": "2\n", "big.txt": "x" * 99 + "\n", "blob": b"\0" * 9})
    with open_local(repository.path, base, head, caps=ReadCaps(blob_bytes=50)) as code:
        changes = code.changes()
        assert [(c.path, c.kind, c.truncated) for c in changes.files] == [
            ("a.txt", "text", False),
            ("big.txt", "text", True),
            ("blob", "binary", False),
        ]
        assert changes.notes == (
            "1 changed files are larger than 50 bytes and were not compared ('big.txt').",
        )
        assert code.read(head, "big.txt") is None
    with open_local(repository.path, base, head, caps=ReadCaps(diff_bytes=900)) as code:
        changes = code.changes()
        assert [c.path for c in changes.files] == ["a.txt", "big.txt", "blob"]
        assert any(c.truncated for c in changes.files)
        assert "not shown whole" in changes.notes[0]


def test_a_repository_of_nested_trees_ends_in_a_limit(repository: GitRepository) -> None:
    blob = repository.git("hash-object", "-w", "--stdin", stdin=b"x").decode().strip()
    entry = "".join(f"100644 blob {blob}\tf{n}\n" for n in range(10))
    for _ in range(8):
        tree = repository.git("mktree", stdin=entry.encode()).decode().strip()
        entry = "".join(f"040000 tree {tree}\td{n}\n" for n in range(10))
    base = repository.commit({"a": "1"})
    made = repository.git(
        "-c", "user.name=a", "-c", "user.email=a@b", "commit-tree", tree, "-p", base, "-m", "bomb"
    )
    head = type(base)(made.decode().strip())
    with (
        open_local(repository.path, base, head) as code,
        pytest.raises(LimitExceeded, match="more than 500000 paths"),
    ):
        code.changes()


def test_a_search_that_takes_too_long_is_ended(repository: GitRepository) -> None:
    head = repository.commit({"a": "x\n"})
    caps = ReadCaps(grep=GrepCaps(seconds=0.0))
    with (
        open_local(repository.path, head, head, caps=caps) as code,
        pytest.raises(LimitExceeded, match="git grep took more than 0 seconds"),
    ):
        code.search(head, "x")


def test_one_file_cannot_fill_a_search(repository: GitRepository) -> None:
    head = repository.commit({"a.min.js": "word\n" * 9, "b.js": f"word {'x' * 99}\n"})
    caps = ReadCaps(grep=GrepCaps(matches_per_file=2, line_characters=6))
    with open_local(repository.path, head, head, caps=caps) as code:
        assert code.grep(head, ["word"]) == (
            ("a.min.js", 1, "word"),
            ("a.min.js", 2, "word"),
            ("b.js", 1, "word x"),
        )


def test_renames_that_were_not_looked_for_are_said(repository: GitRepository) -> None:
    count = RENAME_LIMIT + 50
    body = "".join(f"line {n}\n" for n in range(9))
    base = repository.commit({f"old/{n}": f"{body}{n}\n" for n in range(count)})
    head = repository.commit(
        {f"old/{n}": None for n in range(count)}
        | {f"new/x{n}": f"{body}{n}!\n" for n in range(count)}
    )
    with open_local(repository.path, base, head) as code:
        notes = code.changes().notes
        assert f"More than {RENAME_LIMIT} files came or went: renames show as both." in notes


def test_a_linked_worktree_is_read_through_its_own_head(
    repository: GitRepository, tmp_path: Path
) -> None:
    base = repository.commit({"a": "1"})
    head = repository.commit({"a": "2"}, branch="topic", parent=base)
    repository.git("worktree", "add", "-q", str(tmp_path / "tree"), "topic")
    assert resolve_range(tmp_path / "tree", f"{base}..HEAD")[1] == head


def test_a_shallow_working_copy_says_what_to_do(repository: GitRepository, tmp_path: Path) -> None:
    fork = repository.commit({"a": "1"})
    repository.commit({"a": "2"})
    repository.commit({"b": "2"}, parent=fork, branch="topic")
    shallow = tmp_path / "shallow"
    address = f"file://{repository.path}"
    git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", address, str(shallow))
    with pytest.raises(RangeError, match="git fetch --unshallow"):
        resolve_range(shallow, "origin/main..origin/topic")


def test_a_missing_object_is_named(repository: GitRepository) -> None:
    head = repository.commit({"a": "1"})
    with open_local(repository.path, head, head) as code:
        entry = code.tree(head).entries["a"]
        (repository.path / "objects" / entry.oid[:2] / entry.oid[2:]).unlink()
        with pytest.raises(GitFailed, match=f"does not hold the blob {entry.oid}"):
            code.read(head, "a")


def test_a_partial_clone_is_told_how_to_be_completed(repository: GitRepository) -> None:
    head = repository.commit({"a": "1"})
    with open_local(repository.path, head, head) as code:
        oid = code.tree(head).entries["a"].oid
    (repository.path / "objects" / oid[:2] / oid[2:]).unlink()
    said = f"does not hold the file {oid}. Complete a partial clone first: git fetch --refetch"
    with pytest.raises(GitFailed, match=re.escape(said)):
        list(stream_blobs(Git(repository.path), [oid], 1_000, 60.0))


HOSTILE = """
[core]
    bare = false
    fsmonitor = {canary}
    sshCommand = {canary}
    hooksPath = {folder}
    attributesFile = {folder}/attributes
    pager = {canary}
[diff]
    external = {canary}
[diff "evil"]
    textconv = {canary}
    command = {canary}
[filter "evil"]
    clean = {canary}
    smudge = {canary}
[alias]
    diff-tree = !{canary}
    rev-parse = !{canary}
[remote "origin"]
    url = ext::{canary}
    promisor = true
[extensions]
    partialClone = origin
"""


def test_a_hostile_working_copy_executes_nothing(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q", "--initial-branch=main")
    (work / "a.py").write_text("one\n")
    (work / ".gitattributes").write_text("*.py diff=evil filter=evil\n")
    git(work, "add", ".")
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    git(work, *who, "commit", "-qm", "one")
    git(work, "switch", "-qc", "topic")
    (work / "a.py").write_text("two\n")
    git(work, *who, "commit", "-qam", "two")
    canary, fired = tmp_path / "canary", tmp_path / "fired"
    canary.write_text(f'#!/bin/sh\necho "$0 $@" >> {fired}\ncat\n')
    canary.chmod(0o755)
    (tmp_path / "attributes").write_text("* diff=evil filter=evil\n")
    (work / ".git/config").write_text(HOSTILE.format(canary=canary, folder=tmp_path))
    sub = work / "sub"
    sub.mkdir()
    base, head, tip = resolve_range(sub, "main..HEAD")
    with open_local(sub, base, head, tip) as code:
        assert [c.path for c in code.changes().files] == ["a.py"]
        assert code.grep(head, ["two"]) == (("a.py", 1, "two"),)
        assert len(code.history("a.py")) == 1
    assert not fired.exists()
    git(work, "diff", "main", "topic")
    assert fired.exists()  # the trap was armed


def test_a_range_is_resolved_as_a_pull_request_would_be(repository: GitRepository) -> None:
    fork = repository.commit({"a": "1"})
    tip = repository.commit({"b": "1"})
    head = repository.commit({"c": "1"}, parent=fork, branch="topic")
    repository.git("symbolic-ref", "HEAD", "refs/heads/topic")
    folder = repository.path
    for text in ("main..topic", "main...HEAD", "main", "", "main..", " main..HEAD "):
        assert resolve_range(folder, text) == (fork, head, tip)
    assert resolve_range(folder, "HEAD~1..HEAD") == (fork, head, fork)
    assert resolve_range(folder, f"{tip[:9]}..{head[:9]}") == (fork, head, tip)


def test_a_range_that_cannot_be_reviewed_is_refused_in_words(
    repository: GitRepository, tmp_path: Path
) -> None:
    repository.commit({"a": "1"})
    repository.commit({"z": "1"}, branch="island")
    with pytest.raises(RangeError, match="'nope' names no commit"):
        resolve_range(repository.path, "nope..HEAD")
    with pytest.raises(RangeError, match="'--output=x' names no commit"):
        resolve_range(repository.path, "--output=x..HEAD")
    with pytest.raises(RangeError, match="share no common ancestor; name two commits"):
        resolve_range(repository.path, "main..island")
    with pytest.raises(RangeError, match="HEAD holds nothing that 'main' lacks"):
        resolve_range(repository.path)
    with pytest.raises(RangeError, match="is not in a git repository"):
        resolve_range(tmp_path)
