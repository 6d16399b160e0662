"""Verification by batches: what may be one defect is asked about at once, in as few calls."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.finding import Category, Evidence, Finding, Origin, Severity
from bot.domain.policy import Effort
from tests.fakes.code import BASE, HEAD
from workers.context.pack import Pack
from workers.review.batches import alongside, batched

PACKS = (Pack(("a.py", "b.py"), "first"), Pack(("z.py",), "second"))


def _finding(title: str, path: str, line: int, *quoted: tuple[str, int, int]) -> Finding:
    """About a line that it quotes, and what else it quotes."""
    return Finding(
        title=title,
        body="",
        severity=Severity.P1,
        category=Category.CORRECTNESS,
        origin=Origin.HUNT,
        path=path,
        line=line,
        evidence=tuple(
            Evidence(file, HEAD, first, last, f"{file} {first}")
            for file, first, last in ((path, line, line), *quoted)
        ),
    )


def _told(findings: list[Finding], effort: Effort = "standard") -> list[tuple[str, list[str]]]:
    return [
        (pack.text, [finding.title for finding in batch])
        for pack, batch in batched(findings, PACKS, effort)
    ]


def test_eight_of_a_file_and_the_callers_view_of_one_of_them() -> None:
    """The caller stands in another prompt, and is looked at along with the cause."""
    in_a = [_finding(f"a{n}", "a.py", 10 * n) for n in range(1, 9)]
    caller = _finding("caller", "z.py", 5, ("a.py", 78, 80))
    other = _finding("other", "z.py", 90)
    assert _told([other, caller, *in_a]) == [
        ("first", [*(f"a{n}" for n in range(1, 9)), "caller"]),
        ("second", ["other"]),
    ]


def test_the_same_lines_of_another_commit_are_other_code() -> None:
    at_base = replace(
        _finding("base", "z.py", 5), evidence=(Evidence("a.py", BASE, 10, 10, "a.py 10"),)
    )
    assert _told([_finding("head", "a.py", 10), at_base]) == [
        ("first", ["head"]),
        ("second", ["base"]),
    ]


def test_a_light_review_asks_once_for_each_prompt() -> None:
    many = [_finding(f"a{n:02}", "a.py", n) for n in range(30)]
    assert _told(many, "light") == [("first", [finding.title for finding in many])]


def test_forty_that_quote_one_line_are_cut_into_bounded_batches() -> None:
    many = [_finding(f"b{n:02}", "b.py", n, ("a.py", 1, 1)) for n in range(40)]
    assert [len(titles) for _, titles in _told(many)] == [12, 12, 12, 4]


def test_a_later_batch_is_told_what_may_be_the_same() -> None:
    """A file in common, the definition, or a word on it; not what is about neither."""
    by_file = _finding("by file", "a.py", 1)
    by_name = replace(_finding("by name", "z.py", 5), symbol="Cart::charge()")
    by_word = replace(_finding("by word", "y.py", 7), body="`charge` is called twice.")
    told_of = replace(_finding("told of", "y.py", 8), symbol="shop.refund")
    neither = replace(_finding("neither", "y.py", 9), symbol="close")
    put = [replace(_finding("refund", "b.py", 5, ("a.py", 90, 90)), symbol="charge")]
    earlier = [neither, by_file, by_name, by_word, told_of]
    assert alongside(put, earlier) == {1: by_file, 2: by_name, 3: by_word, 4: told_of}


_PLACES = st.tuples(st.sampled_from(["a.py", "b.py", "z.py"]), st.integers(1, 30))
_QUOTED = st.lists(st.tuples(_PLACES, st.integers(0, 2)), max_size=2)
_FINDINGS = st.lists(
    st.builds(
        lambda place, quoted: _finding("f", *place, *((f, n, n + more) for (f, n), more in quoted)),
        _PLACES,
        _QUOTED,
    ),
    max_size=30,
).map(lambda found: [replace(one, title=f"f{n}") for n, one in enumerate(found)])


@given(_FINDINGS)
def test_each_finding_once_and_no_call_more_than_needed(findings: list[Finding]) -> None:
    batches = [batch for _, batch in batched(findings, PACKS, "standard")]
    assert sorted(f.title for batch in batches for f in batch) == sorted(f.title for f in findings)
    assert all(1 <= len(batch) <= 12 for batch in batches)
    in_one = batched(findings, PACKS[:1], "standard")
    assert len(in_one) <= 1 or len(findings) > 8


@given(_FINDINGS.filter(lambda findings: len(findings) <= 12))
def test_what_quotes_a_line_in_common_is_in_one_batch(findings: list[Finding]) -> None:
    batches = [batch for _, batch in batched(findings, PACKS, "standard")]
    for one, other in combinations(findings, 2):
        if _lines(one) & _lines(other):
            assert [one in batch for batch in batches] == [other in batch for batch in batches]


def _lines(finding: Finding) -> set[tuple[str, int]]:
    return {
        (proof.path, line)
        for proof in finding.evidence
        for line in range(proof.line, proof.end_line + 1)
    }
