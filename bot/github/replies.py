"""Answers to mentions: a reaction at once, words in the place where the question stands."""

from __future__ import annotations

from typing import Any

from bot.domain.jobs import Mention
from bot.domain.mention_parsing import MOST_COMMANDS
from bot.domain.pull_request import PullRef
from bot.errors import GitHubRefused, GitHubUnavailable
from bot.github.client import GitHubClient
from bot.github.drafts import LAG_SECONDS
from bot.github.markers import marked, marker_of, markers_in
from bot.github.standing import read_standing
from bot.github.write_ledger import WriteLedger
from bot.process_log import LOG

MOST_PAGES = 10
_NO_PLACE = (403, 404, 410)


class Replies:
    """Reactions and replies, each once."""

    def __init__(self, client: GitHubClient, ledger: WriteLedger) -> None:
        self._client = client
        self._ledger = ledger

    def react(self, ref: PullRef, mention: Mention, content: str) -> bool:
        """React to the comment; a review cannot carry a reaction, its pull request can.

        GitHub keeps one reaction of a kind for each user, so that repeating changes nothing:
        https://docs.github.com/en/rest/reactions/reactions
        A refusal is logged: without the right to react, what was asked for is done all the same.

        Returns:
            False where the comment is gone.
        """
        try:
            path = _reactions(ref, mention)
            put = self._client.post(ref.repository, path, {"content": content})
            if content == "eyes":
                self._ledger.keep(_seen(ref, mention, mention.part), int(put["id"]))
        except GitHubRefused as error:
            LOG.warning("no reaction for @%s on %s: %s", mention.sender, ref, error)
            return error.status != 404
        return True

    def settle(self, ref: PullRef, mention: Mention) -> None:
        """Take 👀 back once the comment's last command is done; repeating it changes nothing.

        The ledger holds the reaction for each command, negative from when that one was done.
        https://docs.github.com/en/rest/reactions/reactions#delete-an-issue-comment-reaction
        """
        own = _seen(ref, mention, mention.part)
        eyes = self._ledger.begin(own)
        if not isinstance(eyes, int):
            return
        self._ledger.keep(own, -abs(eyes))
        told = [self._ledger.begin(_seen(ref, mention, part)) for part in range(MOST_COMMANDS)]
        if any(isinstance(one, int) and one > 0 for one in told):
            return
        try:
            self._client.delete(ref.repository, f"{_reactions(ref, mention)}/{abs(eyes)}")
        except GitHubRefused as error:
            LOG.warning("👀 stays on a comment of @%s on %s: %s", mention.sender, ref, error)

    def reply(self, ref: PullRef, mention: Mention, key: str, text: str) -> None:
        """Answer in the thread, or below the pull request.

        Nobody waits for an answer whose place is gone, and a locked conversation takes none: that
        is logged.

        Raises:
            GitHubUnavailable: our own pending review stands: GitHub takes no reply meanwhile.
        """
        if isinstance(self._ledger.begin(f"answered/{key}"), int):
            return
        try:
            posted = self._put(ref, mention, key, text)
        except GitHubRefused as error:
            if error.status not in _NO_PLACE:
                raise
            LOG.warning("no answer for @%s on %s: %s", mention.sender, ref, error)
            return
        self._ledger.keep(f"answered/{key}", posted)

    def progress(self, ref: PullRef, mention: Mention, key: str, text: str) -> None:
        """Say in the answer's place what is being done. Raises what `reply` does."""
        self._put(ref, mention, key, text)

    def _put(self, ref: PullRef, mention: Mention, key: str, text: str) -> int:
        """The text in the one comment of this key, which is posted if it does not stand yet."""
        begun, body = self._ledger.begin(f"reply/{key}"), marked(text, marker_of(key))
        found = self._find(ref, mention, marker_of(key)) if begun == "unknown" else None
        if isinstance(begun, int):
            self._edit(ref, mention, begun, body)
            return begun
        if found is None:
            found = self._post(ref, mention, body)
        else:
            self._edit(ref, mention, found, body)
        self._ledger.keep(f"reply/{key}", found)
        return found

    def _edit(self, ref: PullRef, mention: Mention, comment_id: int, body: str) -> None:
        if mention.place == "review_comment":
            self.rewrite(ref, comment_id, body)
        else:
            self._client.patch(ref.repository, f"/issues/comments/{comment_id}", {"body": body})

    def rewrite(self, ref: PullRef, comment_id: int, body: str) -> None:
        """Replace the text of a review comment of ours; repeating it changes nothing.

        https://docs.github.com/en/rest/pulls/comments#update-a-review-comment-for-a-pull-request
        """
        self._client.patch(ref.repository, f"/pulls/comments/{comment_id}", {"body": body})

    def _post(self, ref: PullRef, mention: Mention, body: str) -> int:
        if mention.place != "review_comment":
            path = f"/issues/{ref.number}/comments"
            return int(self._client.post(ref.repository, path, {"body": body})["id"])
        top = mention.in_reply_to or mention.comment_id
        path = f"/pulls/{ref.number}/comments/{top}/replies"
        try:
            return int(self._client.post(ref.repository, path, {"body": body})["id"])
        except GitHubRefused as error:
            if error.status == 422 and read_standing(self._client, ref).pending is not None:
                raise GitHubUnavailable(
                    f"a review of {ref} is being posted; the reply waits for it",
                    retry_after=LAG_SECONDS,
                ) from error
            raise

    def _find(self, ref: PullRef, mention: Mention, marker: str) -> int | None:
        """A reply of ours with this mark, left by an attempt of which the end is not known."""
        login = self._client.login()
        if mention.place == "review_comment":
            path, order = f"/pulls/{ref.number}/comments", {"direction": "desc"}
        else:
            path, order = f"/issues/{ref.number}/comments", {}
        for page in self._client.pages(ref.repository, path, MOST_PAGES, **order):
            for comment in page:
                if _login(comment) == login and marker in markers_in(comment.get("body") or ""):
                    return int(comment["id"])
        return None


def _reactions(ref: PullRef, mention: Mention) -> str:
    places = {
        "issue_comment": f"/issues/comments/{mention.comment_id}",
        "review_comment": f"/pulls/comments/{mention.comment_id}",
        "review": f"/issues/{ref.number}",
    }
    return f"{places[mention.place]}/reactions"


def _seen(ref: PullRef, mention: Mention, part: int) -> str:
    """Under which the ledger holds our 👀 for one command of the comment."""
    return f"seen/{ref.key}/{mention.place}-{mention.comment_id}/{part}"


def _login(comment: dict[str, Any]) -> str:
    return str((comment.get("user") or {}).get("login", ""))
