"""pip's requirements and constraints files (https://pip.pypa.io/en/stable/reference/requirements-file-format/)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.repository.dependencies.listing import Listing, Requirement
from workers.repository.dependencies.readers.python_requirement import python_requirement

_COMMENT = re.compile(r"(?:^|\s)#.*$")
_HASH = re.compile(r"\s--hash[= ](\w+:[0-9a-fA-F]+)")
_OPTION = re.compile(r"\s--(?:config-settings?|global-option)\b.*$")
_INCLUDE = re.compile(r"^(?:-r|--requirement|-c|--constraint)(?:\s+|=|(?<=-r)|(?<=-c))(\S+)$")
_INDEX = re.compile(r"^(?:-i|--index-url|--extra-index-url|-f|--find-links)(?:\s+|=)(\S+)$")
_EDITABLE = re.compile(r"^(?:-e|--editable)(?:\s+|=)")


def read_requirements(text: str) -> Listing:
    """Requirements with their hashes, what it includes (`-r`, `-c`) and the indexes it names."""
    found: list[Requirement] = []
    includes: list[str] = []
    indexes: list[str] = []
    skipped = 0
    for line, row in _logical_lines(text):
        include = _INCLUDE.match(row)
        if include is not None:
            includes.append(include[1])
        elif (index := _INDEX.match(row)) is not None:
            indexes.append(index[1])
        elif row.startswith("-") and not _EDITABLE.match(row):
            continue
        else:
            read = _requirement(row, line)
            skipped += read is None and not _is_path(row)
            found += [] if read is None else [read]
    notes = (f"{skipped} lines are no requirements that can be read",) if skipped else ()
    return Listing(
        "python", tuple(found), includes=tuple(includes), indexes=tuple(indexes), notes=notes
    )


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """A backslash joins a line with the next; comments go after that, as pip does it."""
    start, parts = 0, list[str]()
    for number, row in enumerate(text.split("\n"), 1):
        start = start or number
        parts.append(row.rstrip("\r").removesuffix("\\"))
        if row.rstrip("\r").endswith("\\") and not row.lstrip().startswith("#"):
            continue
        joined = _COMMENT.sub("", " ".join(parts)).strip()
        if joined:
            yield start, joined
        start, parts = 0, []


def _requirement(row: str, line: int) -> Requirement | None:
    hashes = tuple(_HASH.findall(row)[:100])
    bare = _OPTION.sub("", _HASH.sub("", row)).strip()
    return python_requirement(_EDITABLE.sub("", bare), line, hashes=hashes)


def _is_path(row: str) -> bool:
    bare = _EDITABLE.sub("", row)
    return bare.startswith((".", "/")) or "/" in bare
