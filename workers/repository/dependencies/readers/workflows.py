"""GitHub Actions: `uses:` of workflows and composite actions."""

from __future__ import annotations

import re

from workers.repository.dependencies.listing import Listing, Requirement

_USES = re.compile(r"""^\s*(?:-\s+)?["']?uses["']?\s*:\s*["']?([^\s"'#]+)["']?\s*(?:#\s*(\S+))?""")
_LONGEST_ROW = 500


def read_workflow(text: str) -> Listing:
    """`owner/name[/path]@ref`. A local action (`./x`) is no dependency.

    By line, not as YAML: the version that a pinned commit stands for is told in the comment behind
    it, which YAML drops.
    """
    found: list[Requirement] = []
    for number, row in enumerate(text.split("\n"), 1):
        uses = _USES.match(row) if len(row) <= _LONGEST_ROW else None
        if uses is None:
            continue
        name, at, ref = uses[1].partition("@")
        if at and not name.startswith((".", "docker:")):
            found.append(_action(name, ref, uses[2] or "", number))
    return Listing("actions", tuple(found))


def _action(name: str, ref: str, comment: str, line: int) -> Requirement:
    """A full commit is the digest; the tag in the comment is what people read."""
    if re.fullmatch(r"[0-9a-f]{40}", ref):
        return Requirement(name, comment, line, hashes=(f"commit:{ref}",))
    return Requirement(name, ref, line)
