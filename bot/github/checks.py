"""The check run: seen at once, tells its state, carries contract and receipt.

https://docs.github.com/en/rest/checks/runs
"""

from __future__ import annotations

from typing import Any, Literal

from bot.domain.identifiers import Sha
from bot.domain.open_check import OpenCheck
from bot.domain.pull_request import PullRef
from bot.github.client import GitHubClient
from bot.github.composed import CheckWords, Conclusion
from bot.github.open_checks import OpenChecks
from bot.github.write_ledger import WriteLedger

NAME = "Plumbline"
LONGEST_TITLE = 80

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
            body = {"name": NAME, "head_sha": head, "status": "queued", "external_id": key}
            found = int(self._client.post(ref.repository, "/check-runs", body)["id"])
        self._open.opened(ref, OpenCheck(key, head, found))
        self._ledger.keep(f"check/{key}", found)
        return found

    def progress(self, ref: PullRef, head: Sha, key: str, text: str) -> None:
        """Say what is being done."""
        run = self.ensure(ref, head, key)
        self._open.opened(ref, OpenCheck(key, head, run))
        body = {"status": "in_progress", "output": _brief(text)}
        self._client.patch(ref.repository, f"/check-runs/{run}", body)

    def complete(
        self, ref: PullRef, head: Sha, key: str, conclusion: CheckConclusion, words: CheckWords
    ) -> None:
        """The end of a review."""
        output = {"title": words.title, "summary": words.summary}
        if words.text:
            output["text"] = words.text
        self._complete(ref, head, key, conclusion, output)

    def give_up(
        self, ref: PullRef, head: Sha, key: str, conclusion: CheckConclusion, why: str
    ) -> None:
        """The end without a review."""
        self._complete(ref, head, key, conclusion, _brief(why))

    def is_open(self, ref: PullRef, key: str) -> bool:
        """Whether the check run of this key was created and has no conclusion."""
        return any(check.key == key for check in self._open.of(ref))

    def elsewhere(self, ref: PullRef, head: Sha) -> list[OpenCheck]:
        """Open check runs of this pull request's other heads: nobody reviews those any more."""
        return [check for check in self._open.of(ref) if check.head != head]

    def pass_at_once(self, ref: PullRef, head: Sha, key: str) -> None:
        """A check that only has to be there: created, and completed as a success."""
        self._complete(ref, head, key, "success", None)

    def _complete(
        self,
        ref: PullRef,
        head: Sha,
        key: str,
        conclusion: CheckConclusion,
        output: dict[str, str] | None,
    ) -> None:
        run = self.ensure(ref, head, key)
        body: dict[str, Any] = {"status": "completed", "conclusion": conclusion}
        if output is not None:
            body["output"] = output
        self._client.patch(ref.repository, f"/check-runs/{run}", body)
        self._open.completed(ref, key)

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


def _brief(text: str) -> dict[str, str]:
    """An output of one text: its first line is the title."""
    title = text.strip().partition("\n")[0]
    if len(title) > LONGEST_TITLE:
        title = f"{title[: LONGEST_TITLE - 1]}…"
    return {"title": title, "summary": text}
