"""Which paths are tests, by the conventions of each language's runner."""

from __future__ import annotations

import re

_TEST = re.compile(
    r"(^|/)(tests?|specs?|__tests__|testing|testdata|fixtures)/|(^|/)(test_[^/]*|conftest)\.py$"
    r"|(^|/)([\w.-]+\.Tests?|[a-z]+Test)/|(^|/)test_[^/]*\.(c|cc|cpp)$"
    r"|(_test\.(go|py|rb|exs?|c|cc|cpp)|[._-](test|spec)\.[cm]?[jt]sx?|Tests?\.(java|kt|cs)|_spec\.rb)$"
)


def is_test_path(path: str) -> bool:
    """Whether the file is a test, or data that only tests read."""
    return _TEST.search(path) is not None
