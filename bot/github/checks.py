"""The check run: seen at once, tells its state, carries contract and receipt.

https://docs.github.com/en/rest/checks/runs
"""

from __future__ import annotations

from typing import Literal

from bot.domain.identifiers import Sha
from bot.domain.open_check import OpenCheck
from bot.domain.pull_request import PullRef
from bot.github import words
from bot.github.client import GitHubClient
from bot.github.composed import CheckOutput, Conclusion
from bot.github.open_checks import OpenChecks
from bot.github.write_ledger import WriteLedger

NAME = "Plumbline"

CheckConclusion = Conclusion | Literal["cancelled"]


class CheckRuns:
    """One check run for each review key, found again by its `external_id`."""

    def __init__(self, client: GitHubClient, ledger: WriteLedger, open_checks: OpenChecks) -> None:
        self._client = client
        self._ledger = ledger
        self._open = open_checks

    def ensure(self, ref: PullRef, head: Sha, key: str) -> int:
        """The id of the check run of this key; created, queued, where there is none.

        GitHub is asked whether there is one only where an earlier attempt ended uncleanly.
        """
        begun = self._ledger.begin(f"check/{key}")
        if isinstance(begun, int):
            return begun
        found = self._find(ref, head, key) if begun == "unknown" else None
        if found is None:
            found = self._create(ref, head, key)
        self._open.opened(ref, OpenCheck(key, head, found))
        self._ledger.keep(f"check/{key}", found)
        return found

    def progress(self, ref: PullRef, head: Sha, key: str, output: CheckOutput) -> None:
        """Say what is being done."""
        run = self.ensure(ref, head, key)
        self._open.opened(ref, OpenCheck(key, head, run))
        body = {"status": "in_progress", "output": _json(output)}
        self._client.patch(ref.repository, f"/check-runs/{run}", body)

    def complete(
        self, ref: PullRef, head: Sha, key: str, conclusion: CheckConclusion, output: CheckOutput
    ) -> None:
        """The end, with a review or without."""
        run = self.ensure(ref, head, key)
        body = {"status": "completed", "conclusion": conclusion, "output": _json(output)}
        self._client.patch(ref.repository, f"/check-runs/{run}", body)
        self._open.completed(ref, key)

    def is_open(self, ref: PullRef, key: str) -> bool:
        """Whether the check run of this key was created and has no conclusion."""
        return any(check.key == key for check in self._open.of(ref))

    def elsewhere(self, ref: PullRef, head: Sha) -> list[OpenCheck]:
        """Open check runs of this pull request's other heads: nobody reviews those any more."""
        return [check for check in self._open.of(ref) if check.head != head]

    def _create(self, ref: PullRef, head: Sha, key: str) -> int:
        body = {
            "name": NAME,
            "head_sha": head,
            "status": "queued",
            "external_id": key,
            "output": _json(words.queued()),
        }
        return int(self._client.post(ref.repository, "/check-runs", body)["id"])

    def _find(self, ref: PullRef, head: Sha, key: str) -> int | None:
        answer = self._client.get(
            ref.repository,
            f"/commits/{head}/check-runs",
            check_name=NAME,
            filter="all",
            per_page=100,
        )
        runs = (run for run in answer["check_runs"] if run.get("external_id") == key)
        return next((int(run["id"]) for run in runs), None)


def _json(output: CheckOutput) -> dict[str, str]:
    shown = {"title": output.title, "summary": output.summary}
    return {**shown, "text": output.text} if output.text else shown
