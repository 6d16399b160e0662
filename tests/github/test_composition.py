"""Every word of a review, as GitHub gets it. The pages stand in tests/data/words.

`UPDATE_WORDS=1 pytest tests/github/test_composition.py` writes them anew; read the diff.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.finding import Evidence, Fate, Severity, same_defect_as
from bot.domain.identifiers import RepositoryId
from bot.domain.intent import IntentContract, Verdict
from bot.domain.policy import Policy
from bot.domain.pull_request import PullRef, PullRequest, RepositoryRef
from bot.domain.review import CallSite, Coverage, FileCoverage, LedgerEntry, Review
from bot.github import words
from bot.github.composed import CheckOutput
from bot.github.composition import Composition, compose
from bot.github.permalinks import permalink
from tests.cli.sample_review import BASE, CLEAN, HEAD, REVIEW

BASE_URL = "https://github.com/acme/shop/blob/"
PAGES = Path(__file__).parents[1] / "data" / "words"
PULL = PullRequest(
    PullRef(RepositoryRef(RepositoryId(1), "acme/shop"), 7),
    title="Retry requests on 503",
    body="",
    author="ann",
    state="open",
    base_branch="main",
    head_branch="retry",
    base_tip=BASE,
    merge_base=BASE,
    head=HEAD,
    url="https://github.com/acme/shop/pull/7",
)
WHOLE = replace(
    REVIEW,
    status="complete",
    coverage=Coverage((FileCoverage("shop/users.py", "read"),)),
    notes=(),
)
KEPT = replace(
    CLEAN,
    intent=IntentContract(tuple(p for p in REVIEW.intent.promises if p.verdict is Verdict.KEPT)),
)
NO_MODEL = replace(
    CLEAN,
    models=(),
    intent=IntentContract(judged=False, note="No model is configured."),
    coverage=Coverage(
        tuple(
            FileCoverage(path, "listed", "code: contract checks only, no model read it")
            for path in ("shop/cart.py", "shop/http.py", "shop/tax.py", "shop/users.py")
        ),
        ("No model is configured: defects were not hunted, and intent was not judged.",),
    ),
)
TIMED_OUT = "2 findings could not be verified: every model timed out"
UNVERIFIED = tuple(
    replace(finding, fate=Fate.UNSURE, reason="it could not be verified")
    for finding in REVIEW.findings[:2]
)
ALL_UNVERIFIED = replace(
    KEPT, status="partial", findings=UNVERIFIED, coverage=Coverage(not_done=(TIMED_OUT,))
)
MINOR = replace(UNVERIFIED[0], severity=Severity.P3, title="The constant is not used")
UNJUDGED = "the author's promises were not judged: No configured model answered."
FOLDERS = ("vendor/js", "vendor/css")
LONG = replace(
    KEPT,
    ledger=(
        LedgerEntry(
            "find_user",
            "`tenant` may be None",
            (
                *(CallSite(f"shop/{n % 3}.py", n, "T1", "safe", "binds") for n in range(20)),
                CallSite("shop/1.py", 90, "T2", "not_inspected", "called with **options"),
                CallSite("shop/2.py", 91, "T2", "not_inspected", "called with **options"),
            ),
        ),
        LedgerEntry("find_cart", "the result may be None"),
        LedgerEntry("run", "parameter `fast` removed", possible=3),
    ),
    coverage=Coverage(
        (
            FileCoverage("shop/users.py", "read"),
            *(
                FileCoverage(f"{folder}/{n}", "skipped", "ignored by the policy (vendor/**)")
                for folder in FOLDERS
                for n in range(3)
            ),
            FileCoverage("uv.lock", "listed", "lock file"),
        )
    ),
)
RECORD = f"1/2/7/{HEAD}/rerequest-0b64e7f0-1c2d-4e5f-8a9b-0123456789ab"
PROBLEM = ".github/plumbline.yml:2: 'thresholds.severty' is not a setting. Did you mean 'severity'?"
CASES: dict[str, tuple[Review, bool]] = {
    "first": (WHOLE, True),
    "later": (WHOLE, False),
    "standing": (
        replace(
            WHOLE,
            findings=tuple(
                replace(
                    finding,
                    fate=Fate.DUPLICATE,
                    reason="posted in an earlier review as f00d",
                    standing=True,
                    remains="mail.py still passes it.",
                )
                if finding.fate is Fate.POSTED and finding.severity is Severity.P0
                else finding
                for finding in WHOLE.findings
            ),
        ),
        False,
    ),
    "clean": (KEPT, True),
    "partial": (REVIEW, True),
    "no_model": (NO_MODEL, True),
    "unverified": (ALL_UNVERIFIED, True),
    "unverified_and_found": (
        replace(
            REVIEW,
            findings=(REVIEW.findings[1], MINOR),
            coverage=Coverage(not_done=(TIMED_OUT.replace("2 findings", "1 finding"),)),
        ),
        True,
    ),
    "one_thing_undone": (
        replace(
            WHOLE,
            status="partial",
            intent=IntentContract(judged=False, note=UNJUDGED),
            coverage=Coverage((FileCoverage("shop/users.py", "read"),), (UNJUDGED,)),
        ),
        True,
    ),
    "nothing_promised": (
        replace(
            CLEAN,
            intent=IntentContract(judged=False, note="The author's words promise nothing."),
        ),
        True,
    ),
    "long_lists": (LONG, True),
    "policy_problem": (replace(KEPT, policy=Policy(problems=(PROBLEM,)), notes=(PROBLEM,)), True),
    "refused": (
        replace(
            CLEAN,
            status="failed",
            models=(),
            intent=IntentContract(judged=False, note="the model refused to answer"),
            coverage=Coverage(not_done=("hunt: the model refused to answer",)),
        ),
        True,
    ),
    "skipped": (
        replace(
            CLEAN,
            skipped="draft",
            models=(),
            intent=IntentContract(judged=False, note="draft"),
            coverage=Coverage(not_done=("Not reviewed: draft",)),
        ),
        True,
    ),
}


def page(made: Composition) -> str:
    parts = [f"check: {made.check.title} [{made.conclusion}]", made.check.summary]
    parts += ["===== body", made.body or "(no review)"]
    for one in made.comments:
        parts += [f"===== {one.path} {one.side} {one.start_line}-{one.line}", one.body]
    if made.check.text != made.body.partition("\n\n")[2]:
        parts += ["===== check", made.check.text]
    return "\n".join(parts) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_what_is_posted(name: str) -> None:
    review, first = CASES[name]
    text = page(compose(review, PULL.ref, first, record=RECORD))
    file = PAGES / f"{name}.md"
    if os.environ.get("UPDATE_WORDS"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["partial", "no_model", "refused", "skipped", "unverified", "one_thing_undone"]
)
def test_no_issues_is_never_said_of_a_partial_reading(name: str) -> None:
    text = page(compose(CASES[name][0], PULL.ref, True))
    assert "No issues" not in text
    assert "Clean" not in text


def test_what_an_earlier_review_listed_is_not_new() -> None:
    listed = replace(WHOLE.findings[0], fate=Fate.OVER_CAP)
    known = replace(listed, continues="f00d")
    titles = [
        words.check_title(replace(KEPT, findings=found))
        for found in ((listed,), (known,), (listed, known))
    ]
    assert titles == [
        "1 finding to look at",
        "1 finding still stands",
        "1 new finding to look at, 1 finding still stands",
    ]


def test_what_both_rooms_told_in_the_same_words_is_shown_once() -> None:
    first = WHOLE.findings[0]
    again = replace(first, fate=Fate.DUPLICATE, reason=same_defect_as(first.title))
    other = replace(again, title="In other words")
    texts = [
        page(compose(replace(WHOLE, findings=found), PULL.ref, True))
        for found in ((first,), (first, again), (first, other))
    ]
    assert texts[0] == texts[1]
    assert "said already: the same defect as" in texts[2]


def test_the_check_fails_only_by_policy() -> None:
    def conclusion(**policy: object) -> str:
        return compose(replace(WHOLE, policy=Policy(**policy)), PULL.ref, True).conclusion  # type: ignore[arg-type]

    assert conclusion() == "neutral"
    assert conclusion(fail_on="P1") == "failure"
    assert conclusion(fail_on="broken_promise") == "failure"
    assert (
        compose(replace(KEPT, policy=Policy(fail_on="P3")), PULL.ref, True).conclusion == "success"
    )


def test_the_marker_ends_body_and_summary() -> None:
    made = compose(WHOLE, PULL.ref, True, marker="<!-- m -->")
    assert made.body.endswith("\n\n<!-- m -->")
    assert made.summary.count("<!-- m -->") == 1


def test_a_rendered_file_is_linked_as_plain_text() -> None:
    proof = Evidence("docs/a b.md", HEAD, 3, 3, "x")
    assert permalink("B/", proof) == f"B/{HEAD}/docs/a%20b.md?plain=1#L3"


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(["@", "`", "|", "\u202e", "#1 ", "x\n"]), st.integers(1, 400))
def test_everything_fits_github(unit: str, many: int) -> None:
    text = unit * 9_000
    proof = Evidence("p" * 200, HEAD, 1, 9, text)
    finding = replace(
        REVIEW.findings[0],
        title=text,
        body=text,
        trigger=text,
        evidence=(proof,) * 9,
        suggestion=text,
    )
    listed = replace(finding, fate=Fate.LISTED, line=None, reason=text)
    made = compose(
        replace(REVIEW, findings=(finding, *(listed,) * many), notes=(text,) * many), PULL.ref, True
    )
    assert len(made.check.title) <= 80
    assert max(map(len, (made.body, made.check.summary, made.check.text))) <= 65_535
    assert all(len(comment.body) <= 65_536 for comment in made.comments)


def test_replies() -> None:
    assert words.given_up("git could not fetch #1") == CheckOutput(
        "Not completed: git could not fetch #1",
        "Not completed: git could not fetch `#1`.\n\nPress **Re-run** to try again.",
    )
    proof = Evidence("a.py", HEAD, 1, 2, "x")
    assert words.answer("Because @bob said so.", (proof,), 1, BASE_URL) == (
        "Because `@bob` said so.\n\n"
        f"See [`a.py:1-2`](https://github.com/acme/shop/blob/{HEAD}/a.py#L1-L2)."
    )
    assert words.superseded("the head moved to abc") == CheckOutput(
        "Stopped: the head moved to abc", "Stopped: the head moved to abc."
    )


def test_a_severity_is_named_once() -> None:
    made = compose(WHOLE, PULL.ref, True)
    assert [c.body.count(Severity.P0.value) for c in made.comments] == [0, 1]
