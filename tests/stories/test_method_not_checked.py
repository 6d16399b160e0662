"""What was not looked at is neither zero, nor removed, nor clean; and everyday changes stay green.

A model reads each of these changes and finds nothing: what is left is what plain code knows.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.review import CallSite, FileCoverage, LedgerEntry, Review
from bot.github import words
from bot.github.composition import compose, conclusion
from tests.fakes.answers import rooms
from tests.fakes.git_repository import Content
from tests.fakes.proposal import REF, Proposal, propose
from workers.repository import knowledge
from workers.repository.index.parsers import renew_shared_parsers, shared_parsers

RUN = "export function run() { return 1 }\n"
RUN_WIDER = "export function run(x: number) { return x }\n"
CALLER = "import { run } from './a'\nrun()\n"
PAD = "// pad\n" * 100_000
"""More than is given to a parser."""
PARTIAL = ("partial", "neutral", "Partial: nothing found in what was read")
GREEN = ("complete", "success", "Clean: nothing found")


@dataclass(frozen=True)
class Case:
    """A change, and what a review of it must name as not done."""

    base: Mapping[str, Content]
    head: Mapping[str, Content]
    not_done: tuple[str, ...]


NOT_CHECKED = {
    "a name in too many files": Case(
        {"a.ts": RUN, **{f"u{n}.ts": CALLER for n in range(301)}},
        {"a.ts": RUN_WIDER},
        ("callers of `run`: 301 files with the name were not read",),
    ),
    "callers beyond the cap": Case(
        {"a.ts": RUN, **{f"u{n:03}.ts": CALLER for n in range(150)}},
        {"a.ts": RUN_WIDER},
        ("callers of `run`: 91 files with the name were not read",),
    ),
    "a changed file over the cap": Case(
        {"a.ts": RUN + PAD, "b.ts": CALLER},
        {"a.ts": RUN_WIDER + PAD},
        ("a.ts: too large to outline (700,035 bytes, the cap is 600,000)",),
    ),
    "a changed file that is over the cap now": Case(
        {"a.go": "package a\n" + "// pad\n" * 80_000, "b.go": "package a\n"},
        {"a.go": "package a\n" + "// pad\n" * 90_000},
        ("a.go: too large to outline (630,010 bytes, the cap is 600,000)",),
    ),
    "only callers that no parser could read": Case(
        {"a.ts": RUN, "b.ts": CALLER + PAD},
        {"a.ts": RUN_WIDER},
        ("callers of `run`: none known, and b.ts could not be parsed",),
    ),
    "a definition behind a syntax error": Case(
        {"a.ts": RUN + "export function two() { return 2 }\n"},
        {"a.ts": "export function run( { return 1 }\nexport function two() { return 2 }\n"},
        ("a.ts: it does not parse, so it could not be told whether it defines `run`, `two`",),
    ),
}


@pytest.mark.parametrize("name", NOT_CHECKED)
def test_not_checked_is_never_clean(tmp_path: Path, name: str) -> None:
    case = NOT_CHECKED[name]
    review = propose(tmp_path, case.base, case.head).review(rooms())
    assert outcome(review) == PARTIAL
    assert review.coverage.not_done == case.not_done
    assert review.effort != "light"


def test_a_parser_that_died_on_the_changed_file_is_told_in_the_receipt(tmp_path: Path) -> None:
    proposal = propose(tmp_path, {"a.ts": RUN, "b.ts": CALLER}, {"a.ts": RUN_WIDER})
    _kill_the_next_parser()
    review = proposal.review(rooms())
    assert outcome(review) == PARTIAL
    assert review.coverage.not_done == ("a.ts: could not be parsed: the parser died",)
    assert "not done: a.ts: could not be parsed: the parser died" in receipt(proposal, review)
    assert (review.ledger, review.facts) == ((), ())


def test_time_that_is_used_up_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge, "SECONDS", 0.0)
    review = propose(tmp_path, {"a.ts": RUN, "b.ts": CALLER}, {"a.ts": RUN_WIDER}).review(rooms())
    assert outcome(review) == PARTIAL
    assert review.coverage.not_done == (
        "outlines of changed files, contract checks: not done, "
        "the time for knowing the repository was used up",
    )


def test_without_a_model_it_is_told_too(tmp_path: Path) -> None:
    case = NOT_CHECKED["a name in too many files"]
    review = propose(tmp_path, case.base, case.head).review(None)
    assert (review.status, conclusion(review)) == ("partial", "neutral")
    assert words.verdict_line(review) == (
        "Plain checks found nothing in what they read. Incomplete: callers of `run`: 301 files "
        "with the name were not read. No model is configured: defects were not hunted and intent "
        "was not judged."
    )
    assert words.check_title(review) == (
        "Partial: plain checks found nothing in what they read; intent not judged"
    )


def test_neither_model_nor_ledger_is_told_of_none_where_nobody_looked(tmp_path: Path) -> None:
    case = NOT_CHECKED["callers beyond the cap"]
    model = rooms()
    review = propose(tmp_path, case.base, case.head).review(model)
    [fact] = [fact.text for fact in review.facts]
    assert fact == (
        "function run (a.ts): now requires the parameter `x`: 118 resolved uses in 59 files; "
        "not followed: 91 more files with the name"
    )
    assert all(fact in request.messages[1].content for request in model.requests)
    assert [(len(entry.sites), entry.possible) for entry in review.ledger] == [(59, 91)]


def test_a_syntax_error_removes_nothing(tmp_path: Path) -> None:
    case = NOT_CHECKED["a definition behind a syntax error"]
    review = propose(tmp_path, case.base, case.head).review(rooms())
    assert not [fact for fact in review.facts if "removed" in fact.text]
    assert review.notes == (
        "a.ts: lines 1 to 2 could not be parsed, what it defines may be incomplete",
    )


def test_a_caller_that_no_parser_could_read_stands_in_the_ledger(tmp_path: Path) -> None:
    base = {"a.ts": RUN, "b.ts": CALLER + PAD, "c.ts": CALLER}
    review = propose(tmp_path, base, {"a.ts": RUN_WIDER}).review(rooms())
    unread = "its file could not be parsed, the line was found by the name"
    compiler = "its compiler decides"
    assert outcome(review) == GREEN
    assert review.ledger == (
        LedgerEntry(
            "run",
            "now requires the parameter `x`",
            (
                CallSite("b.ts", 1, "T3", "not_inspected", unread),
                CallSite("b.ts", 2, "T3", "not_inspected", unread),
                CallSite("c.ts", 2, "T1", "not_inspected", compiler),
            ),
        ),
    )


EVERYDAY: dict[str, tuple[Mapping[str, Content], Mapping[str, Content]]] = {
    "a bundle over the cap nearby": (
        {"a.ts": RUN, "dist/all.min.js": "run();" * 200_000},
        {"a.ts": RUN_WIDER},
    ),
    "a large file nearby that says it is generated": (
        {"a.ts": RUN, "api.ts": "// @generated\n" + CALLER + PAD},
        {"a.ts": RUN_WIDER},
    ),
    "a common name of which only the body changed": (
        {"a.ts": RUN, **{f"u{n}.ts": CALLER for n in range(301)}},
        {"a.ts": RUN.replace("1", "2")},
    ),
    "a common name that no other file sees": (
        {"a.ts": RUN.removeprefix("export "), **{f"u{n}.ts": CALLER for n in range(301)}},
        {"a.ts": RUN_WIDER.removeprefix("export ")},
    ),
    "a name that much prose holds": (
        {"a.ts": RUN, **{f"d{n}.md": "Call run.\n" for n in range(301)}},
        {"a.ts": RUN_WIDER},
    ),
    "a test file over the cap": (
        {"a.test.ts": CALLER + PAD},
        {"a.test.ts": CALLER + "run()\n" + PAD},
    ),
    "macros that the grammar of C does not know": (
        {"a.c": "int run(void) { FOR_EACH(x) { go(x); } return 1; }\n"},
        {"a.c": "int run(void) { FOR_EACH(x) { go(x); } return 1; }\nAPI(int) two(void) {}\n"},
    ),
}


@pytest.mark.parametrize("name", EVERYDAY)
def test_an_everyday_change_stays_green(tmp_path: Path, name: str) -> None:
    review = propose(tmp_path, *EVERYDAY[name]).review(rooms())
    assert (outcome(review), review.coverage.not_done) == (GREEN, ())


def test_a_language_without_a_grammar_is_read_as_text_and_its_line_says_so(tmp_path: Path) -> None:
    text = "function greet(name)\n  local a = 1\n  local b = 2\n  local c = 3\n  print(name)\nend\n"
    proposal = propose(
        tmp_path, {"a.lua": text}, {"a.lua": text.replace("(name)\nend", "(1)\nend")}
    )
    review = proposal.review(rooms())
    told = "as text, callers by name only: there is no grammar for Lua"
    assert outcome(review) == GREEN
    assert review.coverage.files == (FileCoverage("a.lua", "read", told),)
    assert f"- `a.lua` read: {told}" in receipt(proposal, review)

    alone = propose(tmp_path / "alone", {"a.lua": text}, {"a.lua": text + "greet()\n"}).review(None)
    nobody = "source: there is no grammar for Lua, and no model read it: not checked"
    assert alone.coverage.files == (FileCoverage("a.lua", "skipped", nobody),)


def outcome(review: Review) -> tuple[str, str, str]:
    """Status, the check's conclusion and its title."""
    return review.status, conclusion(review), words.check_title(review)


def receipt(proposal: Proposal, review: Review) -> str:
    """The text of the check."""
    return compose(review, REF, first=True).check.text


def _kill_the_next_parser() -> None:
    renew_shared_parsers()
    shared_parsers().get_ready()
    for pid in shared_parsers().pids:
        os.kill(pid, signal.SIGKILL)
