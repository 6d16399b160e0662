"""What a review says of packages that move: to a model, to people, and to nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.review import Fact, Review, SourceLine
from bot.ports import Releases
from bot.settings import PackageIndexSettings
from tests.fakes.answers import rooms
from tests.fakes.git_repository import Content
from tests.fakes.package_index import package_index, zipped
from tests.fakes.proposal import propose
from tests.fakes.scripted_model import ScriptedModel
from workers.context.dependencies import TITLE
from workers.repository.dependencies.artefacts.releases import IndexedReleases

USER = "import thing\n\n\ndef fetch():\n    return thing.Client(app=1)\n"
BASE: dict[str, Content] = {"requirements.txt": "thing==1.0\nother==1.0\n", "user.py": USER}
RAISED: dict[str, Content] = {"requirements.txt": "thing==2.0\nother==1.1\n"}


def told(model: ScriptedModel) -> str:
    """The piece on dependencies in the prompt of the hunt."""
    (request,) = model.asked("hunt")[:1]
    whole = "\n\n".join(message.content or "" for message in request.messages)
    piece = whole[whole.index(f"-- {TITLE}") :]
    return piece.partition("\n\n")[0].partition("\nFind the defects")[0]


def lock(react: str, loose: str) -> str:
    """A package-lock.json of two packages, one of them asked for."""
    return (
        '{"packages": {"": {"dependencies": {"react": "^18.0.0"}},\n'
        f'"node_modules/react": {{"version": "{react}"}},\n'
        f'"node_modules/loose": {{"version": "{loose}"}}}}}}'
    )


def test_a_change_of_lock_files_alone_costs_no_model_and_tells_what_moves(tmp_path: Path) -> None:
    model = rooms()
    base: dict[str, Content] = {
        "package.json": '{"dependencies": {"react": "^18.0.0"}}',
        "package-lock.json": lock("18.2.0", "1.0.0"),
        "a.js": "import {useState} from 'react';\nuseState();\n",
    }
    pull = propose(tmp_path, base, {"package-lock.json": lock("18.3.0", "1.1.0")})
    review = pull.review(model)
    assert (review.status, model.requests, review.notes) == (
        "complete",
        [],
        (
            "react 18.2.0 -> 18.3.0 (npm; minor; imported by 1 file)",
            "1 more package moved that others brought in",
        ),
    )


def test_the_model_reads_what_moves_and_who_uses_it(tmp_path: Path) -> None:
    model = rooms()
    propose(tmp_path, BASE, RAISED).review(model)
    assert told(model) == (
        f"-- {TITLE}\n"
        "thing 1.0 -> 2.0 (python; major, may break; imported by 1 file)\n"
        "    names used here: Client\n"
        "    user.py:5: return thing.Client(app=1)\n"
        "    user.py:1: import thing\n"
        "other 1.0 -> 1.1 (python; minor; no import found)"
    )


@pytest.fixture
def raised(tmp_path: Path) -> tuple[Review, ScriptedModel]:
    """A review with an index that has both releases of `thing`."""
    old = {"thing/__init__.py": "class Client:\n    def __init__(self, app=None, url=''): ...\n"}
    new = {"thing/__init__.py": "class Client:\n    def __init__(self, *, url=''): ...\n"}
    model = rooms()
    with package_index() as index:
        index.python("thing", "1.0", zipped(old))
        index.python("thing", "2.0", zipped(new))
        index.python("other", "1.0", zipped({"distinct/__init__.py": "def gone(): ...\n"}))
        index.python("other", "1.1", zipped({"distinct/__init__.py": ""}))
        settings = PackageIndexSettings(pypi=index.address)
        releases: Releases = IndexedReleases(settings, tmp_path / "artefacts")
        base = {**BASE, "tool.py": "from distinct import gone\n"}
        pull = propose(tmp_path / "pull", base, RAISED)
        return pull.review(model, releases=releases), model


OTHER = "other 1.1 breaks `gone`: it was removed (used in tool.py:1)"
"""Its files alone tell that it is imported as `distinct`."""
BREAKS = (
    "thing 2.0 breaks `Client()`: parameter `app` was removed (used in user.py:5)",
    "thing 2.0 breaks `Client()`: parameter `url` is passed another way (used in user.py:5)",
)


def test_with_an_index_both_read_what_breaks_of_the_names_in_use(
    raised: tuple[Review, ScriptedModel],
) -> None:
    review, model = raised
    assert told(model).split("\n")[1:4] == [
        "thing 1.0 -> 2.0 (python; major, may break; imported by 1 file)",
        *(f"    {line}" for line in BREAKS),
    ]
    assert review.notes == (
        "thing 1.0 -> 2.0 (python; major, may break; imported by 1 file)",
        "other 1.0 -> 1.1 (python; minor; imported by 1 file)",
        *BREAKS,
        OTHER,
    )


def test_what_breaks_is_on_record_with_the_lines_that_use_it(
    raised: tuple[Review, ScriptedModel],
) -> None:
    facts = [fact for fact in raised[0].facts if fact.kind == "raised_package"]
    assert facts[0] == Fact(
        "raised_package",
        "thing 2.0 breaks `Client()`: parameter `app` was removed",
        "requirements.txt",
        (SourceLine("user.py", 5),),
    )


def test_beside_other_changes_people_are_told_matters_of_trust_alone(tmp_path: Path) -> None:
    head: dict[str, Content] = {
        "requirements.txt": "thing @ git+https://host/x@main\nother==1.1\n",
        "user.py": USER + "\n",
    }
    review = propose(tmp_path, BASE, head).review(None)
    assert review.notes == (
        "thing 1.0 -> main (python; imported by 1 file): its source changed from the ecosystem's "
        "index to git https://host/x; it was pinned to one version, now to nothing fixed",
    )


def test_a_credential_in_an_address_is_shown_to_nobody(tmp_path: Path) -> None:
    model = rooms()
    head: dict[str, Content] = {
        "requirements.txt": "--extra-index-url https://me:s3cretword@pypi.example/simple\n"
        "thing @ git+https://me:s3cretword@host/x@main\n"
    }
    review = propose(tmp_path, BASE, head).review(model)
    assert "git https://***@host/x" in told(model)
    assert "s3cretword" not in told(model) + "".join(review.notes)


def test_what_the_policy_hides_reaches_no_model(tmp_path: Path) -> None:
    model = rooms()
    base: dict[str, Content] = {
        **BASE,
        ".github/plumbline.yml": 'version: 1\nnever_send: ["secret/**"]\n',
        "secret/use.py": "import thing\nthing.Hidden()\n",
        "secret/requirements.txt": "hidden==1.0\n",
    }
    head = {**RAISED, "secret/requirements.txt": "hidden==2.0\n"}
    propose(tmp_path, base, head).review(model)
    assert "secret/" not in told(model)
    assert "hidden" not in told(model)
