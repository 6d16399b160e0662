"""Comments in the conversation and on lines, their threads, and reactions.

https://docs.github.com/en/rest/pulls/comments
"""

from __future__ import annotations

from typing import Any

from sandbox.actions.anchors import find_anchor, follow_threads
from sandbox.actions.announce import announce
from sandbox.actions.reviews import Placed, add_comment, announce_review
from sandbox.actions.texts import require_text
from sandbox.bodies.comments import issue_comment_body, review_comment_body
from sandbox.bodies.pulls import pull_as_issue_body, pull_body
from sandbox.bodies.repositories import issue_body
from sandbox.errors import Invalid, NotFound, Unprocessable
from sandbox.state.accounts import Account
from sandbox.state.comments import IssueComment, ReviewComment, Thread
from sandbox.state.pulls import PullRequest
from sandbox.state.reactions import CONTENTS, Reaction
from sandbox.state.repositories import Repository
from sandbox.state.reviews import Review
from sandbox.state.world import World


def comment_on_conversation(
    world: World, repository: Repository, number: int, author: Account, body: Any
) -> IssueComment:
    if number not in repository.pulls and number not in repository.issues:
        raise NotFound
    text = require_text(body, "IssueComment")
    now = world.clock.now()
    comment = world.issue_comments.add(
        IssueComment(world.clock.next_id(), repository, number, author, text, now, now)
    )
    _tell_conversation(world, comment, "created", author)
    return comment


def edit_issue_comment(world: World, comment: IssueComment, sender: Account, body: Any) -> None:
    before, comment.body = comment.body, require_text(body, "IssueComment")
    comment.updated_at = world.clock.now()
    changes = {"body": {"from": before}}
    _tell_conversation(world, comment, "edited", sender, changes=changes)


def delete_issue_comment(world: World, comment: IssueComment, sender: Account) -> None:
    world.issue_comments.remove(comment)
    _tell_conversation(world, comment, "deleted", sender)


def _tell_conversation(
    world: World, comment: IssueComment, action: str, sender: Account, **more: Any
) -> None:
    repository = comment.repository
    pull = repository.pulls.get(comment.number)
    if pull is not None:
        pull.updated_at = world.clock.now()
        issue = pull_as_issue_body(world, pull)
    else:
        issue = issue_body(world, repository, repository.issues[comment.number])
    shown = issue_comment_body(world, comment)
    announce(world, "issue_comment", action, repository, sender, issue=issue, comment=shown, **more)


def comment_on_line(
    world: World, pull: PullRequest, author: Account, wanted: dict[str, Any]
) -> ReviewComment:
    """One comment outside any review that the author began: GitHub makes a review of it."""
    if wanted.get("in_reply_to"):
        return reply(world, pull, wanted["in_reply_to"], author, wanted.get("body"))
    if not wanted.get("commit_id"):
        raise Unprocessable(message='Invalid request.\n\n"commit_id" wasn\'t supplied.')
    commit = pull.repository.git.resolve(str(wanted["commit_id"]))
    if commit is None:
        raise Invalid("PullRequestReviewComment", "commit_id", "commit_id is invalid", "invalid")
    text = require_text(wanted.get("body"), "PullRequestReviewComment")
    anchor = find_anchor(pull, wanted, commit, "comment")
    _refuse_beside_pending(world, pull, author)
    review = _lone_review(world, pull, author, commit)
    comment = add_comment(world, review, author, Placed(text, anchor), commit)
    follow_threads(world, pull)
    announce_review(world, review)
    return comment


def reply(
    world: World, pull: PullRequest, comment_id: int, author: Account, body: Any
) -> ReviewComment:
    """A reply to the first comment of a thread.

    "You can only reply to top-level review comments; replies to replies are not supported."
    https://docs.github.com/en/rest/pulls/comments#create-a-reply-for-a-review-comment
    """
    parent = world.review_comments.find(int(comment_id))
    if parent is None or parent.pull is not pull:
        raise NotFound
    if parent.in_reply_to is not None:
        raise Invalid("PullRequestReviewComment", "in_reply_to", "in_reply_to is invalid")
    text = require_text(body, "PullRequestReviewComment")
    _refuse_beside_pending(world, pull, author)
    review = _lone_review(world, pull, author, parent.thread.commit_id)
    now = world.clock.now()
    comment = world.review_comments.add(
        ReviewComment(
            id=world.clock.next_id(),
            review=review,
            thread=parent.thread,
            author=author,
            body=text,
            created_at=now,
            updated_at=now,
            in_reply_to=parent,
        )
    )
    announce_review(world, review)
    return comment


def _refuse_beside_pending(world: World, pull: PullRequest, author: Account) -> None:
    if world.reviews.pending(pull, author.login) is not None:
        raise Invalid(
            "PullRequestReview",
            "user_id",
            "user_id can only have one pending review per pull request",
        )


def _lone_review(world: World, pull: PullRequest, author: Account, commit: str) -> Review:
    now = world.clock.now()
    return world.reviews.add(
        Review(world.clock.next_id(), pull, author, "", "COMMENTED", commit, now, now)
    )


def edit_review_comment(world: World, comment: ReviewComment, sender: Account, body: Any) -> None:
    before, comment.body = comment.body, require_text(body, "PullRequestReviewComment")
    comment.updated_at = world.clock.now()
    _tell_review_comment(world, comment, "edited", sender, changes={"body": {"from": before}})


def delete_review_comment(world: World, comment: ReviewComment, sender: Account) -> None:
    world.review_comments.remove(comment)
    _tell_review_comment(world, comment, "deleted", sender)


def _tell_review_comment(
    world: World, comment: ReviewComment, action: str, sender: Account, **more: Any
) -> None:
    if comment.review.state == "PENDING":
        return
    announce(
        world,
        "pull_request_review_comment",
        action,
        comment.pull.repository,
        sender,
        comment=review_comment_body(world, comment),
        pull_request=pull_body(world, comment.pull, listed=True),
        **more,
    )


def set_resolved(world: World, thread: Thread, sender: Account, resolved: bool) -> None:
    """Resolve or unresolve a thread."""
    if (thread.resolved_by is not None) == resolved:
        return
    thread.resolved_by = sender if resolved else None
    comments = world.review_comments.of_thread(thread)
    announce(
        world,
        "pull_request_review_thread",
        "resolved" if resolved else "unresolved",
        thread.pull.repository,
        sender,
        pull_request=pull_body(world, thread.pull, listed=True),
        thread={
            "node_id": thread.node_id,
            "comments": [review_comment_body(world, comment) for comment in comments],
        },
    )


def react(world: World, subject: str, author: Account, content: Any) -> tuple[Reaction, bool]:
    """Add a reaction; the same one again is found, not made. Returns it and whether it is new."""
    if content not in CONTENTS:
        raise Invalid("Reaction", "content", "content is not included in the list", "invalid")
    existing = world.reactions.by(subject, author.login, content)
    if existing is not None:
        return existing, False
    made = Reaction(world.clock.next_id(), author, content, world.clock.now())
    return world.reactions.add(subject, made), True
