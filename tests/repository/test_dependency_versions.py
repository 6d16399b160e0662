"""Versions, ranges and pins by the rule of each ecosystem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.repository.dependencies.listing import Ecosystem, Requirement
from workers.repository.dependencies.pins import Pin, pin_of
from workers.repository.dependencies.ranges import allows
from workers.repository.dependencies.versions import Step, may_break, step, version_key

ECOSYSTEMS: list[Ecosystem] = [
    "python", "npm", "go", "cargo", "maven", "bundler", "composer", "nuget", "actions", "image",
]  # fmt: skip


@pytest.mark.parametrize(
    ("ecosystem", "rising"),
    [
        ("python", "1.0.dev1 1.0a1 1.0rc2 1.0 1.0.post1 1.0.1"),
        ("npm", "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-rc.2 1.0.0-rc.10 1.0.0 1.0.1"),
        ("go", "v0.0.0-20240101-ab v0.0.0-20240201-aa v0.9.0 v1.0.0 v1.10.0"),
        ("maven", "1.0-SNAPSHOT 1.0 1.0.1-jre 1.2"),
        ("bundler", "7.1.0.rc1 7.1.0 7.1.3.2 7.1.10"),
        ("image", "3.9-slim 3.11-slim 3.12"),
    ],
)
def test_versions_are_ordered(ecosystem: Ecosystem, rising: str) -> None:
    texts = rising.split()
    keys = [version_key(ecosystem, text) for text in texts]
    assert None not in keys
    assert keys == sorted(set(keys))  # type: ignore[type-var]  # none of them is None


@pytest.mark.parametrize(
    ("ecosystem", "before", "after", "expected", "breaks"),
    [
        ("python", "0.27.2", "0.28.1", "minor", True),
        ("python", "2.31", "2.32.1", "minor", False),
        ("npm", "1.9.0", "2.0.0", "major", True),
        ("npm", "0.0.3", "0.0.4", "patch", True),
        ("cargo", "0.3.1", "0.3.2", "patch", False),
        ("maven", "33.0-jre", "33.1-jre", "minor", False),
        ("actions", "v4", "v5", "major", True),
        ("actions", "main", "v5", "other", False),
        ("image", "3.11-slim", "3.12-slim", "minor", False),
        ("npm", "1.0.0", "1.0.0", "other", False),
    ],
)
def test_a_step_is_named_and_may_break_by_the_ecosystems_rule(
    ecosystem: Ecosystem, before: str, after: str, expected: Step, breaks: bool
) -> None:
    assert (step(ecosystem, before, after), may_break(ecosystem, before, after)) == (
        expected,
        breaks,
    )


@pytest.mark.parametrize(
    ("ecosystem", "constraint", "version", "expected"),
    [
        ("python", ">=0.27,<1", "0.28.1", True),
        ("python", "^2.31", "3.0", False),
        ("python", "~0.18", "0.19.0", False),
        ("python", "^0.0.3", "0.0.4", False),
        ("python", "<2 || >=3", "3.1", True),
        ("python", "*", "1.0rc1", True),
        ("python", "main", "1.0", None),
        ("npm", "^18.2.0", "18.3.1", True),
        ("npm", "^18.2.0", "19.0.0", False),
        ("npm", ">= 1.2 < 2", "2.0.0", False),
        ("npm", "1.x || 2.x", "2.1.0", True),
        ("npm", "latest", "2.1.0", None),
        ("npm", "^1.0.0", "2.0.0-rc.1", None),
        ("cargo", "1.10", "1.11.0", True),
        ("cargo", "1.10", "2.0.0", False),
        ("cargo", ">=1.2, <1.5", "1.5.0", False),
        ("cargo", "=1.0.1", "1.0.1", True),
        ("composer", "~1.2", "1.9.0", True),
        ("composer", "~1.2.3", "1.3.0", False),
        ("composer", "^10.5 || ^11", "v11.0.1", True),
        ("composer", ">=1.0,<2.0@dev", "2.1.0", None),
        ("composer", "^1.0", "dev-main (0123)", None),
        ("bundler", "~> 7.1, >= 7.1.3", "7.1.3.2", True),
        ("bundler", "~> 7.1", "8.0.0", False),
        ("bundler", "~> 7.1.0", "7.2.0", False),
        ("bundler", "7.2.2", "7.2.2", True),
        ("nuget", "[1.0,2.0)", "1.5", None),
    ],
)
def test_a_range_is_decided_or_left_open(
    ecosystem: Ecosystem, constraint: str, version: str, expected: bool | None
) -> None:
    assert allows(ecosystem, constraint, version) is expected


@given(st.sampled_from(ECOSYSTEMS), st.text(max_size=30), st.text(max_size=30))
def test_no_text_makes_the_rules_fail(ecosystem: Ecosystem, one: str, other: str) -> None:
    assert allows(ecosystem, one, other) in (True, False, None)
    assert step(ecosystem, one, other) in ("major", "minor", "patch", "other")


@pytest.mark.parametrize(
    ("ecosystem", "constraint", "source", "hashes", "expected"),
    [
        ("python", "==1.2", "", (), Pin.EXACT),
        ("python", "==1.*", "", (), Pin.RANGE),
        ("python", "==1.2", "", ("sha256:aa",), Pin.DIGEST),
        ("python", "", "", (), Pin.MOVING),
        ("python", "main", "git https://host/x", (), Pin.MOVING),
        ("python", "8f3c2a1", "git https://host/x", (), Pin.DIGEST),
        ("python", "", "path ../x", (), None),
        ("npm", "1.2.3", "", (), Pin.EXACT),
        ("npm", "^1.2.3", "", (), Pin.RANGE),
        ("npm", "1.x", "", (), Pin.RANGE),
        ("cargo", "1.2", "", (), Pin.RANGE),
        ("cargo", "=1.2.0", "", (), Pin.EXACT),
        ("nuget", "13.0.3", "", (), Pin.RANGE),
        ("nuget", "[13.0.3]", "", (), Pin.EXACT),
        ("maven", "1.2.+", "", (), Pin.RANGE),
        ("maven", "", "", (), None),
        ("go", "v1.2.3", "", (), Pin.EXACT),
        ("actions", "v4", "", (), Pin.RANGE),
        ("actions", "main", "", (), Pin.MOVING),
        ("actions", "v4", "", ("commit:0a",), Pin.DIGEST),
        ("image", "latest", "", (), Pin.MOVING),
        ("image", "3.11-slim", "", (), Pin.RANGE),
    ],
)
def test_a_pin_is_as_firm_as_what_it_holds(
    ecosystem: Ecosystem,
    constraint: str,
    source: str,
    hashes: tuple[str, ...],
    expected: Pin | None,
) -> None:
    entry = Requirement("x", constraint, 1, source=source, hashes=hashes)
    assert pin_of(ecosystem, entry) is expected
