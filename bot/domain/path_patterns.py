"""Gitignore-style patterns over repository paths (https://git-scm.com/docs/gitignore).

Patterns come from policy files and paths from pull requests, so both sides of a match may be
hostile: wildcards are bounded, because each one multiplies the ways to match a long path.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore import GitIgnorePatternError

LONGEST_PATTERN = 200
_MOST_STARS_IN_A_NAME = 3
_MOST_ANY_DEPTH = 3
_LONGEST_PATH = 4096


def matches(patterns: Sequence[str], path: str) -> bool:
    """Whether the path is selected: the last pattern that matches decides, `!` deselects."""
    if not patterns or len(path) > _LONGEST_PATH:
        return False
    return _spec(tuple(patterns)).match_file(path)


def pattern_problem(pattern: str) -> tuple[str, str] | None:
    """What is wrong with a pattern and the remedy; None when it can be used."""
    if not pattern.strip() or pattern.startswith("#"):
        return "selects nothing", 'Write a path pattern such as "db/**".'
    if len(pattern) > LONGEST_PATTERN:
        return f"has {len(pattern)} characters", f"Use at most {LONGEST_PATTERN}."
    if not pattern.isprintable():
        return "holds invisible characters", "Remove them."
    return _wildcard_problem(pattern) or _syntax_problem(pattern)


def _wildcard_problem(pattern: str) -> tuple[str, str] | None:
    names = pattern.split("/")
    if names.count("**") > _MOST_ANY_DEPTH:
        return 'has too many "**"', f"Use at most {_MOST_ANY_DEPTH}."
    if any(len(re.findall(r"\*+", name)) > _MOST_STARS_IN_A_NAME for name in names):
        return 'has too many "*" in one name', f"Use at most {_MOST_STARS_IN_A_NAME}."
    return None


def _syntax_problem(pattern: str) -> tuple[str, str] | None:
    try:
        _spec((pattern,))
    except (GitIgnorePatternError, re.error, ValueError) as error:
        return f"is not a gitignore pattern ({error})", 'Write one such as "db/**" or "*.sql".'
    return None


@lru_cache(maxsize=256)
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(patterns)
