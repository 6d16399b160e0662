"""What comes from outside of the repository: its members are nobody's here, whatever their name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from workers.repository.outline import Typed
from workers.repository.references.expressions import Step, steps_of, written
from workers.repository.references.meaning import Meaning
from workers.repository.references.meanings import Meanings
from workers.repository.references.scopes import nearest
from workers.repository.references.written_types import written_types

_DEPTH = 3
_NAME = re.compile(r"[A-Za-z_$][\w$.]*")


def is_foreign(
    meanings: Meanings, path: str, line: int, expression: str, depth: int = _DEPTH
) -> bool:
    """Whether the expression begins with, or goes through, something imported from outside.

    `client` of `client = Client()`, `self.conn` of `self.conn = H2Connection()`.
    """
    steps = steps_of(expression)
    if not steps or depth == 0:
        return False
    name = steps[0].name
    facts = nearest(meanings.evidence(path, name), line, 0)
    if facts:
        if _all_foreign(meanings, path, facts, line, depth):
            return True
    else:
        entries = [each for each in meanings.outline(path).imports if each.alias == name]
        if entries and not any(meanings.tracer.origin(path, each) for each in entries):
            return True
    ends = range(2, len(steps) + 1)
    return any(_is_foreign_member(meanings, path, line, steps[:end], depth) for end in ends)


def _is_foreign_member(
    meanings: Meanings, path: str, line: int, steps: Sequence[Step], depth: int
) -> bool:
    """Whether the last step is a field, or what a method returns, of a foreign type."""
    *owner, last = steps
    owners = meanings.receiver(path, line, written(owner))
    members = [each for one in owners for each in meanings.member(one, last.name)]
    return bool(members) and all(_holds_foreign(meanings, each, last, depth) for each in members)


def _holds_foreign(meanings: Meanings, member: Meaning, step: Step, depth: int) -> bool:
    facts = meanings.returned(member) if step.called else meanings.given(member)
    return _all_foreign(meanings, member.path, facts, 0, depth)


def _all_foreign(
    meanings: Meanings, path: str, facts: Iterable[Typed], line: int, depth: int
) -> bool:
    """Read where the evidence stands, or at `line` if that is given. Without evidence: no.

    A foreign type that holds one of ours, as `Iterator[Basket]` does, may give that.
    """
    known: list[bool] = []
    for each in facts:
        at = line or each.line
        if any(meanings.at(path, at, name) for name in _NAME.findall(each.type)):
            return False
        texts = (text for text in (each.value, *written_types(each.type)) if text)
        known += (is_foreign(meanings, path, at, text, depth - 1) for text in texts)
    return bool(known) and all(known)
