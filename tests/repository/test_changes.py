"""For each language, what a change of a contract is told as: golden files, read by hand.

`tests/data/changes/LANGUAGE.txt` holds cases (`=== name`), before and after `--- after`; what is
told of them stands in the `.json` beside it.
"""

from __future__ import annotations

import json

import pytest

from tests.repository.edited import lines
from tests.repository.projects import DATA, sections

SUFFIXES = {
    "python": "py", "typescript": "ts", "javascript": "js", "go": "go", "java": "java",
    "kotlin": "kt", "ruby": "rb", "rust": "rs", "c": "c", "cpp": "cpp", "csharp": "cs",
    "php": "php",
}  # fmt: skip


def told(language: str) -> dict[str, list[str]]:
    """What each case of a language is told as."""
    cases = sections((DATA / "changes" / f"{language}.txt").read_text())
    found: dict[str, list[str]] = {}
    for name, text in cases.items():
        before, _, after = text.partition("--- after\n")
        found[name] = lines(before, after, f"a.{SUFFIXES[language]}")
    return found


@pytest.mark.parametrize("language", SUFFIXES)
def test_a_change_is_told_as_recorded(language: str) -> None:
    golden = json.loads((DATA / "changes" / f"{language}.json").read_text())
    assert told(language) == golden
