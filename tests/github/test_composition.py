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

from bot.domain.finding import Evidence, Fate, Severity
from bot.domain.identifiers import RepositoryId
from bot.domain.intent import IntentContract, Verdict
from bot.domain.policy import Policy
from bot.domain.pull_request import PullRef, PullRequest, RepositoryRef
from bot.domain.review import Coverage, FileCoverage, Review
from bot.github import words
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
    coverage=Coverage(not_done=("No model is configured: defects were not hunted.",)),
)
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
    if made.check.text != made.body:
        parts += ["===== check", made.check.text]
    return "\n".join(parts) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_what_is_posted(name: str) -> None:
    review, first = CASES[name]
    text = page(compose(review, PULL.ref, first, record="r1"))
    file = PAGES / f"{name}.md"
    if os.environ.get("UPDATE_WORDS"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["partial", "no_model", "refused", "skipped"])
def test_no_issues_is_never_said_of_a_partial_reading(name: str) -> None:
    text = page(compose(CASES[name][0], PULL.ref, True))
    assert "No issues" not in text
    assert "Clean" not in text


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
    assert words.help_text("plumbline") == (
        "| write | and this happens |\n|---|---|\n"
        "| `@plumbline review` | Reviews the newest commit again. |\n"
        "| `@plumbline help` | Shows this list. |\n"
        "| `@plumbline <question>` | Answers a question about this change. |\n\n"
        "Commands need write access to the repository. Settings: `.github/plumbline.yml`."
    )
    assert words.given_up("git could not fetch #1") == (
        "The review could not be made: git could not fetch `#1`\n\nPress **Re-run** to try again."
    )
    assert words.answer(
        "Because @bob said so.", (Evidence("a.py", HEAD, 1, 2, "x"),), BASE_URL
    ) == (
        "Because `@bob` said so.\n\n"
        f"See [`a.py:1-2`](https://github.com/acme/shop/blob/{HEAD}/a.py#L1-L2)."
    )
    assert words.superseded("the head moved to abc") == "Stopped: the head moved to abc."


def test_a_severity_is_named_once() -> None:
    made = compose(WHOLE, PULL.ref, True)
    assert [c.body.count(Severity.P0.value) for c in made.comments] == [0, 1]
