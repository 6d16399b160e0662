"""Files that usually change together, over real histories."""

from __future__ import annotations

from pathlib import Path

from bot.domain.jobs import Trigger
from bot.domain.past_changes import PastChanges
from tests.fakes.answers import rooms
from tests.fakes.git_repository import GitRepository
from tests.fakes.proposal import propose
from workers.repository.clones.local import open_local
from workers.repository.companions import Companion, left_behind, too_shallow


def nothing(_path: str) -> bool:
    return False


def history(folder: Path, *commits: set[str]) -> GitRepository:
    """One commit for each set of paths, oldest first."""
    repository = GitRepository(folder / "repository.git")
    for number, paths in enumerate(commits):
        repository.commit(dict.fromkeys(paths, f"{number}\n"))
    return repository


def test_a_file_that_usually_changes_too_and_does_not_this_time_is_told(tmp_path: Path) -> None:
    both, alone = {"form.py", "form.html"}, {"form.py"}
    repository = history(tmp_path, {*both, "other.py"}, both, both, alone, both, {"other.py"})
    base = repository.tip()
    head = repository.commit({"form.py": "new\n"}, branch="topic", parent=base)
    with open_local(repository.path, base, head) as code:
        past = code.past_changes()
        found = left_behind(code.changes(), past, code.paths(head), nothing)

    assert past == PastChanges(
        (
            frozenset({"other.py"}),
            frozenset(both),
            frozenset(alone),
            frozenset(both),
            frozenset(both),
            frozenset({*both, "other.py"}),
        )
    )
    assert found == (Companion("form.py", "form.html", together=4, commits=5),)
    assert str(found[0]) == (
        "form.html changed together with form.py in 4 of its last 5 commits; "
        "this change leaves form.html"
    )


def test_what_changes_too_or_is_gone_or_left_out_or_no_source_is_not_told(tmp_path: Path) -> None:
    files = {"a.py", "b.py", "gone.py", "vendor/c.py", "uv.lock", "CHANGELOG.md", "secret/d.py"}
    repository = history(tmp_path, *[files] * 5)
    base = repository.commit({"gone.py": None})
    head = repository.commit({"a.py": "x", "b.py": "x"}, branch="topic", parent=base)
    with open_local(repository.path, base, head) as code:
        found = left_behind(
            code.changes(), code.past_changes(), code.paths(head), lambda p: p.startswith("secret/")
        )

    assert found == ()


def test_a_test_is_named_only_where_no_test_changed(tmp_path: Path) -> None:
    usual = {"pay.py", "tests/test_pay.py", "tests/test_shop.py"}
    repository = history(tmp_path, *[usual] * 5)
    base = repository.tip()
    alone = repository.commit({"pay.py": "x"}, branch="alone", parent=base)
    tested = {"pay.py": "x", "tests/test_shop.py": "x"}
    with_test = repository.commit(tested, branch="tested", parent=base)
    named = {}
    for head in (alone, with_test):
        with open_local(repository.path, base, head) as code:
            found = left_behind(code.changes(), code.past_changes(), code.paths(head), nothing)
            named[head] = [one.companion for one in found]

    assert named == {alone: ["tests/test_pay.py", "tests/test_shop.py"], with_test: []}


def test_a_sweep_over_many_files_couples_nothing(tmp_path: Path) -> None:
    repository = history(tmp_path, *[{f"f{number}.py" for number in range(30)}] * 6)
    base = repository.tip()
    head = repository.commit({"f1.py": "x"}, branch="topic", parent=base)
    with open_local(repository.path, base, head) as code:
        assert left_behind(code.changes(), code.past_changes(), code.paths(head), nothing) == ()


def test_hostile_names_make_no_commit(tmp_path: Path) -> None:
    names = {"\n" + "a" * 40, "c" * 40, "a\x01b"}
    repository = history(tmp_path, names)
    base = repository.tip()
    with open_local(repository.path, base, base) as code:
        [commit] = code.past_changes().commits

    assert commit == {"\\n" + "a" * 40, "c" * 40, "a\\x01b"}


def test_a_shallow_past_is_too_little_and_says_so() -> None:
    few = (frozenset({"a.py"}),) * 29
    assert too_shallow(PastChanges(few, cut=True)) == (
        "files that usually change together: not looked for, "
        "only 29 earlier commits are in this clone"
    )
    assert too_shallow(PastChanges(few)) == ""
    assert too_shallow(PastChanges((*few, frozenset()), cut=True)) == ""


def test_a_model_is_told_of_it_in_a_standard_review_but_not_in_a_light_one(tmp_path: Path) -> None:
    proposal = propose(tmp_path, {"form.py": "0\n", "form.html": "0\n"}, {})
    repository = proposal.repository
    for number in range(1, 6):
        both = dict.fromkeys(("form.py", "form.html"), f"{number}\n")
        base = repository.commit(both, parent=repository.tip(), message="Go on")
    head = repository.commit({"form.py": "x = 1\n"}, parent=base, branch="topic")
    proposal.says(merge_base=base, base_tip=base, head=head)

    for effort, told in (("standard", True), ("light", False)):
        model = rooms()
        proposal.reviewed(model, effort=effort, trigger=Trigger("rerequest", id=effort))
        [hunt, *_] = model.asked("hunt")
        read = "\n".join(message.content for message in hunt.messages)
        fact = "form.html changed together with form.py in 6 of its last 6 commits"
        assert (fact in read) is told
