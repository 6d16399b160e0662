"""One defect is one finding, with all its evidence; and no finding is lost on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.finding import Category, Evidence, Fate, Finding, Origin, Severity
from bot.domain.identifiers import Sha
from tests.fakes.code import BASE, HEAD
from workers.review.dedup import joined_as_told, merge

HUNT = Finding(
    title="Total ignores the discount",
    body="",
    severity=Severity.P1,
    category=Category.CORRECTNESS,
    origin=Origin.HUNT,
    path="pay.py",
    line=12,
    end_line=12,
    kind="wrong-result",
    symbol="charge",
    confidence=0.8,
    evidence=(Evidence("pay.py", HEAD, 12, 13, "total = x\nreturn total"),),
)
INTENT = replace(
    HUNT,
    title="Discounts are promised, but not applied",
    severity=Severity.P0,
    category=Category.INTENT,
    origin=Origin.INTENT,
    kind="broken-promise",
    symbol="Cart.charge()",
    confidence=0.9,
    evidence=(
        Evidence("pay.py", HEAD, 13, 13, "return total"),
        Evidence("README.md", BASE, 3, 3, "Discounts"),
    ),
    promise_id="p1",
)
CHECK = replace(
    HUNT,
    title="A caller no longer fits",
    category=Category.CONTRACT,
    origin=Origin.CHECK,
    kind="signature",
    confidence=1.0,
)


def _fates(findings: list[Finding]) -> list[tuple[str, Fate | None, str]]:
    return [(finding.title, finding.fate, finding.reason) for finding in findings]


def test_both_rooms_found_it() -> None:
    merged = merge([INTENT, HUNT], ())
    assert merged == [
        replace(
            HUNT,
            severity=Severity.P0,
            confidence=0.9,
            evidence=(*HUNT.evidence, INTENT.evidence[1]),  # what is quoted already is left out
            promise_id="p1",
        ),
        replace(INTENT, fate=Fate.DUPLICATE, reason=f'the same defect as "{HUNT.title}"'),
    ]


def test_what_several_quote_is_quoted_once() -> None:
    """As more and more of them are merged."""
    told = [
        replace(HUNT, title=f"Told {n}", evidence=(_quoted("pay.py", 12, 13), *more))
        for n, more in enumerate(
            (
                (_quoted("caller.py", 40, 42),),
                (_quoted("caller.py", 41, 45), _quoted("pay.py", 20, 20)),
                (_quoted("pay.py", 13, 13), _quoted("caller.py", 38, 39)),
                (_quoted("caller.py", 39, 40), _quoted("pay.py", 12, 14)),
            )
        )
    ]
    assert merge(told, ())[0].evidence == (
        _quoted("pay.py", 12, 13),
        _quoted("caller.py", 38, 45),
        _quoted("pay.py", 20, 20),
        _quoted("pay.py", 12, 14),  # beyond the first, which names the finding and stays as it is
    )


def test_the_same_finding_forty_times() -> None:
    forty = [replace(HUNT, title=f"Said another way, {n}") for n in range(40)]
    merged = merge(forty, ())
    assert [finding.fate for finding in merged] == [None, *[Fate.DUPLICATE] * 39]
    assert merged[0].evidence == HUNT.evidence


def test_several_questions_find_it_in_the_same_words() -> None:
    """They may call its kind otherwise."""
    again = replace(HUNT, kind="crash")
    assert [finding.fate for finding in merge([HUNT, again], ())] == [None, Fate.DUPLICATE]


def test_two_defects_of_one_line_stay_two() -> None:
    crash = replace(HUNT, title="Crashes on None", kind="crash")
    assert merge([HUNT, crash], ()) == [HUNT, crash]


def test_what_is_near_is_left_to_the_verifier() -> None:
    """A small function holds several defects of one kind, and their quotes overlap."""
    near = replace(HUNT, title="Total is not rounded", line=13, end_line=13)
    promised = replace(INTENT, title="Rounding is promised", line=13, end_line=13)
    assert merge([HUNT, near], ()) == [HUNT, near]
    assert merge([HUNT, promised], ()) == [HUNT, promised]


def test_the_same_kind_of_defect_elsewhere_in_the_file_stays_another_one() -> None:
    other = replace(
        HUNT, line=90, end_line=90, evidence=(Evidence("pay.py", HEAD, 90, 90, "return 0"),)
    )
    assert merge([HUNT, other], ()) == [HUNT, other]


def test_a_fact_takes_the_place_of_the_same_claim() -> None:
    claim = replace(HUNT, kind="broken-caller", title="nightly passes a flag")
    assert _fates(merge([claim, CHECK], ())) == [
        (CHECK.title, None, ""),
        (claim.title, Fate.DUPLICATE, f'the same defect as "{CHECK.title}"'),
    ]


def test_a_fact_does_not_swallow_another_defect_of_that_place() -> None:
    """The check says that a caller does not fit; a wrong sum on that line is no part of it."""
    assert _fates(merge([HUNT, CHECK], ())) == [(CHECK.title, None, ""), (HUNT.title, None, "")]


def test_a_settled_finding_neither_takes_nor_is_taken() -> None:
    refuted = replace(HUNT, fate=Fate.REFUTED, reason="a guard")
    assert merge([refuted, INTENT], ()) == [INTENT, refuted]


def _as_posted(finding: Finding, commit: Sha) -> Finding:
    moved = tuple(replace(item, commit=commit, line=item.line + 40) for item in finding.evidence)
    return replace(finding, fate=Fate.POSTED, evidence=moved, line=52, end_line=52)


def test_what_was_posted_before_is_not_posted_again() -> None:
    """The lines moved and the commit is another one; the quoted code is the same."""
    earlier = _as_posted(HUNT, Sha("c" * 40))
    assert _fates(merge([HUNT, INTENT], [earlier])) == [
        (HUNT.title, Fate.DUPLICATE, f"posted in an earlier review as {earlier.id}"),
        (INTENT.title, Fate.DUPLICATE, f'the same defect as "{HUNT.title}"'),
    ]


def test_what_was_listed_before_stays_listed() -> None:
    """It was shown from the start; said inline now it would be said twice."""
    earlier = replace(
        _as_posted(HUNT, Sha("c" * 40)), fate=Fate.OVER_CAP, reason="the cap", continues="first"
    )
    [again] = merge([HUNT], [earlier])
    assert (again.fate, again.reason, again.continues) == (Fate.OVER_CAP, "the cap", "first")


def test_the_same_kind_of_defect_in_other_code_is_new() -> None:
    earlier = _as_posted(HUNT, Sha("c" * 40))
    other = replace(HUNT, evidence=(Evidence("pay.py", HEAD, 12, 12, "total = y"),))
    assert merge([other], [earlier]) == [other]


def test_what_was_posted_before_still_stands() -> None:
    """Not said again, but not fixed: the check and the summary go on counting it."""
    earlier = _as_posted(HUNT, Sha("c" * 40))
    marked = merge([HUNT, INTENT], [earlier])
    assert [finding.standing for finding in marked] == [True, False]


def _quoted(path: str, line: int, end_line: int) -> Evidence:
    text = "\n".join(f"text {number}" for number in range(line, end_line + 1))
    return Evidence(path, HEAD, line, end_line, text)


CAUSE, CALLER, AGAIN = (
    replace(HUNT, title="Cause", severity=Severity.P2),
    replace(INTENT, title="Caller", line=40, confidence=0.7),
    replace(HUNT, title="Again", line=50, evidence=(Evidence("z.py", HEAD, 5, 5, "charge()"),)),
)


def test_what_a_verifier_calls_the_same_as_a_finding_of_another_batch_joins_it() -> None:
    cause, caller, again = joined_as_told([CAUSE, CALLER, AGAIN], {1: 0, 2: 1})
    assert cause == replace(
        CAUSE,
        severity=Severity.P0,
        promise_id="p1",
        evidence=(*CAUSE.evidence, CALLER.evidence[1], *AGAIN.evidence),
    )
    for repeat in (caller, again):
        assert (repeat.fate, repeat.reason) == (Fate.DUPLICATE, 'the same defect as "Cause"')


def test_what_repeats_a_refuted_finding_has_its_own_verdict() -> None:
    refuted = replace(CAUSE, fate=Fate.REFUTED, reason="It cannot happen.")
    unsure = replace(CALLER, fate=Fate.UNSURE)
    assert joined_as_told([refuted, CALLER, AGAIN], {1: 0, 2: 0}) == [refuted, CALLER, AGAIN]
    assert joined_as_told([CAUSE, unsure, AGAIN], {1: 0, 2: 1}) == [CAUSE, unsure, AGAIN]


_FINDINGS = st.lists(
    st.builds(
        lambda origin, kind, symbol, line, size, fate: replace(
            HUNT,
            origin=origin,
            kind=kind,
            symbol=symbol,
            line=line,
            end_line=line,
            fate=fate,
            evidence=(_quoted("pay.py", line, line + size),),
        ),
        st.sampled_from(list(Origin)),
        st.sampled_from(["crash", "wrong-result", "broken-caller"]),
        st.sampled_from(["", "charge", "refund"]),
        st.integers(1, 12),
        st.integers(0, 3),
        st.sampled_from([None, None, None, Fate.REFUTED]),
    ),
    max_size=15,
)


@given(_FINDINGS)
def test_nothing_is_lost(findings: list[Finding]) -> None:
    merged = merge(findings, ())
    assert len(merged) == len(findings)
    kept = {finding.title for finding in merged if finding.fate is not Fate.DUPLICATE}
    for finding in merged:
        if finding.fate is Fate.DUPLICATE:
            assert finding.reason.removeprefix("the same defect as ").strip('"') in kept
    assert _lines_of(f for f in merged if f.fate is None) == _lines_of(
        f for f in findings if f.fate is None
    )


def _lines_of(findings: Iterable[Finding]) -> set[tuple[str, int]]:
    quotes = [item for finding in findings for item in finding.evidence]
    return {(q.path, n) for q in quotes for n in range(q.line, q.end_line + 1)}
