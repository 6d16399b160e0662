"""Whether title and description are still those whose promises were judged."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bot.domain.jobs import Trigger, review_key
from bot.domain.pull_request import PullRequest
from bot.domain.review import Review
from bot.errors import Superseded, TransientError
from bot.ports import Records
from workers.review.boilerplate import without_boilerplate
from workers.review.request import ReviewRequest


def words_digest(pull: PullRequest) -> str:
    """What these words are known by; white space, comments and check boxes are none of them.

    Commit messages do not count: a rebase rewrites them and changes nothing.
    """
    said = f"{pull.title}\n\n{without_boilerplate(pull.body)}"
    return hashlib.sha256(" ".join(said.split()).encode("utf-8", "replace")).hexdigest()[:16]


def is_reworded(pull: PullRequest, earlier: Sequence[Review]) -> bool:
    """Whether the latest published review that judged words judged others."""
    judged = next((review.words for review in reversed(earlier) if review.words), "")
    return bool(judged) and judged != words_digest(pull)


def refuse_needless(request: ReviewRequest, pull: PullRequest, records: Records) -> None:
    """An edit of the words asks for a look only where others were judged of this very head.

    Any other head is looked at for its own event, with the words as they are then.

    Raises:
        Superseded: there is nothing to judge anew.
        TransientError: the review of this head is made, but not posted yet.
    """
    if request.trigger.kind != "edited":
        return
    earlier = records.posted_before(pull.ref)
    if not any(review.head == pull.head and review.words for review in earlier):
        made = records.review(review_key(pull.ref, pull.head, Trigger("event")))
        if made is not None and made.words:
            raise TransientError(f"the review of {pull.ref} is not posted yet")
        raise Superseded("no review of this head has judged its words")
    if not is_reworded(pull, earlier):
        raise Superseded("the title and the description promise what they did")
