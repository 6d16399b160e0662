"""How much of a change a person wants looked at: what is new, all of it again, or a part (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.diff import ChangeSet
from bot.domain.patch_identity import patch_path
from bot.domain.path_patterns import matches
from bot.domain.review import FileCoverage, Review
from workers.review.since import read_patch, what_is_new
from workers.review.triage import Selection


@dataclass(frozen=True, slots=True)
class Scope:
    """`again`: also what was read before. `security`: no other defects. `paths`: empty means all.

    Patterns are those of the policy (gitignore's).
    """

    again: bool = False
    security: bool = False
    paths: tuple[str, ...] = ()

    @property
    def narrow(self) -> bool:
        """Whether something of the change stays unread for the next review."""
        return self.security or bool(self.paths)


def only_asked(selection: Selection, scope: Scope) -> Selection:
    """Sets apart what the person did not name; its line in the receipt says so."""
    if not scope.paths:
        return selection
    left_out = [file for file in selection.read if not matches(scope.paths, file.path)]
    apart = tuple(FileCoverage(file.path, "skipped", "not asked for") for file in left_out)
    read = tuple(file for file in selection.read if file not in left_out)
    return Selection(read, (*selection.apart, *apart))


def as_read(review: Review, scope: Scope, earlier: Sequence[Review], change: ChangeSet) -> Review:
    """The review with what may be called read by now: a look at a part leaves the rest to be read.

    Without this a review of one folder would hide the others from every later one.
    """
    if not scope.narrow:
        return review
    told = {patch.path for patch in review.patch}
    seen = {entry.path for entry in review.coverage.files if entry.state == "read"}
    read = [file.path for file in change.files if file.path in seen and patch_path(file) in told]
    read = [] if scope.security else read
    return replace(review, patch=read_patch(change, what_is_new(earlier, change), read))
