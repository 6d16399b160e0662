"""The code of one review as a pack, and read from it as it was read before."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.identifiers import Sha
from bot.errors import PermanentError, UserError
from bot.ports import Code
from tests.fakes.proposal import Proposal, propose
from workers.repository.clones import packing
from workers.repository.clones.local import borrowed
from workers.repository.clones.packing import Packed, PackedRepository, unpack, write_pack

FILES = {"shop/cart.py": "def total(prices):\n    return sum(prices)\n", "README": "A shop.\n"}


@pytest.fixture
def proposal(tmp_path: Path) -> Proposal:
    return propose(
        tmp_path / "there",
        FILES,
        {"shop/cart.py": "def total(prices):\n    return sum(prices[1:])\n"},
        tip={"shop/later.py": "import shop.cart\n"},
    )


def packed(proposal: Proposal, folder: Path) -> Packed:
    folder.mkdir()
    with borrowed(proposal.repository.path) as git:
        return write_pack(git, proposal.pull, folder)


def unpacked(proposal: Proposal, folder: Path) -> PackedRepository:
    return unpack(packed(proposal, folder), folder / "code", wide=False)


def told(code: Code, proposal: Proposal) -> list[object]:
    """All that a review can ask of the code."""
    pull = proposal.pull
    commits = (pull.merge_base, pull.head, pull.base_tip)
    return [
        code.changes(),
        [code.paths(commit) for commit in commits],
        [code.read(commit, path) for commit in commits for path in code.paths(commit)],
        [code.grep(commit, ["total"]) for commit in commits],
        code.search(pull.head, "sum.*1"),
        code.history("shop/cart.py"),
        code.past_changes(),
    ]


def test_the_packed_code_answers_as_the_repository_did(proposal: Proposal, tmp_path: Path) -> None:
    repository = unpacked(proposal, tmp_path / "export")
    with proposal.code() as theirs, repository.open(proposal.pull) as ours:
        assert told(ours, proposal) == told(theirs, proposal)


def test_history_that_is_too_long_ends_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_COMMITS", 3)
    proposal = propose(tmp_path / "there", FILES, {"README": "Ours.\n"})
    for number in range(5):
        proposal.repository.commit({"README": f"{number}\n"}, message=f"Say {number}")
    base = proposal.repository.tip()
    head = proposal.repository.commit({"a": "1\n"}, branch="later", parent=base)
    proposal.says(merge_base=base, base_tip=base, head=head)
    repository = unpacked(proposal, tmp_path / "export")
    with repository.open(proposal.pull) as code:
        told = [line.partition(" ")[2].partition(" ")[2] for line in code.history("README")]
        assert told == ["Say 4", "Say 3", "was not fetched)"]
        assert code.past_changes().cut


def test_a_commit_that_was_cleaned_up_is_named(proposal: Proposal, tmp_path: Path) -> None:
    gone = Sha("f" * 40)
    with pytest.raises(PermanentError, match=f"commit {gone} of acme/parcel#7 was cleaned up"):
        packed(proposal.says(head=gone), tmp_path / "export")


@pytest.mark.parametrize("name", ["--upload-pack=x", "HEAD", "a" * 39, "a" * 40 + "\n"])
def test_what_is_no_commit_never_reaches_git(proposal: Proposal, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no commit"):
        packed(proposal.says(base_tip=Sha(name)), tmp_path / "export")


def test_a_pack_of_another_change_is_refused(proposal: Proposal, tmp_path: Path) -> None:
    repository = unpacked(proposal, tmp_path / "export")
    other = proposal.says(head=Sha("e" * 40)).pull
    with pytest.raises(UserError, match="does not hold the commits"), repository.open(other):
        pass


@pytest.mark.parametrize("content", [b"", b"PACK", b"PACK\0\0\0\2\xff\xff\xff\xff" + b"x" * 100])
def test_what_is_no_pack_is_refused(tmp_path: Path, content: bytes) -> None:
    pack = tmp_path / "code.pack"
    pack.write_bytes(content)
    with pytest.raises(UserError, match="the export's code cannot be read"):
        unpack(Packed(pack, ()), tmp_path / "code", wide=False)


def test_an_end_of_history_that_is_no_commit_is_refused(proposal: Proposal, tmp_path: Path) -> None:
    made = packed(proposal, tmp_path / "export")
    with pytest.raises(UserError, match="an end of history that is no commit"):
        unpack(Packed(made.pack, (Sha("../../x"),)), tmp_path / "code", wide=False)
