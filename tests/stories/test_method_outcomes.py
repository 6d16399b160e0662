"""How a review ends: complete, partial, failed, without a model, or not made; each says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.domain.conversation import ModelAnswer, TokenUsage
from bot.domain.identifiers import Sha
from bot.domain.jobs import Trigger
from bot.errors import ModelUnavailable, RangeError, Superseded
from bot.github import words
from tests.fakes.answers import NO_DEFECT, NO_PROMISE, checked, defect, promise, quote, rooms
from tests.fakes.git_repository import Content
from tests.fakes.proposal import example, propose
from tests.fakes.scripted_model import Reply, ScriptedModel
from tests.fakes.watch import ScriptedWatch
from tests.stories.telling import told

ONE = {"a.py": "def price(n):\n    return n\n"}
TWO = {"a.py": "def price(n):\n    return n + 1\n"}
NIGHTLY = (
    "posted P1 parcel/pricing.py:14 "
    "`shipping_cost` changed its parameters, 1 place still calls it the old way "
    "- reaches severity P2 by built-in, confidence 0.7 by built-in"
)
OUT = ModelUnavailable("No configured model answered.")


def test_complete_and_clean(tmp_path: Path) -> None:
    proposal = propose(tmp_path, ONE, TWO)
    assert told(proposal.review(rooms())) == (
        "complete, light\n"
        "read a.py\n"
        "2 calls to scripted"
    )  # fmt: skip
    assert proposal.watch.stages == ["fetching", "understanding", "reviewing", "verifying"]


def test_complete_with_all_that_the_example_hides(tmp_path: Path) -> None:
    """The flag's caller is a fact, the boundary is hunted, and both rooms see it once."""
    proposal = example(tmp_path)
    wrong = quote("parcel/pricing.py", 21, "        if weight_kg < limit:")
    silent = quote("parcel/report.py", 1, proposal.text(proposal.pull.head, "parcel/report.py")[0])
    boundary = defect(
        "parcel/pricing.py",
        21,
        wrong,
        title="A parcel on a step of the tariff pays the next step",
        symbol="shipping_cost",
    )
    prices = "Standard and express prices stay exactly what they are today."
    model = rooms(
        hunt={"defects": [boundary], "sites": []},
        intent={
            "promises": [
                promise(
                    prices,
                    "broken",
                    wrong,
                    where="body",
                    why="A parcel of 2 kg now pays for 5.",
                    defects=[
                        {
                            **boundary,
                            "title": "Prices change at every step",
                            "category": "intent",
                        }
                    ],
                ),
                promise("TooHeavy", "kept", silent, where="body"),
            ],
            "unasked": [],
        },
    )
    assert told(proposal.review(model)) == (
        "complete, standard\n"
        f'promise "{prices}" (body) broken [parcel/pricing.py:21]: '
        "A parcel of 2 kg now pays for 5.\n"
        'promise "TooHeavy" (body) kept [parcel/report.py:1]: It shows.\n'
        f"{NIGHTLY}\n"
        "posted P1 parcel/pricing.py:21 A parcel on a step of the tariff pays the next step "
        "- reaches severity P2 by built-in, confidence 0.7 by built-in\n"
        "duplicate P1 parcel/pricing.py:21 Prices change at every step "
        '- the same defect as "A parcel on a step of the tariff pays the next step"\n'
        "read parcel/checkout.py\n"
        "read parcel/pricing.py\n"
        "read parcel/services.py\n"
        "read tests/test_pricing.py\n"
        "3 calls to scripted"
    )


def test_a_file_that_does_not_parse_is_named(tmp_path: Path) -> None:
    broken = {"a.py": "def price(n:\n    return n + 1\n", "b.py": "TAX = 7\n"}
    assert told(propose(tmp_path, ONE, broken).review(None)) == (
        "partial, standard\n"
        "intent: No model is configured\n"
        "skipped a.py (source: does not parse; no check or model read it)\n"
        "listed b.py (source: contract checks only, no model read it)\n"
        "not done: No model is configured: defects were not hunted, and intent was not judged.\n"
        "not done: a.py: it does not parse, so it could not be told whether it defines `price`\n"
        "note: a.py: lines 1 to 2 could not be parsed, what it defines may be incomplete\n"
        "note: a.py: not checked, this Python cannot parse both sides\n"
        "0 calls to no model"
    )


def test_without_a_model_the_contract_checks_run(tmp_path: Path) -> None:
    """A working state; what was not done is said, and no stage of a model is announced."""
    proposal = example(tmp_path)
    why = "contract checks only, no model read it"
    assert told(proposal.review(None)) == (
        "complete, standard\n"
        "intent: No model is configured\n"
        f"{NIGHTLY}\n"
        f"listed parcel/checkout.py (source: {why})\n"
        f"listed parcel/pricing.py (source: {why})\n"
        f"listed parcel/services.py (source: {why})\n"
        f"listed tests/test_pricing.py (test: {why})\n"
        "not done: No model is configured: defects were not hunted, and intent was not judged.\n"
        "0 calls to no model"
    )
    assert proposal.watch.stages == ["fetching", "understanding"]


def test_partial_when_a_room_fails(tmp_path: Path) -> None:
    no_hunt = propose(tmp_path / "1", ONE, TWO).review(rooms(hunt=OUT))
    assert told(no_hunt) == (
        "partial, light\n"
        "read a.py\n"
        "not done: the hunt for defects (whole; 1 file) gave no answer: "
        "No configured model answered.\n"
        "2 calls to scripted"
    )
    no_intent = propose(tmp_path / "2", ONE, TWO).review(rooms(intent=OUT))
    assert told(no_intent) == (
        "partial, light\n"
        "intent: the author's promises were not judged: No configured model answered.\n"
        "read a.py\n"
        "not done: the author's promises were not judged: No configured model answered.\n"
        "2 calls to scripted"
    )


def test_failed_when_the_model_gives_nothing(tmp_path: Path) -> None:
    for folder, title in ((tmp_path / "1", "Change it"), (tmp_path / "2", "")):
        review = propose(folder, ONE, TWO, title=title).review(rooms(hunt=OUT, intent=OUT))
        assert review.status == "failed"
        assert not review.coverage.complete


def test_failed_when_only_prose_was_to_be_read_and_nothing_came(tmp_path: Path) -> None:
    review = propose(tmp_path, {"README.md": "a\n"}, {"README.md": "b\n"}).review(rooms(intent=OUT))
    assert review.status == "failed"


def test_partial_when_a_verification_fails(tmp_path: Path) -> None:
    reported = {"defects": [defect("a.py", 2, quote("a.py", 2, "return n + 1"))], "sites": []}
    review = propose(tmp_path, ONE, TWO).review(rooms(hunt=reported, verify=OUT))
    assert told(review) == (
        "partial, light\n"
        "unsure P1 a.py:2 Wrong total - it could not be verified\n"
        "read a.py\n"
        "not done: 1 finding could not be verified: No configured model answered.\n"
        "3 calls to scripted"
    )
    assert words.verdict_line(review) == "1 finding could not be verified."
    assert words.check_title(review) == "1 finding could not be verified"


def test_partial_when_a_file_is_too_large(tmp_path: Path) -> None:
    """What fits is read, and the receipt says which lines those were."""
    huge = "".join(f"value_{n} = {n}\n" for n in range(3_000))
    review = propose(tmp_path, ONE, {"huge.py": huge}).review(rooms(), effort="light")
    assert told(review) == (
        "partial, light\n"
        "cut huge.py (only lines 1-1617 were read: too large for this review's budget)\n"
        "2 calls to scripted"
    )


def test_partial_when_the_budget_is_used_up(tmp_path: Path) -> None:
    """Two answers cost all tokens of a light review: what they report cannot be verified."""
    found = json.dumps(
        {"defects": [defect("a.py", 2, quote("a.py", 2, "return n + 1"))], "sites": []}
    )
    costly = TokenUsage(input_tokens=75_000, output_tokens=1_000)
    model = rooms(
        hunt=ModelAnswer(found, model="scripted", usage=costly),
        intent=ModelAnswer(json.dumps(NO_PROMISE), model="scripted", usage=costly),
    )
    assert told(propose(tmp_path, ONE, TWO).review(model)) == (
        "partial, light\n"
        "unsure P1 a.py:2 Wrong total - it could not be verified\n"
        "read a.py\n"
        "not done: 1 finding could not be verified: "
        "stopped by budget: 152,000 of 150,000 tokens of this review are used\n"
        "2 calls to scripted"
    )


def test_a_very_long_description_is_read_in_part_and_that_is_told(tmp_path: Path) -> None:
    review = propose(tmp_path, ONE, TWO, body="Faster. " * 7_500).review(rooms())
    assert told(review) == (
        "partial, light\n"
        "read a.py\n"
        "not done: only the first 20000 characters of the description were read\n"
        "2 calls to scripted"
    )


QUIET: dict[str, tuple[Mapping[str, Content], Mapping[str, Content], str]] = {
    "only prose": (
        {"README.md": "a\n"},
        {"README.md": "b\n"},
        "complete, light\nread README.md\n1 calls to scripted",
    ),
    "only a lock file": (
        {"uv.lock": "version = 1\n"},
        {"uv.lock": "version = 1\nrevision = 2\n"},
        "complete, light\n"
        "intent: No changed file was read by a model\n"
        "skipped uv.lock (lock file)\n"
        "0 calls to no model",
    ),
    "only a rename": (
        {"a.txt": "a\nb\nc\n"},
        {"a.txt": None, "b.txt": "a\nb\nc\n"},
        "complete, light\n"
        "intent: No changed file was read by a model\n"
        "listed b.txt (renamed from a.txt, unchanged)\n"
        "0 calls to no model",
    ),
    "nothing": (
        ONE,
        ONE,
        "complete, light\n"
        "intent: The head changes no file against its merge base\n"
        "0 calls to no model",
    ),
}


@pytest.mark.parametrize("name", QUIET)
def test_little_to_read_costs_little(tmp_path: Path, name: str) -> None:
    base, head, page = QUIET[name]
    assert told(propose(tmp_path, base, head).review(rooms())) == page


def _policy(text: str) -> dict[str, str]:
    return {".github/plumbline.yml": f"version: 1\n{text}"}


SKIPPED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a draft": ("", {"draft": True}, "the pull request is a draft"),
    "closed meanwhile": ("", {"state": "closed"}, "the pull request is closed"),
    "an author": (
        "review: {skip: {authors: [dependabot*]}}",
        {"author": "Dependabot[bot]"},
        "review.skip leaves out the author 'Dependabot[bot]' (pattern 'dependabot*')",
    ),
    "a label": (
        "review: {skip: {labels: [no-review]}}",
        {"labels": ("bug", "no-review")},
        "review.skip leaves out the label 'no-review' (pattern 'no-review')",
    ),
    "a title": (
        "review: {skip: {titles: ['wip*']}}",
        {"title": "WIP: prices"},
        "review.skip leaves out the title 'WIP: prices' (pattern 'wip*')",
    ),
    "a base branch": (
        "review: {skip: {base_branches: [release/*]}}",
        {"base_branch": "release/1.2"},
        "review.skip leaves out the base branch 'release/1.2' (pattern 'release/*')",
    ),
    "all its paths": (
        "review: {skip: {paths: ['docs/**', '*.py']}}",
        {},
        "review.skip leaves out the paths of every changed file (docs/**, *.py)",
    ),
}


@pytest.mark.parametrize("name", SKIPPED)
def test_what_the_policy_leaves_out_is_not_reviewed_unasked(tmp_path: Path, name: str) -> None:
    policy, said, why = SKIPPED[name]
    proposal = propose(tmp_path, {**ONE, **_policy(policy)}, TWO, **said)
    assert told(proposal.review(rooms())) == (
        f"complete, light\nskipped: {why}\nintent: {why}\nnot done: Not reviewed: {why}\n"
        "0 calls to no model"
    )
    asked = proposal.review(rooms(), asked=True, trigger=Trigger("mention", "issue_comment-1"))
    assert told(asked) == "complete, light\nread a.py\n2 calls to scripted"


def test_one_path_that_does_not_match_is_enough_for_a_review(tmp_path: Path) -> None:
    policy = _policy("review: {skip: {paths: ['docs/**']}}")
    base = {**ONE, **policy, "docs/a.md": "a\n"}
    moved: dict[str, Content] = {"docs/a.md": None, "a.md": "a\n"}
    heads: tuple[Mapping[str, Content], ...] = ({**TWO, "docs/a.md": "b\n"}, moved)
    for number, head in enumerate(heads):
        assert not propose(tmp_path / str(number), base, head).review(rooms()).skipped


def test_ignored_files_are_not_read(tmp_path: Path) -> None:
    base = {**ONE, **_policy("ignore: ['gen/**']"), "gen/x.py": "x = 1\n"}
    review = propose(tmp_path, base, {**TWO, "gen/x.py": "x = 2\n"}).review(rooms())
    assert told(review) == (
        "complete, light\nread a.py\nskipped gen/x.py (ignored by the policy)\n2 calls to scripted"
    )


def test_a_policy_that_cannot_be_used_is_told_and_the_defaults_hold(tmp_path: Path) -> None:
    broken = _policy("thresholds: {severty: P3}")
    review = propose(tmp_path, {**ONE, **broken}, TWO).review(rooms())
    assert review.status == "complete"
    (note,) = review.notes
    assert note.startswith(".github/plumbline.yml:2: ")
    assert "severty" in note
    assert review.policy.severity == "P2"


def test_the_heads_own_policy_has_no_say(tmp_path: Path) -> None:
    head = {**TWO, **_policy("review: {skip: {authors: ['*']}}\nignore: ['**']")}
    review = propose(tmp_path, ONE, head).review(rooms())
    assert not review.skipped
    assert review.coverage.files[-1].state == "read"


def test_a_draft_that_becomes_ready_is_reviewed_at_the_same_head(tmp_path: Path) -> None:
    proposal = propose(tmp_path, ONE, TWO, draft=True)
    assert proposal.review(rooms()).skipped
    ready = proposal.says(draft=False).review(rooms())
    assert (ready.skipped, ready.usage.model_calls) == ("", 2)


@pytest.mark.parametrize("hunt", [NO_DEFECT, OUT], ids=["complete", "partial"])
def test_a_review_on_record_is_not_made_again(tmp_path: Path, hunt: Reply) -> None:
    proposal = propose(tmp_path, ONE, TWO)
    first = proposal.reviewed(rooms(hunt=hunt))
    again = ScriptedModel([])
    assert proposal.reviewed(again) == first
    assert again.requests == []


def test_a_review_that_failed_is_made_again(tmp_path: Path) -> None:
    proposal = propose(tmp_path, ONE, TWO)
    assert proposal.review(rooms(hunt=OUT, intent=OUT)).status == "failed"
    assert proposal.review(rooms()).status == "complete"


@pytest.mark.parametrize("checks", range(3))
def test_superseded_between_calls_no_review_is_kept(tmp_path: Path, checks: int) -> None:
    proposal = propose(tmp_path, ONE, TWO)
    proposal.watch = ScriptedWatch(stop_after=checks)
    reported = {"defects": [defect("a.py", 2, quote("a.py", 2, "return n + 1"))], "sites": []}
    model = rooms(hunt=reported)
    with pytest.raises(Superseded):
        proposal.review(model)
    assert len(model.requests) <= checks
    assert proposal.records.reviews == {}


def test_the_commits_of_a_deleted_branch_are_gone(tmp_path: Path) -> None:
    proposal = propose(tmp_path, ONE, TWO).says(head=Sha("e" * 40))
    with pytest.raises(RangeError, match=f"has no commit {'e' * 40}"):
        proposal.review(rooms())


def test_what_a_pull_request_was_read_without_is_noted(tmp_path: Path) -> None:
    review = propose(tmp_path, ONE, TWO, notes=("Only the first 100 files were read.",)).review(
        rooms()
    )
    assert review.notes == ("Only the first 100 files were read.",)


def test_a_posted_finding_counts_towards_the_lifetime_cap_unless_it_is_a_p0(tmp_path: Path) -> None:
    policy = _policy("thresholds: {per_pull_request: 1}")
    proposal = propose(tmp_path, {**ONE, **policy}, TWO)
    reported = {"defects": [defect("a.py", 2, quote("a.py", 2, "return n + 1"))], "sites": []}
    for severity in ("P0", "P1"):
        verdict = {"results": [checked(1, severity=severity)]}
        trigger = Trigger("rerequest", severity)
        proposal.records.posted.clear()
        first = proposal.reviewed(rooms(hunt=reported, verify=verdict), trigger=trigger, asked=True)
        proposal.records.published(first.key, 1)
        other = {**reported["defects"][0], "kind": "crash", "title": "Crashes"}
        review = proposal.review(
            rooms(hunt={"defects": [other], "sites": []}),
            trigger=Trigger("rerequest", f"after {severity}"),
            asked=True,
        )
        assert review.findings[0].fate == ("posted" if severity == "P0" else "over_cap")


def test_what_no_model_had_to_read_is_not_told_as_a_missing_model(tmp_path: Path) -> None:
    found = "Plain checks found nothing"
    undone = "defects were not hunted and intent was not judged."
    lock = propose(tmp_path / "1", {"uv.lock": "a\n"}, {"uv.lock": "b\n"}).review(rooms())
    assert words.verdict_line(lock) == f"{found}. No changed file was read by a model: {undone}"
    assert words.check_title(lock) == f"{found}; intent not judged"
    bare = propose(tmp_path / "2", ONE, TWO).review(None)
    assert words.verdict_line(bare) == f"{found}. No model is configured: {undone}"
    assert words.check_title(bare) == f"{found}; intent not judged: no model"
