"""Where a review comment may stand, and where it stands after a push.

GitHub resolves each comment against the diff and refuses the whole review if one of them
fails, without naming which. Reviews and single comments are refused in two shapes.
https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, NoReturn

from sandbox.errors import Invalid, Refusal, Unprocessable
from sandbox.git.patch import DiffLine, Patch, Side
from sandbox.state.comments import Anchor, Thread
from sandbox.state.pulls import PullRequest
from sandbox.state.world import World

Shape = Literal["review", "comment"]
Refuse = Callable[[str, str, str], NoReturn]


def _refuse_in_review(field: str, short: str, long: str) -> NoReturn:
    raise Unprocessable(short)


def _refuse_comment(field: str, short: str, long: str) -> NoReturn:
    name = f"pull_request_review_thread.{field}"
    raise Invalid("PullRequestReviewComment", name, f"{name} {long}")


def find_anchor(pull: PullRequest, wanted: dict[str, Any], commit: str, shape: Shape) -> Anchor:
    """The place a comment asks for, in the diff of `commit`. Raises 422 where it has none."""
    refuse: Refuse = _refuse_in_review if shape == "review" else _refuse_comment
    path = wanted.get("path")
    change = pull.file(path, commit) if isinstance(path, str) else None
    if change is None:
        refuse("path", "Path could not be resolved", "is invalid")
    if wanted.get("subject_type") == "file":
        return Anchor(change.path, subject="file")
    patch = change.parsed()
    if wanted.get("line") is None and wanted.get("position") is not None:
        return _at_position(change.path, patch, wanted["position"], refuse)
    return _at_line(change.path, patch, wanted, refuse)


def _at_position(path: str, patch: Patch, position: Any, refuse: Refuse) -> Anchor:
    shown = patch.at_position(position) if isinstance(position, int) else None
    if shown is None:
        refuse("position", "Position could not be resolved", "is invalid")
    side: Side = "LEFT" if shown.right is None else "RIGHT"
    line = shown.left if side == "LEFT" else shown.right
    return Anchor(path, side, line, position=shown.position, diff_hunk=patch.text_up_to(shown))


def _at_line(path: str, patch: Patch, wanted: dict[str, Any], refuse: Refuse) -> Anchor:
    side = _side(wanted.get("side"), "RIGHT")
    shown = patch.find(side, wanted.get("line"))
    if shown is None:
        refuse("line", "Line could not be resolved", "must be part of the diff")
    anchor = Anchor(
        path, side, wanted["line"], position=shown.position, diff_hunk=patch.text_up_to(shown)
    )
    start_line = wanted.get("start_line")
    if start_line is None:
        return anchor
    start_side = _side(wanted.get("start_side"), side)
    _check_start(patch.find(start_side, start_line), shown, refuse)
    return replace(anchor, start_line=start_line, start_side=start_side)


def _check_start(start: DiffLine | None, end: DiffLine, refuse: Refuse) -> None:
    subject = "Pull request review thread start line"
    if start is None or start.hunk != end.hunk:
        text = "must be part of the same hunk as the line."
        refuse("start_line", f"{subject} {text}", text)
    if start.position >= end.position:
        text = "must precede the end line."
        refuse("start_line", f"{subject} {text}", text)


def _side(value: Any, default: Side) -> Side:
    """`side` is upper case; GitHub takes other values for an invalid variable."""
    if value in (None, "side"):
        return default
    if value == "LEFT":
        return "LEFT"
    if value == "RIGHT":
        return "RIGHT"
    raise Refusal(422, "Unprocessable Entity", [f"Side {value!r} is not a valid DiffSide"])


def follow_threads(world: World, pull: PullRequest) -> None:
    """After a push: each thread stands on its line's new place, or is outdated."""
    for thread in world.review_comments.threads(pull):
        if thread.original.subject == "line":
            thread.anchor = _followed(thread)
        thread.commit_id = pull.head_sha


def _followed(thread: Thread) -> Anchor:
    pull, original = thread.pull, thread.original
    gone = replace(original, line=None, start_line=None, position=None)
    change = pull.file(original.path)
    if change is None:
        return gone
    patch = change.parsed()
    line = _moved(thread, original.side, original.line)
    shown = patch.find(original.side, line)
    if line is None or shown is None:
        return gone
    start = _moved(thread, original.start_side or original.side, original.start_line)
    return replace(original, line=line, start_line=start, position=shown.position)


def _moved(thread: Thread, side: Side, line: int | None) -> int | None:
    """A RIGHT line is followed through the head's history, a LEFT line through the base's."""
    if line is None:
        return None
    pull = thread.pull
    old, new = thread.original_commit, pull.head_sha
    if side == "LEFT":
        old, new = thread.original_base, pull.merge_base()
    return pull.repository.changes.follow(old, new, thread.original.path, line)
