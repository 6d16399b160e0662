"""What was to happen on GitHub beside what did: nothing lost, nothing twice, nothing stale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.traffic import Push
from bot.domain.commands import Command
from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.jobs import Mention, Trigger, reply_key, review_key
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.github.markers import marker_of, markers_in
from sandbox import Sandbox
from sandbox.state.comments import IssueComment
from sandbox.state.pulls import PullRequest
from sandbox.state.reviews import Review

_RACE_SECONDS = 2.0
"""A push between the last look at the head and the submission of the review is nobody's fault."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What differs, each as a line that a person can look up."""

    lost: tuple[str, ...]
    twice: tuple[str, ...]
    stale: tuple[str, ...]


def compare(github: Sandbox, pushes: Sequence[Push], mentions: Iterable[IssueComment]) -> Ledger:
    """Every last head has its completed check and every pull request its review; each once."""
    pulls = list(dict.fromkeys(push.pull for push in pushes))
    lost = [line for pull in pulls for line in _unreviewed(github, pull)]
    lost += [
        f"{_where(pull)}: {mention.body!r} is not answered"
        for mention in mentions
        for pull in pulls
        if (mention.repository, mention.number) == (pull.repository, pull.number)
        and not _answered(github, pull, mention)
    ]
    return Ledger(
        lost=tuple(lost),
        twice=tuple(line for pull in pulls for line in _repeated(github, pull)),
        stale=tuple(line for pull in pulls for line in _stale(github, pull, pushes)),
    )


def _unreviewed(github: Sandbox, pull: PullRequest) -> list[str]:
    found: list[str] = []
    conclusions = {run.conclusion for run in github.checks(pull)}
    if not conclusions & {"success", "neutral", "failure"}:
        found.append(f"{_where(pull)}: the checks at its head ended as {conclusions or 'none'}")
    if None in conclusions:
        found.append(f"{_where(pull)}: a check at its head never ended")
    if not github.reviews(pull):
        found.append(f"{_where(pull)}: no review")
    return found


def _answered(github: Sandbox, pull: PullRequest, mention: IssueComment) -> bool:
    """A reaction that stays, or the reply or the review that it got, after which 👀 goes."""
    repository = pull.repository
    installation = InstallationId(github.installation(repository.owner.login).id)
    known = RepositoryRef(RepositoryId(repository.id), repository.full_name, installation)
    ref = PullRef(known, pull.number)
    asked = Mention("issue_comment", mention.id, mention.author.login, Command("ask"))
    trigger = Trigger("mention", asked.name, asked)
    reply = marker_of(reply_key(ref, asked))
    return (
        bool(github.reactions(mention))
        or any(reply in markers_in(comment.body) for comment in github.comments(pull))
        or any(
            marker_of(review_key(ref, Sha(review.commit_id), trigger)) in markers_in(review.body)
            for review in github.reviews(pull)
        )
    )


def _repeated(github: Sandbox, pull: PullRequest) -> list[str]:
    """Marks are of one review or reply each; check runs carry their review's key."""
    texts = [review.body for review in github.reviews(pull)]
    texts += [comment.body for comment in github.comments(pull)]
    marks = Counter(mark for text in texts for mark in markers_in(text))
    marks.update(run.external_id for run in github.checks(pull) if run.external_id)
    return [f"{_where(pull)}: {mark} stands {n} times" for mark, n in marks.items() if n > 1]


def _stale(github: Sandbox, pull: PullRequest, pushes: Sequence[Push]) -> list[str]:
    return [
        f"{_where(pull)}: the review of {review.commit_id[:8]} came after the next push"
        for review in github.reviews(pull)
        if _replaced_before(review, [push for push in pushes if push.pull is pull])
    ]


def _replaced_before(review: Review, pushes: Sequence[Push]) -> bool:
    """Whether another head stood when the review was submitted."""
    if review.submitted_at is None:
        return False
    heads = [push.head for push in pushes if push.at + _RACE_SECONDS < review.submitted_at]
    return review.commit_id in heads[:-1]


def _where(pull: PullRequest) -> str:
    return f"{pull.repository.full_name}#{pull.number}"
