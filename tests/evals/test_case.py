"""Cases as people write them: read strictly, their commits written the same each time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import FetchFailed, UserError
from evals.case import Case, load_cases
from evals.repositories import CaseRepositories
from tests.evals.tiny import write_cases
from tests.fakes.git_repository import GitRepository
from workers.repository.clones.local import open_local, resolve_range

ROW = {"id": "one", "repo": "r", "base": "a", "head": "b", "title": "t"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "holds no case"),
        ("{", "cases.jsonl:1: not JSON"),
        ("[1]", "cases.jsonl[0]: the entry"),
        (json.dumps({**ROW, "id": "../x"}), "cases.jsonl:1: id"),
        (json.dumps({**ROW, "colour": "red"}), "colour: Extra inputs are not permitted"),
        (json.dumps({**ROW, "truth": [{"file": "a"}]}), "truth.0.what: Field required"),
        (json.dumps({**ROW, "head": ""}), "`base` and `head` go together"),
        (json.dumps({**ROW, "repo": ""}), "`repo` is missing"),
        (json.dumps({"id": "one", "title": "t"}), "neither commits nor a folder base/"),
        (f"{json.dumps(ROW)}\n\n{json.dumps(ROW)}", "two cases have the id 'one'"),
    ],
)
def test_what_is_no_case_is_named_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(text)
    with pytest.raises(UserError) as raised:
        load_cases(file)
    assert problem in str(raised.value)


def test_one_folder_is_a_case_and_a_folder_of_folders_is_several(tmp_path: Path) -> None:
    folder = write_cases(tmp_path)
    assert [case.id for case in load_cases(folder)] == ["euros", "named"]
    assert [case.id for case in load_cases(folder / "named")] == ["named"]


def test_a_folder_gives_the_same_commits_each_time_and_deletes_what_it_names(
    tmp_path: Path,
) -> None:
    folder = write_cases(tmp_path) / "euros"
    raw = json.loads((folder / "case.json").read_text())
    (folder / "case.json").write_text(json.dumps({**raw, "removed": ["bill.py"]}))
    (case,) = load_cases(folder)

    made = [CaseRepositories(tmp_path / name).open(case) for name in ("first", "second", "second")]

    ranges = [resolve_range(*each) for each in made]
    assert len(set(ranges)) == 1
    base, head, _ = ranges[0]
    with open_local(made[0][0], base, head) as code:
        assert (code.paths(base), code.paths(head)) == (
            ("bill.py", "price.py"),
            ("price.py",),
        )
        assert {(file.path, file.status) for file in code.changes().files} == {
            ("bill.py", "deleted"),
            ("price.py", "modified"),
        }


def test_an_address_is_cloned_and_kept(tmp_path: Path) -> None:
    repository = GitRepository(tmp_path / "shop.git")
    base = repository.commit({"a.py": "x = 1\n"})
    head = repository.commit({"a.py": "x = 2\n"})
    case = Case(id="one", repo=f"file://{repository.path}", base=base, head=head, title="t")
    places = CaseRepositories(tmp_path / "kept")

    first, commits = places.open(case)
    repository.path.rename(tmp_path / "moved.git")

    assert places.open(case) == (first, commits)
    assert resolve_range(first, commits)[:2] == (base, head)


@pytest.mark.parametrize(
    ("repo", "kind", "problem"),
    [
        ("/nowhere/shop.git", UserError, "is not there"),
        ("ssh://git@example.test/shop", UserError, "Clone it yourself"),
        ("https://ada:secret@example.test/shop", UserError, "Clone it yourself"),
        ("ext://sh -c true", UserError, "is not there"),
        ("http://127.0.0.1:9/shop", FetchFailed, "could not clone"),
    ],
)
def test_what_cannot_be_cloned_is_named(
    repo: str, kind: type[Exception], problem: str, tmp_path: Path
) -> None:
    case = Case(id="one", repo=repo, base="a", head="b", title="t")
    with pytest.raises(kind) as raised:
        CaseRepositories(tmp_path).open(case)
    assert problem in str(raised.value)
    assert "secret" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []
