"""What people do: open, push, comment, reply, close ... Every method is safe from any thread."""

from __future__ import annotations

from pathlib import Path

from sandbox.actions import checks, comments, installations, pulls, pushes, repositories, reviews
from sandbox.actions.announce import announce_ping, redeliver
from sandbox.git.files import Files, read_folder
from sandbox.state.accounts import Account, Role
from sandbox.state.apps import Installation
from sandbox.state.checks import CheckRun
from sandbox.state.comments import IssueComment, ReviewComment, Thread
from sandbox.state.deliveries import Delivery
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Issue, Repository
from sandbox.state.reviews import Review
from sandbox.state.world import World


class Actions:
    """The verbs. A repository is given as itself or by its full name."""

    world: World

    def _repository(self, repository: Repository | str) -> Repository:
        if isinstance(repository, Repository):
            return repository
        found = self.world.repositories.find(repository)
        if found is None:
            known = [item.full_name for item in self.world.repositories.all()]
            raise LookupError(f"no repository {repository!r}; there are {known}")
        return found

    def _account(self, login: str) -> Account:
        return self.world.accounts.get(login)

    # Repositories and issues

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

    # Pull requests

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
        by: str | None = None,
    ) -> str:
        """Replace all commits of the branch by one on `onto` (the base branch); the SHA."""
        with self.world.lock:
            who = self._account(by) if by else pull.author
            at = pull.head_repository
            if pull.from_fork:
                at.git.fetch(pull.repository.git, f"refs/heads/{pull.base_ref}", "refs/upstream")
            parent = at.git.resolve(onto) if onto else pull.base_sha
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

    # Words

    def comment(
        self, on: PullRequest | tuple[Repository, int], text: str, *, by: str = "bob"
    ) -> IssueComment:
        """Comment in the conversation of a pull request, or of an issue: `(repository, 3)`."""
        at, number = (on.repository, on.number) if isinstance(on, PullRequest) else on
        with self.world.lock:
            return comments.comment_on_conversation(self.world, at, number, self._account(by), text)

    def edit_comment(self, comment: IssueComment | ReviewComment, text: str) -> None:
        with self.world.lock:
            if isinstance(comment, IssueComment):
                comments.edit_issue_comment(self.world, comment, comment.author, text)
            else:
                comments.edit_review_comment(self.world, comment, comment.author, text)

    def comment_on_line(
        self,
        pull: PullRequest,
        path: str,
        line: int,
        text: str,
        *,
        side: str = "RIGHT",
        by: str = "bob",
    ) -> ReviewComment:
        wanted = {"path": path, "line": line, "side": side, "body": text}
        wanted["commit_id"] = pull.head_sha
        with self.world.lock:
            return comments.comment_on_line(self.world, pull, self._account(by), wanted)

    def reply(self, thread: Thread | ReviewComment, text: str, *, by: str = "bob") -> ReviewComment:
        """Answer in a thread, given as itself or by any of its comments."""
        with self.world.lock:
            thread = thread.thread if isinstance(thread, ReviewComment) else thread
            first = self.world.review_comments.of_thread(thread)[0]
            return comments.reply(self.world, thread.pull, first.id, self._account(by), text)

    def review(
        self, pull: PullRequest, event: str = "COMMENT", text: str = "", *, by: str = "bob"
    ) -> Review:
        """A person's review: COMMENT, APPROVE or REQUEST_CHANGES."""
        with self.world.lock:
            wanted = {"event": event, "body": text}
            return reviews.create_review(self.world, pull, self._account(by), wanted)

    def resolve(self, thread: Thread, *, by: str = "alice") -> None:
        with self.world.lock:
            comments.set_resolved(self.world, thread, self._account(by), True)

    def unresolve(self, thread: Thread, *, by: str = "alice") -> None:
        with self.world.lock:
            comments.set_resolved(self.world, thread, self._account(by), False)

    def react(
        self, to: IssueComment | ReviewComment | PullRequest, content: str, *, by: str = "alice"
    ) -> None:
        with self.world.lock:
            comments.react(self.world, to.node_id, self._account(by), content)
        self.world.touch()

    # The App

    def rerequest(self, check: CheckRun, *, by: str = "alice") -> None:
        """Press "Re-run" on a check run."""
        with self.world.lock:
            checks.rerequest_run(self.world, check, self._account(by))

    def rerequest_all(self, pull: PullRequest, *, by: str = "alice") -> None:
        """Press "Re-run all checks"."""
        with self.world.lock:
            for suite in self.world.checks.suites(pull.repository, pull.head_sha):
                checks.rerequest_suite(self.world, suite, self._account(by))

    def installation(self, owner: str) -> Installation:
        found = self.world.installation_of(self.world.accounts.organisation(owner))
        if found is None:
            raise LookupError(f"the App is not installed on {owner!r}; call install() first")
        return found

    def install(
        self, owner: str, only: list[Repository] | None = None, *, by: str = "alice"
    ) -> Installation:
        with self.world.lock:
            account = self.world.accounts.organisation(owner)
            return installations.install(self.world, account, self._account(by), only)

    def uninstall(self, owner: str, *, by: str = "alice") -> None:
        with self.world.lock:
            there = self.installation(owner)
            installations.uninstall(self.world, there, self._account(by))

    def suspend(self, owner: str, *, by: str = "alice") -> None:
        with self.world.lock:
            installations.suspend(self.world, self.installation(owner), self._account(by))

    def unsuspend(self, owner: str, *, by: str = "alice") -> None:
        with self.world.lock:
            installations.unsuspend(self.world, self.installation(owner), self._account(by))

    def select_repositories(
        self,
        owner: str,
        added: list[Repository] | None = None,
        removed: list[Repository] | None = None,
        *,
        by: str = "alice",
    ) -> None:
        """Change which repositories the App may reach; from "all" it becomes a selection."""
        with self.world.lock:
            there = self.installation(owner)
            if there.repository_ids is None:
                there.repository_ids = {item.id for item in self.world.repositories_of(there)}
            installations.change_repositories(
                self.world, there, self._account(by), added or [], removed or []
            )

    def expire_tokens(self) -> None:
        """Every installation token issued so far is refused from now on."""
        with self.world.lock:
            for token in self.world.tokens.of_installations():
                token.expires_at = 0.0

    def personal_token(self, login: str) -> str:
        """The personal token of alice (admin), bob (write) or mallory (read)."""
        return f"{login}-token"

    def ping(self) -> Delivery:
        with self.world.lock:
            return announce_ping(self.world)

    def redeliver(self, delivery: Delivery) -> Delivery:
        """Press "Redeliver": the same body under the same GUID."""
        with self.world.lock:
            return redeliver(self.world, delivery)
