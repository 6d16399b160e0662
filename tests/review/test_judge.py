"""Every finding gets one fate and a reason; nothing is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calibration import Calibration
from bot.domain.finding import Category, Evidence, Fate, Finding, Origin, Severity, Stated
from bot.domain.identifiers import Sha
from bot.domain.policy import Caps, Policy, Thresholds
from workers.review.judge import calibrated, judge

HEAD = Sha("a" * 40)


def finding(title: str = "t", severity: Severity = Severity.P1, **more: object) -> Finding:
    base = Finding(
        title, "b", severity, Category.CORRECTNESS, Origin.HUNT, "a.py", 1, confidence=0.9
    )
    return replace(base, **more)  # type: ignore[arg-type]


def fates(*findings: Finding, policy: Policy | None = None, before: int = 0) -> list[Fate | None]:
    return [one.fate for one in judge(findings, policy or Policy(), before)]


def test_each_fate_has_its_reason() -> None:
    policy = Policy(caps=Caps(1, 9), categories={Category.TESTS: Thresholds(off=True)}, sources={})
    judged = judge(
        [
            finding("one"),
            finding("two", confidence=0.8),
            finding("weak", confidence=0.6),
            finding("small", Severity.P3),
            finding("corner", Severity.P2, confidence=0.85),
            finding("off", category=Category.TESTS),
            finding("nowhere", line=None),
            finding("known", fate=Fate.DUPLICATE, reason="of x"),
        ],
        policy,
        0,
    )
    bar = "severity P2 by built-in, confidence 0.7 by built-in"
    minor = "severity P2 by built-in, minor_confidence 0.9 by built-in"
    assert {one.title: (one.fate, one.reason) for one in judged} == {
        "one": (Fate.POSTED, f"reaches {bar}"),
        "two": (Fate.OVER_CAP, "the cap thresholds.per_review of 1 (built-in)"),
        "weak": (Fate.BELOW_THRESHOLD, f"confidence 0.6 is below 0.7 ({bar})"),
        "small": (Fate.BELOW_THRESHOLD, f"severity P3 is below P2 ({minor})"),
        "corner": (Fate.BELOW_THRESHOLD, f"confidence 0.85 is below 0.9 ({minor})"),
        "off": (Fate.BELOW_THRESHOLD, "off by category tests"),
        "nowhere": (Fate.LISTED, "no line of the diff can carry it"),
        "known": (Fate.DUPLICATE, "of x"),
    }


def test_the_cap_of_a_pull_request_counts_what_was_posted_before() -> None:
    judged = judge([finding("a"), finding("b")], Policy(caps=Caps(5, 12)), posted_before=11)
    assert [one.fate for one in judged] == [Fate.POSTED, Fate.OVER_CAP]
    assert judged[1].reason == "the cap thresholds.per_pull_request of 12 (built-in)"


def test_proof_from_another_file_goes_first_among_equals() -> None:
    far = finding("z", evidence=(Evidence("b.py", HEAD, 1, 1, "x"),))
    assert [one.title for one in judge([finding("a"), far], Policy(), 0)] == ["z", "a"]


def test_p0_is_exempt_from_the_caps_and_a_flood_of_it_is_not() -> None:
    many = [finding(f"p0 {n:02}", Severity.P0, line=n) for n in range(1, 13)]
    judged = judge([*many, finding("p1")], Policy(caps=Caps(1, 1)), posted_before=0)
    assert [one.fate for one in judged] == [Fate.POSTED] * 10 + [Fate.LISTED] * 2 + [Fate.POSTED]
    assert judged[10].reason == "more P0 than stand inline in one review or on one pull request"


def test_p0_posted_before_counts_over_the_life_of_a_pull_request() -> None:
    many = [finding(f"p0 {n}", Severity.P0, line=n) for n in range(1, 4)]
    judged = judge(many, Policy(), posted_before=0, p0_before=28)
    assert [one.fate for one in judged] == [Fate.POSTED, Fate.POSTED, Fate.LISTED]


FINDINGS = st.lists(
    st.builds(
        finding,
        st.sampled_from("abc"),
        st.sampled_from(Severity),
        confidence=st.floats(0, 1),
        line=st.sampled_from([None, 1, 2]),
        category=st.sampled_from(Category),
        fate=st.sampled_from([None, None, Fate.REFUTED]),
    ),
    max_size=12,
)


@given(FINDINGS, st.integers(0, 20), st.integers(0, 6), st.randoms())
def test_nothing_is_lost_no_p0_is_capped_and_order_of_input_does_not_matter(
    findings: list[Finding], before: int, cap: int, random: st.DrawFn
) -> None:
    policy = Policy(caps=Caps(cap, 12))
    judged = judge(findings, policy, before)
    assert all(one.fate is not None for one in judged)
    plain = Counter(replace(one, fate=None, reason="") for one in findings)
    assert plain == Counter(replace(one, fate=None, reason="") for one in judged)
    assert not [f for f in judged if f.severity is Severity.P0 and f.fate is Fate.OVER_CAP]
    posted = [f for f in judged if f.fate is Fate.POSTED and f.severity is not Severity.P0]
    assert len(posted) <= max(0, min(cap, 12 - before))
    random.shuffle(findings)  # type: ignore[attr-defined]
    assert judge(findings, policy, before) == judged


# By outcomes

LOWERED = Calibration((0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.6, 0.6, 0.72, 0.8), 64)
RAISED = Calibration((0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 0.8, 0.9, 0.95, 1.0), 40)
BAR = "severity P2 by built-in, confidence 0.7 by built-in"


def judged_by(calibration: Calibration, *findings: Finding) -> tuple[Finding, ...]:
    return judge(calibrated(findings, calibration), Policy(), 0)


def test_outcomes_move_confidence_before_thresholds_and_the_reason_says_so() -> None:
    (low,) = judged_by(LOWERED, finding(confidence=0.81))
    assert (low.confidence, low.stated, low.stated_confidence) == (0.612, Stated(0.81, 64), 0.81)
    why = f"confidence 0.612, from 0.81 by 64 outcomes, is below 0.7 ({BAR})"
    assert (low.fate, low.reason) == (Fate.BELOW_THRESHOLD, why)

    (high,) = judged_by(RAISED, finding(confidence=0.6))
    assert (high.fate, high.reason) == (
        Fate.POSTED,
        f"reaches {BAR}; confidence 0.75, from 0.6 by 40 outcomes",
    )


def test_what_blocks_a_release_or_opens_a_hole_is_never_made_less_sure() -> None:
    grave = [
        finding("p0", Severity.P0, confidence=0.8),
        finding("hole", category=Category.SECURITY, confidence=0.8),
        finding("lost", category=Category.DATA, confidence=0.8),
    ]
    assert {(one.confidence, one.stated) for one in judged_by(LOWERED, *grave)} == {(0.8, None)}
    raised = judged_by(RAISED, *grave)
    assert {(one.confidence, one.stated) for one in raised} == {(0.9, Stated(0.8, 40))}


def test_facts_and_what_was_judged_before_stay_as_they_are() -> None:
    settled = [
        finding("fact", origin=Origin.CHECK, confidence=1.0),
        finding("known", fate=Fate.DUPLICATE, standing=True),
    ]
    assert [one.stated for one in judged_by(LOWERED, *settled)] == [None, None]


def test_the_order_is_that_of_the_calibrated_confidence() -> None:
    """Two that outcomes make equal go by place."""
    judged = judged_by(
        LOWERED,
        finding("z", confidence=0.71, line=1),
        finding("a", confidence=0.7, line=2),
    )
    assert [(one.title, one.confidence) for one in judged] == [("z", 0.6), ("a", 0.6)]
