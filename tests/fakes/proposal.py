"""A pull request over a real repository, and one review of it, in a line."""

# ruff: noqa: ANN401 - the fields that a test replaces are of any type
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.jobs import Trigger
from bot.domain.pull_request import PullRef, PullRequest, RepositoryRef
from bot.domain.review import Review
from bot.ports import Model
from tests.fakes.git_repository import Content, GitRepository
from tests.fakes.github_ports import MemoryRecords, OneRepository, StandingPulls
from tests.fakes.learnings import MemoryLearnings
from tests.fakes.watch import ScriptedWatch
from workers.pipeline import Deps, Reviewed, ReviewRequest, review_pull_request
from workers.repository.clones.code import GitCode
from workers.repository.clones.local import open_local
from workers.review.budgets import Budgets

REF = PullRef(RepositoryRef(RepositoryId(5), "acme/parcel", InstallationId(3)), 7)


@dataclass
class Proposal:
    """One pull request, the records kept of it, who watches its reviews, and what was taught."""

    repository: GitRepository
    pull: PullRequest
    records: MemoryRecords = field(default_factory=MemoryRecords)
    watch: ScriptedWatch = field(default_factory=ScriptedWatch)
    learnings: MemoryLearnings = field(default_factory=MemoryLearnings)

    @contextmanager
    def code(self) -> Iterator[GitCode]:
        """Its two commits."""
        pull = self.pull
        with open_local(self.repository.path, pull.merge_base, pull.head, pull.base_tip) as code:
            yield code

    def changes(self) -> ChangeSet:
        """Its change set."""
        with self.code() as code:
            return code.changes()

    def change(self, path: str) -> FileChange:
        """One file of it."""
        found = self.changes().file(path)
        assert found is not None, f"{path!r} did not change"
        return found

    def text(self, commit: Sha, path: str) -> list[str]:
        """The raw lines of a file."""
        raw = self.repository.git("show", f"{commit}:{path}").decode()
        return raw.removesuffix("\n").split("\n")

    def says(self, **words: Any) -> Proposal:
        """The same with other words, author, labels, ..."""
        self.pull = replace(self.pull, **words)
        return self

    def reviewed(self, model: Model | None, **request: Any) -> Reviewed:
        """One run of the pipeline."""
        trigger = request.pop("trigger", Trigger("event"))
        world = Deps(
            StandingPulls(self.pull),
            OneRepository(self.repository.path),
            model,
            self.records,
            self.watch,
            releases=request.pop("releases", None),
            learnings=self.learnings,
            budgets=request.pop("budgets", Budgets()),
        )
        return review_pull_request(ReviewRequest(self.pull.ref, trigger, **request), world)

    def review(self, model: Model | None, **request: Any) -> Review:
        """The review of one run of the pipeline."""
        return self.reviewed(model, **request).review


def propose(
    folder: Path,
    base: Mapping[str, Content],
    head: Mapping[str, Content],
    tip: Mapping[str, Content] | None = None,
    **words: Any,
) -> Proposal:
    """A pull request that lays `head` over `base`; None deletes a file.

    `tip` is what the base branch went on to after the branch was made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    repository = GitRepository(folder / "repository.git")
    merge_base = repository.commit(base, message="Begin")
    base_tip = repository.commit(tip, message="Go on") if tip else merge_base
    top = repository.commit(head, message="Propose", parent=merge_base, branch="topic")
    said = {"title": "Change parcels", "body": "", "author": "alice", **words}
    return Proposal(
        repository,
        PullRequest(
            REF,
            state=said.pop("state", "open"),
            base_branch=said.pop("base_branch", "main"),
            head_branch=said.pop("head_branch", "topic"),
            base_tip=base_tip,
            merge_base=merge_base,
            head=top,
            **said,
        ),
    )


_EXAMPLE = Path(__file__).parents[2] / "sandbox" / "example"


def files_below(folder: Path) -> dict[str, Content]:
    """The files of a folder, by path."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in found
        if "__pycache__" not in path.parts
    }


def example(folder: Path) -> Proposal:
    """The sandbox's example: a flag becomes a service, two promises, three things broken."""
    said = json.loads((_EXAMPLE / "pull_request.json").read_text())
    return propose(
        folder,
        files_below(_EXAMPLE / "base"),
        files_below(_EXAMPLE / "change"),
        title=said["title"],
        body=said["body"],
        author=said["author"],
    )
