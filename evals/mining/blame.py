"""Which earlier change a commit message blames, and in which words. Pure: text in, blames out.

Git writes "This reverts commit SHA."; the kernel's convention is "Fixes: SHA (\"subject\")"
(https://docs.kernel.org/process/submitting-patches.html#describe-your-changes); GitHub's button
writes "Reverts OWNER/NAME#N"; people write "regression from SHA or #N" in many ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

BlameKind = Literal["revert", "fixes", "regression"]

_SHA = r"(?P<sha>[0-9a-f]{7,40})\b"
_PULL = r"#(?P<pull>\d{1,7})\b"
_LEAD = r"(?:the\s+|this\s+)?(?:commit\s+|change\s+|PR\s+|pull request\s+)*[`'\"(\[]?"
_TARGET = rf"{_LEAD}(?:{_SHA}|{_PULL})"
_ADDRESS = (
    r"https?://[^\s/]+/[\w.-]+/[\w.-]+/"
    r"(?:commit/(?P<sha>[0-9a-f]{7,40})|pull/(?P<pull>\d{1,7}))"
)
_BUTTON = rf"{_LEAD}[\w.-]+/[\w.-]+{_PULL}"
_REVERTS = r"\b(?:partially\s+|partly\s+)?reverts?\s+"
_BLAMES = (
    r"\b(?:regress(?:ion|ed)|broken?|breakage|introduced|caused|bisected(?:\s+to)?|bug)"
    r"(?:\s+was)?(?:\s+(?:introduced|caused|added|broken))?"
    r"\s+(?:in|by|from|since|with|due\s+to|to|of)\s+"
)
_BLAMED = r"[`'\")\]]*\s+(?:that\s+|which\s+)?(?:broke|introduced|caused|regressed)\b"
_PATTERNS: tuple[tuple[BlameKind, re.Pattern[str]], ...] = (
    ("revert", re.compile(_REVERTS + _TARGET, re.IGNORECASE)),
    ("revert", re.compile(_REVERTS + _BUTTON, re.IGNORECASE)),
    ("revert", re.compile(_REVERTS + _ADDRESS, re.IGNORECASE)),
    ("fixes", re.compile(rf"^\s*fixes:\s+{_SHA}\s*\(", re.IGNORECASE | re.MULTILINE)),
    ("regression", re.compile(_BLAMES + _TARGET, re.IGNORECASE)),
    ("regression", re.compile(_BLAMES + _ADDRESS, re.IGNORECASE)),
    ("regression", re.compile(_TARGET + _BLAMED, re.IGNORECASE)),
)
_REVERT_TITLE = re.compile(r'^revert:?\s+"(?P<subject>.+)"(?:\s+\(#\d+\))?\s*$', re.IGNORECASE)
_RELAND = re.compile(r'^(?:revert:?\s+"revert\b|reland\b|reapply\b|re-apply\b)', re.IGNORECASE)
_MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Blame:
    """One earlier change: by the beginning of its SHA, its number, or its subject."""

    kind: BlameKind
    sha: str = ""
    pull: int | None = None
    subject: str = ""


def blames_of(message: str) -> list[Blame]:
    """Every change that a message blames, each once.

    A revert of a revert blames nothing: it brings back what was taken out, whatever it says.
    """
    title = message[:_MOST_TEXT].partition("\n")[0]
    if _RELAND.match(title):
        return []
    found: dict[tuple[str, int | None, str], Blame] = {}
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(message[:_MOST_TEXT]):
            groups = match.groupdict()
            sha, pull = (groups.get("sha") or "").lower(), groups.get("pull")
            blame = Blame(kind, sha, int(pull) if pull else None)
            if sha or pull:
                found.setdefault((sha, blame.pull, ""), blame)
    reverted = _REVERT_TITLE.match(title.strip())
    if reverted and not any(blame.kind == "revert" for blame in found.values()):
        found["", None, reverted["subject"]] = Blame("revert", subject=reverted["subject"])
    return list(found.values())
