"""Which paths are tests, by the conventions of each language's runner."""

from __future__ import annotations

import re

_TEST = re.compile(
    r"(^|/)(tests?|specs?|__tests__|testing)/|(^|/)(test_[^/]*|conftest)\.py$"
    r"|(_test\.(go|py|rb)|[._-](test|spec)\.[cm]?[jt]sx?|Tests?\.java|_spec\.rb)$"
)


def is_test_path(path: str) -> bool:
    """Whether a test runner would look into this file."""
    return _TEST.search(path) is not None
