"""The public object fits its schema; a record reads back equal."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.policy import Policy
from bot.domain.review import CallSite, LedgerEntry, Review
from bot.domain.review_json import record_from_json, record_to_json, review_to_json
from tests.cli.sample_review import CLEAN, REVIEW

POLICIES = st.from_type(Policy)
REVIEWS = st.from_type(Review)


@pytest.mark.parametrize("review", [REVIEW, CLEAN])
def test_the_public_object_fits_its_schema(review: Review) -> None:
    schema = json.loads(Path("docs/review.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(review_to_json(review))


def test_a_finding_without_a_fate_is_not_written() -> None:
    undecided = replace(REVIEW, findings=(replace(REVIEW.findings[0], fate=None),))
    with pytest.raises(ValueError, match=r"has no fate\. Judge the review"):
        review_to_json(undecided)


def test_places_that_match_by_name_alone_are_counted_and_not_listed() -> None:
    resolved = CallSite("a.ts", 3, "T1", "safe", "it fits")
    by_name = CallSite("b.ts", 9, "T3", "not_inspected", "its file could not be parsed")
    entry = LedgerEntry("run", "now requires `x`", (resolved, by_name), possible=2)
    (told,) = review_to_json(replace(CLEAN, ledger=(entry,)))["ledger"]
    assert (told["sites"], told["possible"]) == ([asdict(resolved)], 3)


@settings(max_examples=40, deadline=None)
@given(REVIEWS)
def test_a_record_reads_back_equal(review: Review) -> None:
    raw = json.loads(json.dumps(record_to_json(review)))
    assert repr(record_from_json(raw)) == repr(review)


def test_a_record_of_an_older_version_gets_defaults() -> None:
    raw = record_to_json(CLEAN)
    del raw["review"]["skipped"]
    assert record_from_json(raw) == CLEAN


@pytest.mark.parametrize(
    "raw", [{}, {"record": 2}, {"record": 1}, {"record": 1, "review": {"status": "odd"}}]
)
def test_what_is_no_record_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"record|stored|none of"):
        record_from_json(raw)
