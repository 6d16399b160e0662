"""A key left a configuration file, and code still asks for it by its name in quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.diff import FileChange
from bot.domain.review import Fact, SourceLine
from workers.repository.checks.environment import is_code
from workers.repository.checks.inspection import Inspection
from workers.repository.test_paths import is_test_path

KIND = "config_key"
KEYS = 40
_CONFIG = re.compile(
    r"(^|/)[\w.-]*(config|settings|application|values|defaults)[\w.-]*"
    r"\.(ya?ml|toml|json|ini|cfg|properties)$"
)
_DEFINED = re.compile(r"""^\s*(?:-\s+)?["']?([A-Za-z][\w.-]{5,})["']?\s*[:=](?!:)""")


def dropped_config_keys(inspection: Inspection) -> Iterator[Fact]:
    """One fact for each key that no configuration file has any more and code names in quotes."""
    dropped = dict(list(_dropped(inspection))[:KEYS])
    words = {key: max(re.findall(r"\w+", key), key=len) for key in dropped}
    hits = inspection.mentions(words.values())
    for key, file in dropped.items():
        lines = [hit for held in hits.get(words[key], {}).values() for hit in held]
        quoted = re.compile(rf"""["'`]{re.escape(key)}["'`]|\$\{{{re.escape(key)}[:}}]""")
        if any(_CONFIG.search(path) and _key(text) == key for path, _, text in lines):
            continue
        places = tuple(
            SourceLine(path, line)
            for path, line, text in lines
            if is_code(path) and not is_test_path(path) and quoted.search(text)
        )
        if places:
            text = f"`{key}` is no longer set in {file.path}, and code still names it"
            yield Fact(KIND, text, file.path, places)


def _dropped(inspection: Inspection) -> Iterator[tuple[str, FileChange]]:
    files = [f for f in inspection.change.files if _CONFIG.search(f.old_path or f.path)]
    added = {key for file in files for key in _keys(file, "+")}
    for file in files:
        if file.kind == "text" and not inspection.skip(file.path):
            yield from ((key, file) for key in _keys(file, "-") if key not in added)


def _keys(file: FileChange, kind: str) -> Iterator[str]:
    for hunk in file.hunks:
        for line in hunk.lines:
            key = _key(line.text) if line.kind == kind else ""
            if key:
                yield key


def _key(text: str) -> str:
    """The key that a line sets, where its name has parts: a plain word says too little."""
    found = _DEFINED.match(text)
    return found[1] if found and ("_" in found[1] or "." in found[1]) else ""
