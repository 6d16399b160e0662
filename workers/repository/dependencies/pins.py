"""How firmly a requirement holds one release: what may change without anybody changing the file."""

from __future__ import annotations

import re
from enum import IntEnum

from workers.repository.dependencies.listing import Ecosystem, Requirement


class Pin(IntEnum):
    """From what may be anything tomorrow to what is the same bytes for ever."""

    MOVING = 0
    """A branch, `latest`, or no version at all."""
    RANGE = 1
    """A range of versions, or a tag that its owner can move."""
    EXACT = 2
    """One version of an index that does not replace releases."""
    DIGEST = 3
    """A hash or a commit."""


WORDS = {
    Pin.MOVING: "nothing fixed",
    Pin.RANGE: "a range or a tag",
    Pin.EXACT: "one version",
    Pin.DIGEST: "a digest",
}
_COMMIT = re.compile(r"[0-9a-f]{7,40}")
_VERSION = re.compile(r"[vV=]?\d+(\.\d+)*[\w.+-]*")
_TAG = re.compile(r"[vV]?\d+(\.\d+)*[\w.-]*")
_EXACT_PYTHON = re.compile(r"={2,3}\s*[\w.+!-]+|\d[\w.+!-]*")


def pin_of(ecosystem: Ecosystem, entry: Requirement) -> Pin | None:
    """How firm it is; None for a folder of the same repository, or what another file decides."""
    if entry.source.startswith("path ") or entry.source == "catalog":
        return None
    if entry.hashes:
        return Pin.DIGEST
    if entry.source.startswith("git "):
        return _of_revision(entry.constraint)
    if ecosystem in ("actions", "image"):
        return Pin.RANGE if _TAG.fullmatch(entry.constraint) else Pin.MOVING
    if entry.constraint in ("", "*", "latest", "LATEST", "RELEASE"):
        return None if ecosystem in ("maven", "nuget") else Pin.MOVING
    return Pin.EXACT if _is_exact(ecosystem, entry.constraint) else Pin.RANGE


def _of_revision(revision: str) -> Pin:
    if _COMMIT.fullmatch(revision):
        return Pin.DIGEST
    return Pin.RANGE if _TAG.fullmatch(revision) else Pin.MOVING


def _is_exact(ecosystem: Ecosystem, constraint: str) -> bool:
    text = constraint.strip()
    if ecosystem == "python":
        return "*" not in text and _EXACT_PYTHON.fullmatch(text) is not None
    if ecosystem == "cargo":
        return text.startswith("=")
    if ecosystem == "nuget":
        return re.fullmatch(r"\[[^,\]]+\]", text) is not None
    wild = re.search(r"(^|\.)[xX*](\.|$)|\+$", text)
    return wild is None and _VERSION.fullmatch(text.removeprefix("= ")) is not None
