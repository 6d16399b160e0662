"""Citations: what stands in the code is found and quoted from the file; nothing else passes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.finding import Category, Evidence, Fate, Finding, Origin, Severity
from bot.domain.identifiers import Sha
from tests.fakes.code import BASE, HEAD, MemoryCode
from workers.context.sources import Sources
from workers.review.answers import Quote, evidence_of
from workers.review.evidence import check_citations, overlap, standing, stands, without_repeats

FILE = """\
def charge(order):
    total = order.total
    if not total:
        return None
    for line in order.lines:
        total -= line.discount
        if line.odd:
            return None
    return round(total, 2)
""".splitlines()


def _lines(commit: Sha, path: str) -> Sequence[str] | None:
    return FILE if (commit, path) == (HEAD, "pay.py") else None


def _cited(quote: str, line: int, path: str = "pay.py", commit: Sha = HEAD) -> Evidence:
    return Evidence(path, commit, line, line + quote.strip("\n").count("\n"), quote)


@pytest.mark.parametrize(
    ("quote", "line", "stands_at"),
    [
        pytest.param("    total = order.total", 2, (2, 2), id="exact"),
        pytest.param("total  =\torder.total", 2, (2, 2), id="other white space"),
        pytest.param("    total = order.total", 4, (2, 2), id="two lines off"),
        pytest.param("    total = order.total", 400, (2, 2), id="far off, but unique"),
        pytest.param("        return None", 4, (4, 4), id="twice, and where it says"),
        pytest.param("        return None", 1, (4, 4), id="twice, one of them near by"),
        pytest.param("        return None", 5, None, id="twice, both near by"),
        pytest.param("        return None", 90, None, id="twice, both far"),
        pytest.param("= order.total", 2, (2, 2), id="part of a line"),
        pytest.param("= order.total", 4, (2, 2), id="part of a line, unique"),
        pytest.param("order.total", 2, None, id="less of a line than tells it"),
        pytest.param("retu", 4, None, id="a beginning that many lines share"),
        pytest.param("return None", 4, (4, 4), id="short, but a whole line, where it says"),
        pytest.param("if not total:\n        return None", 3, (3, 4), id="two lines"),
        pytest.param("not total:\n return", 3, (3, 4), id="the first begins, the last ends inside"),
        pytest.param("def charge(order):\n        return None", 1, None, id="lines left out"),
        pytest.param("def charge(order):\n...\nreturn 1", 1, (1, 1), id="up to an elision"),
        pytest.param("\n    total = order.total\n\n", 2, (2, 2), id="empty lines around"),
        pytest.param("    2   total = order.total", 2, (2, 2), id="one number in front"),
        pytest.param("    2     2   total = order.total", 2, (2, 2), id="both numbers in front"),
        pytest.param("    2 | total = order.total", 2, (2, 2), id="as tools number lines"),
        pytest.param("+    total = order.total", 2, (2, 2), id="with a plus"),
        pytest.param("          2 +     total = order.total", 2, (2, 2), id="as the diff view"),
        pytest.param("3 if not total:\n4 return None", 3, (3, 4), id="two numbered lines"),
        pytest.param("+if not total:\n+return None", 3, (3, 4), id="two lines with a plus"),
        pytest.param("    total = order.amount", 2, None, id="invented"),
        pytest.param("", 2, None, id="empty"),
        pytest.param("\n\n", 2, None, id="only line ends"),
        pytest.param("tot", 2, None, id="too short to prove anything"),
        pytest.param("    total = order.total", -5, (2, 2), id="a negative line"),
    ],
)
def test_a_quote_against_the_file(quote: str, line: int, stands_at: tuple[int, int] | None) -> None:
    found = stands(_cited(quote, line), _lines)
    if stands_at is None:
        assert found is None
    else:
        start, end = stands_at
        assert found == Evidence("pay.py", HEAD, start, end, "\n".join(FILE[start - 1 : end]))


def test_an_invented_path_or_the_wrong_commit_proves_nothing() -> None:
    assert stands(_cited("    total = order.total", 2, path="cash.py"), _lines) is None
    assert stands(_cited("    total = order.total", 2, commit=BASE), _lines) is None


def test_what_stands_everywhere_is_found_only_where_it_is_cited() -> None:
    text = ["if a:", "    b()", "else:", "    c()", "", "", "", "", "if d:", "    e()", "else:"]

    def found(line: int, quote: str = "else:") -> int | None:
        place = stands(Evidence("f", HEAD, line, line, quote), lambda _c, _p: text)
        return None if place is None else place.line

    assert [found(line) for line in (2, 3, 4, 10, 11)] == [None, 3, None, None, 11]
    assert found(10, "e()\nelse:") == 10


def test_whole_lines_go_before_parts_of_others() -> None:
    text = ["total = order.total - discount", "", "total = order.total"]
    found = stands(Evidence("f", HEAD, 2, 2, "total = order.total"), lambda _c, _p: text)
    assert found == Evidence("f", HEAD, 3, 3, "total = order.total")


def test_lines_that_begin_with_numbers_are_read_as_they_stand() -> None:
    data = ["10 apples", "20 pears", "30 plums"]
    found = stands(Evidence("d", HEAD, 1, 2, "10 apples\n20 pears"), lambda _c, _p: data)
    assert found == Evidence("d", HEAD, 1, 2, "10 apples\n20 pears")


def test_a_redacted_value_stays_redacted_and_can_be_cited_as_shown() -> None:
    token = "ghp_" + "a1B2" * 9
    sources = Sources(MemoryCode({"c.py": f"user = 'ann'\ntoken = '{token}'\n"}), lambda _: False)
    assert stands(Evidence("c.py", HEAD, 2, 2, f"token = '{token}'"), sources.lines) is None
    shown = "token = '[redacted: github-token]'"
    found = stands(Evidence("c.py", HEAD, 2, 2, shown), sources.lines)
    assert found == Evidence("c.py", HEAD, 2, 2, shown)


def test_the_same_place_cited_twice_is_one_proof() -> None:
    twice = (_cited("total = order.total", 2), _cited("    total = order.total", 3))
    assert standing(twice, _lines) == (_cited("    total = order.total", 2),)


def test_what_a_finding_quotes_twice_is_quoted_once() -> None:
    cited = (
        _cited("total = order.total", 2),
        _cited("if not total:\n        return None", 3),
        _cited("total = order.total", 2),
        _cited("return None\n    for line in order.lines:", 4),
    )
    (found,) = check_citations([_finding(*cited)], _lines, HEAD)
    assert found.evidence == (
        _cited("    total = order.total", 2),
        _cited("    if not total:\n        return None\n    for line in order.lines:", 3),
    )


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3)), max_size=8))
def test_quotes_without_repeats_hold_the_same_lines(places: list[tuple[int, int]]) -> None:
    spans = [(line, min(line + more, len(FILE))) for line, more in places]
    cited = [Evidence("pay.py", HEAD, a, b, "\n".join(FILE[a - 1 : b])) for a, b in spans]
    kept = without_repeats(cited)
    assert {n for q in kept for n in range(q.line, q.end_line + 1)} == {
        n for a, b in spans for n in range(a, b + 1)
    }
    assert all(q.quote == "\n".join(FILE[q.line - 1 : q.end_line]) for q in kept)
    assert kept[:1] == tuple(cited[:1])
    assert not any(overlap(one, other) for n, one in enumerate(kept[1:]) for other in kept[n + 2 :])
    assert without_repeats(kept) == kept


def test_a_renamed_file_may_be_cited_by_its_new_name_at_the_base() -> None:
    change = ChangeSet(BASE, HEAD, (FileChange("new.py", "old.py", "renamed"),))
    quotes = [
        Quote(path="./new.py", at="base", line=3, quote="a"),
        Quote(path="new.py", at="head", line=3, quote="a\nb"),
    ]
    assert evidence_of(quotes, change) == (
        Evidence("old.py", BASE, 3, 3, "a"),
        Evidence("new.py", HEAD, 3, 4, "a\nb"),
    )


def _finding(*evidence: Evidence, line: int = 2, end_line: int | None = None) -> Finding:
    return Finding(
        title="Wrong",
        body="",
        severity=Severity.P1,
        category=Category.CORRECTNESS,
        origin=Origin.HUNT,
        path="pay.py",
        line=line,
        end_line=end_line or line,
        evidence=evidence,
    )


def _judged(finding: Finding) -> tuple[Fate | None, str, int | None, int | None]:
    (done,) = check_citations([finding], _lines, HEAD)
    return done.fate, done.reason, done.line, done.end_line


def test_no_standing_quote_no_proof() -> None:
    assert _judged(_finding()) == (Fate.UNPROVEN, "no code was cited", 2, 2)
    gone = _finding(_cited("nowhere at all", 2), _cited("nor this one", 9))
    reason = "none of the 2 quotes stands in the code (first: pay.py:2)"
    assert _judged(gone) == (Fate.UNPROVEN, reason, 2, 2)


def test_one_standing_quote_is_enough_and_the_others_are_not_kept() -> None:
    (done,) = check_citations(
        [_finding(_cited("nowhere at all", 2), _cited("total = order.total", 2))], _lines, HEAD
    )
    assert done.fate is None
    assert done.evidence == (_cited("    total = order.total", 2),)


def test_a_finding_counted_wrongly_moves_with_its_own_quote() -> None:
    """Two hundred lines off: the quote tells where it really is."""
    off = _finding(_cited("    return round(total, 2)", 209), line=209)
    assert _judged(off) == (None, "", 9, 9)


def test_a_finding_stays_where_another_place_is_quoted() -> None:
    victim = _finding(_cited("    return round(total, 2)", 209), line=2, end_line=3)
    assert _judged(victim) == (None, "", 2, 3)


_TEXT = st.lists(st.text("ab (=)\t", max_size=12), min_size=1, max_size=15)


@given(_TEXT, st.integers(0, 14), st.integers(1, 6), st.integers(-3, 3))
def test_a_quote_that_stands_is_found(text: list[str], at: int, size: int, off: int) -> None:
    """Whole lines of the file, cited a little off, stand; where they say, if they are right."""
    quoted = text[at : at + size]
    assume(quoted)
    assume(quoted[0].strip() and quoted[-1].strip() and len("".join("".join(quoted).split())) >= 4)
    found = stands(Evidence("f", HEAD, at + 1 + off, 0, "\n".join(quoted)), lambda _c, _p: text)
    if off == 0:
        assert found == Evidence("f", HEAD, at + 1, at + len(quoted), "\n".join(quoted))
    elif found is not None:
        assert _squeezed(found.quote.split("\n")) == _squeezed(quoted) or len(quoted) < 3


def _squeezed(lines: Sequence[str]) -> list[str]:
    return [" ".join(line.split()) for line in lines]


@given(_TEXT, st.text("ab (=)\t\n+-12.", max_size=30), st.integers(-2, 20))
def test_what_is_kept_quotes_the_file_itself(text: list[str], quote: str, line: int) -> None:
    found = stands(Evidence("f", HEAD, line, line, quote), lambda _c, _p: text)
    if found is not None:
        assert found.quote == "\n".join(text[found.line - 1 : found.end_line])
        assert 1 <= found.line <= found.end_line <= len(text)
