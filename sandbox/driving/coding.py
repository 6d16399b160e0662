"""What people do with code: create, push, open, edit, merge."""

from __future__ import annotations

from pathlib import Path

from sandbox.actions import pulls, pushes, repositories
from sandbox.driving.people import People
from sandbox.git.files import Files, read_folder
from sandbox.state.accounts import Role
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Issue, Repository


class Coding(People):
    """A repository is given as itself or by its full name; `by` is a login."""

    def create_repository(
        self,
        full_name: str,
        files: Files | None = None,
        *,
        from_folder: Path | str | None = None,
        private: bool = True,
        default_branch: str = "main",
    ) -> Repository:
        """A repository with one commit on its default branch, and the App installed on it.

        The content is `files`, a folder's files, or a README if neither is given. If the folder
        is a git work tree, what is committed there is not asked: its files are taken as they are.
        """
        if from_folder is not None:
            files = read_folder(Path(from_folder))
        name = full_name.rpartition("/")[2]
        with self.world.lock:
            made = repositories.create_repository(
                self.world,
                full_name,
                files if files is not None else {"README.md": f"# {name}\n"},
                private=private,
                default_branch=default_branch,
            )
        self.world.touch()
        return made

    def set_role(self, repository: Repository | str, login: str, role: Role) -> None:
        with self.world.lock:
            self._account(login)
            self._repository(repository).roles[login.lower()] = role

    def open_issue(
        self, repository: Repository | str, title: str, body: str = "", *, author: str = "alice"
    ) -> Issue:
        with self.world.lock:
            at = self._repository(repository)
            return repositories.open_issue(self.world, at, title, body, self._account(author))

    def push_to_branch(
        self,
        repository: Repository | str,
        branch: str,
        files: Files,
        message: str = "Change",
        *,
        by: str = "alice",
        start: str | None = None,
    ) -> str:
        """Commit to a branch, begun at `start` (the default branch) if it is new; the SHA."""
        with self.world.lock:
            at = self._repository(repository)
            parent = at.git.tip(branch) or at.git.resolve(start or at.default_branch)
            return pushes.commit_files(
                self.world, at, branch, files, message, self._account(by), parent
            )

    def open_pull_request(
        self,
        repository: Repository | str,
        branch: str,
        files: Files | None = None,
        title: str = "A change",
        body: str = "",
        *,
        author: str = "alice",
        base: str | None = None,
        draft: bool = False,
        fork: bool = False,
        labels: tuple[str, ...] = (),
        message: str | None = None,
    ) -> PullRequest:
        """Commit `files` (a text, or None to delete) to a branch and open a pull request.

        With `fork` the branch is in the author's fork. Without `files` the branch must exist.
        `message` is the commit's; the title if it is not given.
        """
        with self.world.lock:
            target, who = self._repository(repository), self._account(author)
            base = base or target.default_branch
            source = repositories.fork_repository(self.world, target, who) if fork else target
            if files is not None:
                if fork:
                    source.git.fetch(target.git, f"refs/heads/{base}", f"refs/heads/{base}")
                parent = source.git.tip(branch) or source.git.tip(base)
                pushes.commit_files(
                    self.world, source, branch, files, message or title, who, parent
                )
            return pulls.open_pull(
                self.world,
                target,
                source,
                branch,
                title=title,
                body=body,
                author=who,
                base=base,
                draft=draft,
                labels=list(labels),
            )

    def push(
        self, pull: PullRequest, files: Files, message: str = "Update", *, by: str | None = None
    ) -> str:
        """One more commit on the pull request's branch; the new head SHA."""
        with self.world.lock:
            who = self._account(by) if by else pull.author
            at, branch = pull.head_repository, pull.head_ref
            return pushes.commit_files(
                self.world, at, branch, files, message, who, at.git.tip(branch)
            )

    def force_push(
        self,
        pull: PullRequest,
        files: Files,
        message: str = "Rewrite",
        *,
        onto: str | None = None,
        orphan: bool = False,
        by: str | None = None,
    ) -> str:
        """Replace all commits of the branch by one on `onto` (the base branch), or, if it is to be
        an orphan, on none; the SHA."""
        with self.world.lock:
            who = self._account(by) if by else pull.author
            at = pull.head_repository
            if pull.from_fork:
                at.git.fetch(pull.repository.git, f"refs/heads/{pull.base_ref}", "refs/upstream")
            parent = at.git.resolve(onto) if onto else pull.base_sha
            if orphan:
                parent = None
            return pushes.commit_files(self.world, at, pull.head_ref, files, message, who, parent)

    def edit(
        self,
        pull: PullRequest,
        *,
        title: str | None = None,
        body: str | None = None,
        base: str | None = None,
        by: str | None = None,
    ) -> None:
        with self.world.lock:
            who = self._account(by) if by else pull.author
            pulls.edit_pull(self.world, pull, who, title=title, body=body, base=base)

    def close(self, pull: PullRequest, *, by: str = "alice") -> None:
        with self.world.lock:
            pulls.close_pull(self.world, pull, self._account(by))

    def reopen(self, pull: PullRequest, *, by: str = "alice") -> None:
        with self.world.lock:
            pulls.reopen_pull(self.world, pull, self._account(by))

    def merge(self, pull: PullRequest, *, by: str = "alice") -> str:
        """Merge with a merge commit; its SHA."""
        with self.world.lock:
            return pulls.merge_pull(self.world, pull, self._account(by))

    def enqueue(self, pull: PullRequest, *, by: str = "alice") -> str:
        """Add to the merge queue; the SHA of the merge group's head."""
        with self.world.lock:
            return pulls.enqueue_pull(self.world, pull, self._account(by))

    def mark_ready(self, pull: PullRequest, *, by: str | None = None) -> None:
        self._set_draft(pull, False, by)

    def convert_to_draft(self, pull: PullRequest, *, by: str | None = None) -> None:
        self._set_draft(pull, True, by)

    def _set_draft(self, pull: PullRequest, draft: bool, by: str | None) -> None:
        with self.world.lock:
            who = self._account(by) if by else pull.author
            pulls.set_draft(self.world, pull, who, draft)

    def label(self, pull: PullRequest, *labels: str, by: str = "alice") -> None:
        """Set the labels to exactly these."""
        with self.world.lock:
            pulls.set_labels(self.world, pull, self._account(by), list(labels))
