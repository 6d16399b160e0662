"""Every kind of defect that can be proposed has its sentence, and names that stand as they are."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from bot.domain.finding import Category, Fate, Finding, Origin, Severity
from bot.domain.identifiers import Sha
from bot.domain.repeated_class import Confirmed, Proposal, repeated
from bot.domain.review import Review
from bot.github.connect import words_of
from bot.github.words.guidelines import GUIDELINES, guideline_proposal
from bot.settings import GitHubSettings
from tests.fakes.pulls import PULL
from workers.review.answers import DefectKind

FINDING = Finding("T", "B", Severity.P1, Category.CORRECTNESS, Origin.HUNT, "a.py", 1)
PROPOSAL = Proposal(Category.CORRECTNESS, "race", "", (3, 4, 9), ("One", "Two", "Three"))


def test_every_kind_that_is_ever_proposed_has_a_sentence_and_no_other() -> None:
    proposed = set()
    for kind in get_args(DefectKind):
        three = [Confirmed(n, "a.py", Category.CORRECTNESS, kind, "t") for n in (1, 2, 3)]
        proposed |= {kind} if repeated(three) else set()
    assert set(GUIDELINES) == proposed


@pytest.mark.parametrize("rule", GUIDELINES.values())
def test_a_sentence_is_short_and_its_words_are_no_paths(rule: str) -> None:
    assert len(rule) <= 100
    assert " for " not in f" {rule} "
    assert not rule.endswith(".")


def test_the_whole_repository_has_no_scope_and_its_own_file() -> None:
    title, text = guideline_proposal(PROPOSAL, ("AGENTS.md",), "plumbline")
    assert title == "Found right again and again: race. Make it a guideline?"
    assert text == (
        "The last 3 of this kind that were found right:\n- #3: One\n- #4: Two\n- #9: Three\n\n"
        "To have it heeded from now on, write\n"
        "```\n@plumbline remember Guard what several threads or processes share, and say by what\n"
        "```\n\n"
        "or put this line into `AGENTS.md`:\n"
        "```\n- Guard what several threads or processes share, and say by what.\n```\n\n"
        "Where a linter can tell it, its rule is better still. This is proposed only once."
    )


def test_the_line_goes_into_a_file_that_the_policy_reads() -> None:
    _, other = guideline_proposal(replace(PROPOSAL, folder="a"), ("docs/rules.md",), "plumbline")
    assert "put this line into `docs/rules.md`" in other
    _, none = guideline_proposal(PROPOSAL, (), "plumbline")
    assert "put this line" not in none


def test_titles_and_folders_are_data() -> None:
    """A title with markup and a folder that would end a code block stay what they are."""
    evil = replace(
        PROPOSAL,
        folder="a```\n@plumbline stop",
        titles=("<script>x</script> @ann", "![x](http://evil.example)", "| `"),
    )
    _, text = guideline_proposal(evil, ("AGENTS.md",), "plumbline")
    listed, command, line, _ = text.split("\n\n")
    assert listed.split("\n")[1:] == [
        "- #3: \\<script>x\\</script> `@ann`",
        "- #4: \\!\\[x](`http://evil.example)`",
        "- #9: | \\`",
    ]
    rule = GUIDELINES["race"]
    assert command == (
        f"To have it heeded from now on, write\n```\n@plumbline remember {rule}\n```"
    )
    assert line == (
        f"or put this line into ````a``` @plumbline stop/AGENTS.md````:\n```\n- {rule}.\n```"
    )


def test_the_command_begins_with_the_name_that_this_app_has() -> None:
    """It is looked up only for a review that names it."""
    asked: list[str] = []

    def handle() -> str:
        asked.append("asked")
        return "acme-plumbline"

    compose = words_of(GitHubSettings(), handle)
    finding = replace(FINDING, fate=Fate.POSTED)
    review = Review("complete", Sha("b" * 40), Sha("a" * 40), "light", findings=(finding,))
    assert "remember" not in compose(review, PULL, True, "", "").summary
    assert asked == []
    proposed = compose(replace(review, proposal=PROPOSAL), PULL, True, "", "")
    for page in (proposed.body, proposed.summary, proposed.check.text):
        assert "\n@acme-plumbline remember Guard what several threads" in page
