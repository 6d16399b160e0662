"""A review in each format, held against golden files; regenerate them with UPDATE_GOLDEN=1."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.domain.finding import Fate, Origin, Severity
from bot.domain.intent import IntentContract
from bot.domain.review import (
    CallSite,
    Coverage,
    FileCoverage,
    LedgerEntry,
    Review,
    ReviewUsage,
)
from tests.cli.sample_review import CLEAN, REFUTED, RETRIED, REVIEW, SIGNATURE, sources
from workers.cli.output.json import render_json
from workers.cli.output.markdown import fenced, plain, render_markdown
from workers.cli.output.safe_text import safe, safe_code
from workers.cli.output.sarif import render_sarif, sarif
from workers.cli.output.text import render_text, verdict

DEEP = "shop/integrations/marketplaces/inventory/reservations/allocator.py:1204"
WRITTEN = """\
**Cause:** `rows()` may return `None`, and __nothing__ guards it:

- when the table is *empty*, as after `TRUNCATE`, and no other request has filled the cache before;
- when **`tenant`** is unknown.

1. First guard it.
## Fix
```python
if rows is None:  # **not bold**
    return
```
"""
UNVERIFIED = replace(
    REVIEW,
    findings=(
        replace(RETRIED, fate=Fate.UNSURE, reason="it could not be verified"),
        replace(
            RETRIED,
            title="The rows may be `None`",
            body=WRITTEN,
            severity=Severity.P2,
            origin=Origin.INTENT,
            trigger="the table is **empty**",
        ),
        replace(REFUTED, fate=Fate.UNSURE, reason="the cache may hold it or not"),
    ),
    intent=IntentContract(judged=False, note="The author's words promise nothing."),
    ledger=(
        LedgerEntry(
            "shop.users.find_user",
            "`tenant` may be None",
            tuple(CallSite(f"shop/{n % 3}.py", n, "T1", "safe", "binds") for n in range(22)),
        ),
        LedgerEntry("shop.users.find_cart", "the result may be None"),
        LedgerEntry("shop.run", "parameter `fast` removed", possible=3),
        LedgerEntry(
            "shop.stock.allocate",
            "parameter `now` added without a default",
            (
                CallSite("shop/a.py", 3, "T1", "broken", "misses `now`"),
                CallSite(DEEP.partition(":")[0], 1204, "T1", "broken", "misses `now`"),
            ),
        ),
    ),
    coverage=Coverage(
        (
            FileCoverage("shop/users.py", "read"),
            *(FileCoverage(f"vendor/js/{n}.js", "skipped", "ignored") for n in range(6)),
            FileCoverage("uv.lock", "listed", "lock file"),
        ),
        ("1 finding could not be verified: every model timed out",),
    ),
)
NO_MODEL = replace(
    CLEAN,
    usage=ReviewUsage(seconds=1.0),
    models=(),
    intent=IntentContract(judged=False, note="No model is configured"),
    coverage=Coverage(
        tuple(
            FileCoverage(path, "listed", "code: contract checks only, no model read it")
            for path in ("shop/cart.py", "shop/http.py", "shop/tax.py", "shop/users.py")
        ),
        ("No model is configured: defects were not hunted, and intent was not judged.",),
    ),
)
DATA = Path(__file__).parent.parent / "data" / "cli"


def golden(name: str, text: str) -> None:
    """The text equals the file's."""
    file = DATA / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_text() -> None:
    golden("review.txt", render_text(REVIEW, sources))


def test_text_in_colour() -> None:
    golden("review-colour.txt", render_text(REVIEW, sources, width=100, colour=True))


def test_text_of_a_clean_review() -> None:
    golden("clean.txt", render_text(CLEAN, sources))


def test_text_of_unverified_findings_and_long_lists() -> None:
    golden("unverified.txt", render_text(UNVERIFIED, sources))


def test_text_of_a_review_without_a_model() -> None:
    golden("no-model.txt", render_text(NO_MODEL, sources))


def test_text_in_colour_renders_a_models_markdown() -> None:
    golden("unverified-colour.txt", render_text(UNVERIFIED, sources, colour=True))


def test_markdown_of_unverified_findings_and_long_lists() -> None:
    golden("unverified.md", render_markdown(UNVERIFIED))


def test_a_path_is_never_broken() -> None:
    lines = render_text(UNVERIFIED, sources, width=50).split("\n")
    row = next(number for number, line in enumerate(lines) if DEEP in line)
    assert "\n".join(lines[row - 3 : row + 2]) == snapshot("""\
    broken  shop/a.py:3                misses
                             `now`
    broken
shop/integrations/marketplaces/inventory/reservations/allocator.py:1204
            misses `now`\
""")


def test_json() -> None:
    golden("review.json", render_json(REVIEW))


def test_markdown() -> None:
    golden("review.md", render_markdown(REVIEW))


def test_sarif() -> None:
    golden("review.sarif", render_sarif(REVIEW, "1.2.3"))


def test_text_fits_in_eighty_columns() -> None:
    page = render_text(REVIEW, sources, width=80)
    assert max(len(line) for line in page.split("\n")) <= 80


def test_text_without_the_file_still_shows_the_quotes() -> None:
    page = render_text(REVIEW, lambda _commit, _path: None)
    assert "> 88 │     user = find_user(request.user_id," in page


@pytest.mark.parametrize("review", [REVIEW, CLEAN, replace(REVIEW, status="failed")])
def test_sarif_has_the_shape_that_the_standard_asks_for(review: Review) -> None:
    schema: dict[str, Any] = json.loads((DATA / "sarif-shape.schema.json").read_text())
    jsonschema.validate(sarif(review, "1.2.3"), schema)


def test_sarif_keeps_what_is_not_shown_as_suppressed() -> None:
    results = sarif(REVIEW, "1.2.3")["runs"][0]["results"]
    assert [(result["level"], result.get("suppressions")) for result in results] == [
        ("error", None),
        ("error", None),
        (
            "warning",
            [
                {
                    "kind": "external",
                    "status": "accepted",
                    "justification": "refuted: rows() returns a list in every branch "
                    "(shop/store.py:10)",
                }
            ],
        ),
    ]


PARTLY = Coverage((FileCoverage("a.py", "cut", "too large"),))


@pytest.mark.parametrize(
    ("review", "said"),
    [
        (CLEAN, "Nothing to say: no finding at or above the thresholds."),
        (
            replace(CLEAN, coverage=PARTLY, status="partial"),
            "Nothing was found in what was read. Incomplete: a.py was not read whole.",
        ),
        (
            replace(CLEAN, usage=ReviewUsage(), intent=IntentContract(judged=False, note="no")),
            "The contract checks found nothing; no model read the change.",
        ),
        (replace(CLEAN, status="failed"), "The review could not be made."),
        (replace(CLEAN, skipped="a draft"), "Not reviewed: a draft"),
        (
            REVIEW,
            "2 findings to look at (1 P0, 1 P1). Incomplete: 2 things were not done; the receipt "
            "lists them.",
        ),
        (
            replace(REVIEW, coverage=Coverage(not_done=("The time was used up.",))),
            "2 findings to look at (1 P0, 1 P1). Incomplete: The time was used up.",
        ),
        (UNVERIFIED, "1 finding to look at (1 P2) and 1 finding could not be verified (1 P1)."),
        (
            replace(CLEAN, findings=(replace(SIGNATURE, fate=Fate.LISTED, line=None),)),
            "1 finding to look at (1 P0).",
        ),
    ],
)
def test_the_verdict_never_says_more_than_was_read(review: Review, said: str) -> None:
    assert verdict(review) == said


ATTACK = "\x1b]52;c;ZXZpbA==\x07\x1b[2Jhidden\u202eevil\u200b\x9b31m\rover"
SHOWN = "\\x1b]52;c;ZXZpbA==\\x07\\x1b[2Jhidden\\u202eevil\\u200b\\x9b31m\\x0dover"


def test_control_characters_of_a_repository_are_shown_escaped() -> None:
    assert safe(ATTACK) == SHOWN
    attacked = replace(
        RETRIED,
        title=ATTACK,
        body=ATTACK,
        path=ATTACK,
        trigger=ATTACK,
        suggestion=ATTACK,
        evidence=(replace(RETRIED.evidence[0], path=ATTACK, quote=ATTACK),),
    )
    refuted = replace(attacked, fate=Fate.REFUTED, reason=ATTACK)
    review = replace(REVIEW, findings=(attacked, refuted), notes=(ATTACK,))
    code = ATTACK.replace("\r", "").encode()
    for page in (
        render_text(review, lambda _commit, _path: code * 8),
        render_markdown(review),
        render_json(review),
        render_sarif(review, "1"),
    ):
        assert not [letter for letter in page if letter != "\n" and not letter.isprintable()]


@given(st.text())
def test_no_text_brings_a_control_character_to_the_terminal(text: str) -> None:
    left = {letter for letter in safe(text) if letter < " " or letter in "\x7f\x9b\u202e\u2066"}
    assert left <= {"\n"}
    assert "\n" not in safe_code(text)
    safe(text).encode()


def test_nothing_is_live_in_markdown() -> None:
    assert plain("@bob fixes #12 <img> [a](https://evil.example) `x`") == (
        "@<!-- -->bob fixes \\#<!-- -->12 \\<img\\> \\[a\\](https:<!-- -->//evil.example) \\`x\\`"
    )
    assert fenced("a\n```\nb") == "````\na\n```\nb\n````"
