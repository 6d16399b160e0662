# ruff: noqa: E501 (a table of whole messages reads better unbroken)
"""From the text of a policy file to the bar of one finding."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.budget import Allowance
from bot.domain.finding import Category, Finding, Origin, Severity
from bot.domain.policy import Budget, Caps, PathRule, Policy, Skip, Thresholds, When
from bot.domain.policy_file import LARGEST_FILE, PolicyLayer, parse_policy
from bot.domain.policy_resolution import Bar, matches, path_guidelines, resolve, thresholds_for

FILE = ".github/plumbline.yml"
WHOLE = """\
version: 1
review:
  on: [opened, ready]
  drafts: true
  effort: deep
  skip: {authors: [bob], labels: [on, 12], titles: [wip], base_branches: [old], paths: ["docs/**"]}
thresholds: {severity: P1, confidence: 0.5, minor_confidence: 0.8, per_review: 3, per_pull_request: 9}
categories: {performance: {severity: P0}, tests: off}
paths: [{match: ["db/**"], thresholds: {severity: P3}, guidelines: "Reversible."}]
ignore: ["vendor/**"]
never_send: ["secrets/**"]
guidelines: [AGENTS.md, STYLE.md]
check: {fail_on: broken_promise}
budget: {per_review: {calls: 9, usd: 0.5}, per_day: {tokens: 1000000, seconds: 600}}
mentions: {allow: {review: author, ask: read}}
"""


def test_every_key_is_read() -> None:
    policy = resolve([parse_policy(WHOLE, FILE)])
    assert {source for key, source in policy.sources.items()} == {FILE}
    assert policy == Policy(
        when=When(
            ("opened", "ready"),
            True,
            "deep",
            Skip(("bob",), ("on", "12"), ("wip",), ("old",), ("docs/**",)),
        ),
        severity=Severity.P1,
        confidence=0.5,
        minor_confidence=0.8,
        caps=Caps(3, 9),
        categories={
            Category.PERFORMANCE: Thresholds(Severity.P0),
            Category.TESTS: Thresholds(off=True),
        },
        paths=(PathRule(("db/**",), Thresholds(Severity.P3), "Reversible."),),
        ignore=("vendor/**",),
        never_send=("secrets/**",),
        guidelines=("AGENTS.md", "STYLE.md"),
        fail_on="broken_promise",
        budget=Budget(Allowance(calls=9, usd=0.5), Allowance(tokens=1_000_000, seconds=600.0)),
        allow={"review": "author", "ask": "read"},
        sources=policy.sources,
    )


def test_the_documented_file_is_the_default() -> None:
    page = Path("docs/policy.md").read_text(encoding="utf-8")
    block = page.split("```yaml\n")[1].split("```")[0]
    layer = parse_policy(block, FILE)
    assert layer.problems == ()
    policy = resolve([layer])
    built_in = Policy()
    assert (policy.when, policy.caps) == (When(), Caps())
    assert policy.severity == built_in.severity
    assert policy.confidence == built_in.confidence
    assert policy.minor_confidence == built_in.minor_confidence


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("thresholds:\n  severty: P1", "2: 'thresholds.severty' is not a setting. Did you mean 'severity'?"),
        ("thresholds: {severity: p2}", "1: thresholds.severity cannot be 'p2'. Did you mean 'P2'?"),
        ("thresholds: {confidence: 70%}", "1: thresholds.confidence cannot be '70%'. Write a number from 0 to 1, e.g. 0.7."),
        ("thresholds: {per_review: -1}", "1: thresholds.per_review cannot be '-1'. Write a whole number from 0 to 9999."),
        ("ignore: []\nignore: []", "2: ignore is set twice. Keep one of them."),
        ("review: {on: opened}", "1: review.on is 'opened', not a list. Write a list: [opened]."),
        ("review: {drafts: 'no'}", "1: review.drafts cannot be 'no'. Write true or false."),
        ("categories: {tests: on}", "1: categories.tests cannot be 'on'. Write off, or {severity: P1, confidence: 0.7}."),
        ("version: 2", "1: version cannot be '2'. Use 1."),
        ("ignore: &a []", "1: anchors and aliases are not read. Write it out."),
        ("check: !!map {}", "1: the tag 'tag:yaml.org,2002:map' is not read. Remove it."),
        ("[" * 99, "1: nested too deep. No setting needs that."),
        ("paths: [{}]", '1: paths[0].match is missing. Name the paths: match: ["db/**"].'),
        ("ignore: ['a*b*c*d*']", "1: ignore[0] 'a*b*c*d*' has too many \"*\" in one name. Use at most 3."),
        ("budget: {per_review: {calls: many}}", "1: budget.per_review.calls cannot be 'many'. Write a whole number."),
        ("budget: {per_day: {usd: -1}}", "1: budget.per_day.usd cannot be '-1'. Write a number, e.g. 2.50."),
        ("budget: {per_week: {}}", "1: 'budget.per_week' is not a setting. Did you mean 'per_review'?"),
        ("mentions: {allow: [review]}", "1: mentions.allow is a list, not a mapping. Use review, ask, dispute, explain, why, config, help, dismiss, resolve, reopen, pause, resume or stop."),
        ("mentions:\n  allow:\n    reviw: read", "3: 'mentions.allow.reviw' is not a setting. Did you mean 'review'?"),
        ("mentions: {allow: {remember: read}}", "1: 'mentions.allow.remember' is not a setting. Use review, ask, dispute, explain, why, config, help, dismiss, resolve, reopen, pause, resume or stop."),
        ("mentions: {allow: {review: everyone}}", "1: mentions.allow.review cannot be 'everyone'. Use write, author, triage or read."),
        ("a: b: c", "1: not YAML: mapping values are not allowed here. Check quotes and indentation."),
        ("x" * (LARGEST_FILE + 1), "1: the file has 32769 characters. Use at most 32768; keep long prose in a file under guidelines."),
    ],
)  # fmt: skip
def test_a_problem_names_line_key_and_remedy(text: str, problem: str) -> None:
    assert parse_policy(text, FILE) == PolicyLayer(FILE, problems=(f"{FILE}:{problem}",))


@pytest.mark.parametrize("text", ["", "~", "# nothing", "review:\n", "---\n"])
def test_a_file_that_sets_nothing(text: str) -> None:
    assert parse_policy(text, FILE) == PolicyLayer(FILE)


@given(st.text(alphabet="ab:[]{}&*!-#'\"\n %@|>0.Pofn", max_size=80))
def test_any_text_gives_a_layer_or_problems_with_a_line(text: str) -> None:
    layer = parse_policy(text, FILE)
    assert all(re.match(rf"{re.escape(FILE)}:\d+: ", problem) for problem in layer.problems)


def test_a_bad_file_leaves_the_other_layers_and_its_problems() -> None:
    organisation = parse_policy("thresholds: {severity: P2}", "acme/.github")
    repository = parse_policy("thresholds: {severity: P3}\nnope: 1", FILE)
    policy = resolve([organisation, repository])
    assert policy.severity is Severity.P2
    assert policy.sources["thresholds.severity"] == "acme/.github"
    assert policy.problems == repository.problems != ()


LAYERS = {
    "operator": "thresholds: {severity: P3, confidence: 0.1}\nnever_send: [a]",
    "acme/.github": "thresholds: {severity: P2}\nnever_send: [b]",
    FILE: "thresholds: {confidence: 0.3}",
}


def test_each_key_comes_from_its_topmost_layer() -> None:
    policy = resolve([parse_policy(text, name) for name, text in LAYERS.items()])
    assert (policy.severity, policy.confidence) == (Severity.P2, 0.3)
    assert policy.sources["thresholds.severity"] == "acme/.github"
    assert policy.sources["thresholds.per_review"] == "built-in"
    assert policy.never_send == ("a", "b")


def test_each_permission_comes_from_its_topmost_layer() -> None:
    """So a repository can take back what its organisation allows."""
    layers = {
        "acme/.github": "mentions: {allow: {review: author, ask: read}}",
        FILE: "mentions: {allow: {ask: write}}",
    }
    policy = resolve([parse_policy(text, name) for name, text in layers.items()])
    assert policy.allow == {"review": "author", "ask": "write"}
    assert policy.sources["mentions.allow.review"] == "acme/.github"
    assert policy.sources["mentions.allow.ask"] == FILE


def test_no_layer_raises_a_budget() -> None:
    layers = {
        "acme/.github": "budget: {per_review: {calls: 10, usd: 1}, per_day: {tokens: 500}}",
        FILE: "budget: {per_review: {calls: 99, tokens: 7, usd: 0.25}}",
    }
    policy = resolve([parse_policy(text, name) for name, text in layers.items()])
    assert policy.budget == Budget(
        Allowance(calls=10, tokens=7, usd=0.25),
        Allowance(tokens=500),
    )
    assert policy.sources["budget"] == f"acme/.github, {FILE}"


def test_path_beats_category_beats_file_and_a_flag_beats_all() -> None:
    text = """\
thresholds: {severity: P1, confidence: 0.7}
categories: {data: {severity: P2, confidence: 0.6}, tests: off}
paths: [{match: [db/], thresholds: {severity: P3}}, {match: ["*.sql"], thresholds: {severity: P0}}]
"""
    layer = parse_policy(text, FILE)
    policy = resolve([layer])
    assert thresholds_for(policy, _in("db/a.sql", Category.DATA)) == Bar(
        Severity.P0,
        0.6,
        0.6,
        False,
        f"severity P0 by paths *.sql ({FILE}), confidence 0.6 by category data",
    )
    assert thresholds_for(policy, _in("db/a.py", Category.DATA)).severity is Severity.P3
    assert thresholds_for(policy, _in("a.py", Category.DATA)).severity is Severity.P2
    assert thresholds_for(policy, _in("a.py", Category.DOCS)).severity is Severity.P1
    assert thresholds_for(policy, _in("a.py", Category.TESTS)).why == "off by category tests"
    flagged = resolve([layer, PolicyLayer("flag", severity=Severity.P2)])
    assert thresholds_for(flagged, _in("db/a.sql", Category.DATA)).severity is Severity.P2


def test_minor_findings_have_a_bar_of_their_own_that_is_never_the_lower_one() -> None:
    text = """\
thresholds: {confidence: 0.8}
paths: [{match: [db/], thresholds: {minor_confidence: 0.5}}, {match: [web/], thresholds: {confidence: 0.95}}]
"""
    policy = resolve([parse_policy(text, FILE)])
    minor = [thresholds_for(policy, _in(p, severity=Severity.P2)) for p in ("a", "db/a", "web/a")]
    assert [(bar.wanted, bar.confidence, bar.why.partition(", ")[2]) for bar in minor] == [
        (0.9, 0.8, "minor_confidence 0.9 by built-in"),
        (0.8, 0.8, f"confidence 0.8 by {FILE}"),
        (0.95, 0.95, f"confidence 0.95 by paths web/ ({FILE})"),
    ]
    assert thresholds_for(policy, _in("a", severity=Severity.P1)).wanted == 0.8


def _in(
    path: str, category: Category = Category.CORRECTNESS, severity: Severity = Severity.P1
) -> Finding:
    return Finding("t", "b", severity, category, Origin.HUNT, path, 1)


@pytest.mark.parametrize(
    ("patterns", "path", "selected"),
    [
        (("vendor/**",), "vendor/a/b.js", True),
        (("vendor/**",), "src/vendor/a.js", False),
        (("*.sql",), "db/a.sql", True),
        (("/build/",), "x/build/a", False),
        (("*.sql", "!keep.sql"), "db/keep.sql", False),
        ((), "a", False),
    ],
)
def test_patterns_are_those_of_gitignore(
    patterns: tuple[str, ...], path: str, selected: bool
) -> None:
    assert matches(patterns, path) is selected


def test_guidelines_of_every_matching_rule() -> None:
    policy = resolve([parse_policy(WHOLE, FILE)])
    assert path_guidelines(policy, "db/a.py") == ("Reversible.",)
    assert path_guidelines(policy, "a.py") == ()
