"""The App was removed: what was fetched goes with it."""

from __future__ import annotations

from pathlib import Path

from bot.domain.identifiers import InstallationId, RepositoryId
from workers.repository.clones.bare_clones import BareClones


def _clone(data: Path, installation: int, repository: int) -> Path:
    folder = data / "repositories" / str(installation) / str(repository)
    (folder / "git").mkdir(parents=True)
    (folder / "git" / "HEAD").write_text("ref: refs/heads/main\n")
    return folder / "git"


def test_one_repository_of_an_installation_is_forgotten(tmp_path: Path) -> None:
    gone, kept = _clone(tmp_path, 7, 1), _clone(tmp_path, 7, 2)
    clones = BareClones(tmp_path, "http://localhost", lambda _repository: None)

    clones.forget(InstallationId(7), [RepositoryId(1)])

    assert (gone.exists(), kept.exists()) == (False, True)


def test_a_whole_installation_is_forgotten_and_no_other(tmp_path: Path) -> None:
    gone, kept = [_clone(tmp_path, 7, 1), _clone(tmp_path, 7, 2)], _clone(tmp_path, 8, 1)
    clones = BareClones(tmp_path, "http://localhost", lambda _repository: None)

    clones.forget(InstallationId(7))

    assert ([path.exists() for path in gone], kept.exists()) == ([False, False], True)


def test_an_installation_without_clones_is_forgotten_in_silence(tmp_path: Path) -> None:
    BareClones(tmp_path, "http://localhost", lambda _repository: None).forget(InstallationId(9))
