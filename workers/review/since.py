"""What a push brought: the edits that no earlier review read, and what those reviews said (pure).

Patches are compared, not commits: a rebase that changes nothing brings nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.finding import Evidence, Finding, Origin
from bot.domain.identifiers import Sha
from bot.domain.patch_identity import Edit, FilePatch, edits_of, patch_path
from bot.domain.review import Review

_NEAR = 3


@dataclass(frozen=True, slots=True)
class Since:
    """How this head differs from what was read before. `earlier`: published reviews, oldest first.

    `fresh`: edits that no review read, by the head's path; `known`: the ids of the others, by the
    base's path; `reverted`: base paths of which an edit is gone and none came in its place.
    `reworded`: title or description are not those whose promises were judged.
    """

    earlier: tuple[Review, ...] = ()
    fresh: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reverted: frozenset[str] = frozenset()
    reworded: bool = False

    @property
    def partial(self) -> bool:
        """Whether an earlier review read some of this change."""
        return bool(self.known) or bool(self.reverted)

    @property
    def same_patch(self) -> bool:
        """The patch is the one that was read before."""
        return bool(self.known) and not self.fresh and not self.reverted

    @property
    def nothing(self) -> bool:
        """Patch and words are those that were read before."""
        return self.same_patch and not self.reworded

    @property
    def only_words(self) -> bool:
        """Promises are to be judged, and nothing is to be hunted."""
        return self.reworded and not self.fresh and not self.reverted

    @property
    def told(self) -> Review | None:
        """The latest review that judged promises, or found that there are none."""
        read = (one for one in reversed(self.earlier) if one.intent.judged or one.words)
        return next(read, None)

    def at_the_same_head(self) -> Since:
        """Of a head that was reviewed nothing is new, also where a budget left it unread."""
        return replace(self, fresh={}, reverted=frozenset())

    def brings(self, change: FileChange) -> bool:
        """Whether something of this file is to be read for the first time, or differs again."""
        return change.path in self.fresh or patch_path(change) in self.reverted

    def lines(self, change: FileChange) -> int:
        """Added plus removed lines that no review read."""
        return sum(len(edit.left) + len(edit.right) for edit in self.fresh.get(change.path, ()))


def what_is_new(earlier: Sequence[Review], change: ChangeSet, again: bool = False) -> Since:
    """Hold the change against what the published reviews read. `again`: read all of it anew."""
    read = next((review.patch for review in reversed(earlier) if _was_read(review)), ())
    before = {} if again else {patch.path: Counter(patch.edits) for patch in read}
    fresh: dict[str, tuple[Edit, ...]] = {}
    known: dict[str, tuple[str, ...]] = {}
    for file in change.files:
        left = before.get(patch_path(file), Counter())
        new = tuple(edit for edit in edits_of(file) if not _taken(left, edit.id))
        old = Counter(edit.id for edit in edits_of(file)) - Counter(edit.id for edit in new)
        if new:
            fresh[file.path] = new
        if old:
            known[patch_path(file)] = tuple(old.elements())
    came = {patch_path(file) for file in change.files if file.path in fresh}
    reverted = {path for path, left in before.items() if left.total() and path not in came}
    return Since(tuple(earlier), fresh, known, frozenset(reverted))


def _was_read(review: Review) -> bool:
    """A model read some of it, or there was nothing of it to read."""
    return bool(review.patch) or not (review.skipped or review.coverage.files)


def _taken(left: Counter[str], id: str) -> bool:
    """Whether an edit with this id was read; each one read counts once."""
    if left[id] > 0:
        left[id] -= 1
        return True
    return False


def read_patch(change: ChangeSet, since: Since, read: Collection[str]) -> tuple[FilePatch, ...]:
    """What a model has read of this change by now. `read`: head paths of this review's files."""
    patches = []
    for file in change.files:
        path = patch_path(file)
        ids = (
            tuple(edit.id for edit in edits_of(file))
            if file.path in read
            else since.known.get(path, ())
        )
        if ids:
            patches.append(FilePatch(path, ids))
    return tuple(patches)


def marked_late(findings: Iterable[Finding], since: Since, change: ChangeSet) -> list[Finding]:
    """Mark what a model says of lines that an earlier review read, and said nothing of."""
    return [
        replace(finding, late=True) if _is_late(finding, since, change) else finding
        for finding in findings
    ]


def _is_late(finding: Finding, since: Since, change: ChangeSet) -> bool:
    """Plain code is never late: it says the same of the same code, unless the base changed."""
    if finding.fate is not None or finding.origin is Origin.CHECK or not since.known:
        return False
    if _is_newly_promised(finding, since):
        return False
    return not any(
        _is_new(path, side, first, last, since, change)
        for path, side, first, last in _places(finding, change)
    )


def _is_newly_promised(finding: Finding, since: Since) -> bool:
    """Nobody could have missed before that old lines break what is promised only now."""
    if not since.reworded or not finding.promise_id or since.told is None:
        return False
    return all(promise.id != finding.promise_id for promise in since.told.intent.promises)


def _places(finding: Finding, change: ChangeSet) -> Iterator[tuple[str, str, int, int]]:
    line = finding.line or 0
    yield finding.path, finding.side, line, finding.end_line or line
    for proof in finding.evidence:
        side = "RIGHT" if proof.commit == change.head else "LEFT"
        yield proof.path, side, proof.line, proof.end_line


def _is_new(path: str, side: str, first: int, last: int, since: Since, change: ChangeSet) -> bool:
    """Whether these lines touch a new edit, or belong to a changed file that nobody has read."""
    file = next((f for f in change.files if path in (f.path, f.old_path)), None)
    if file is None:
        return False
    if patch_path(file) in since.reverted or patch_path(file) not in since.known:
        return True
    numbers = (
        number
        for edit in since.fresh.get(file.path, ())
        for number in (edit.right if side == "RIGHT" else edit.left)
    )
    return any(first - _NEAR <= number <= last + _NEAR for number in numbers)


def is_untouched(finding: Finding, since: Since, change: ChangeSet) -> bool:
    """Whether no file that the finding names holds anything new."""
    return _only_old({finding.path, *(proof.path for proof in finding.evidence)}, since, change)


def names_only_old(evidence: Iterable[Evidence], since: Since, change: ChangeSet) -> bool:
    """Whether none of the cited files holds anything new."""
    return _only_old({proof.path for proof in evidence}, since, change)


def _only_old(paths: Collection[str], since: Since, change: ChangeSet) -> bool:
    files = (f for f in change.files if f.path in paths or f.old_path in paths)
    return since.reverted.isdisjoint(paths) and not any(since.brings(file) for file in files)


def at_this_head(
    evidence: Iterable[Evidence], head: Sha, change: ChangeSet
) -> tuple[Evidence, ...]:
    """Quotes of an earlier review's commits as quotes of this one's; not yet checked."""
    return tuple(
        replace(proof, commit=change.head if proof.commit == head else change.base)
        for proof in evidence
    )


def told_to_hunters(since: Since, change: ChangeSet) -> str:
    """Which lines are new, for room 1; "" where all of them are. No word of any person's."""
    if not since.partial:
        return ""
    rows = [
        _new_lines(file.path, since.fresh[file.path])
        for file in change.files
        if file.path in since.fresh
    ]
    rows += [f"- {path}: an edit that was reviewed is undone" for path in sorted(since.reverted)]
    return (
        "An earlier review has read this change, except for what was pushed since:\n"
        + "\n".join(rows)
        + "\nHunt in these lines, and in what they do to the rest of the change and to the code "
        "around it. A defect that lies wholly in older lines was for the earlier review to find: "
        "report it only if it is P0."
    )


def _new_lines(path: str, edits: Sequence[Edit]) -> str:
    right = [number for edit in edits for number in edit.right]
    left = [number for edit in edits if not edit.right for number in edit.left]
    parts = [f"head {_ranges(right)}"] if right else []
    parts += [f"removed from base {_ranges(left)}"] if left else []
    return f"- {path}: {', '.join(parts) or 'name, mode or content'}"


def _ranges(numbers: Sequence[int]) -> str:
    """`3-5, 9` of 3, 4, 5, 9."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{a}-{b}" if b > a else f"{a}" for a, b in spans)
