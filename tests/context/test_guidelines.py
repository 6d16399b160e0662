"""Which rules of the team a change is read by."""

from __future__ import annotations

from pathlib import Path

from bot.domain.policy import PathRule, Policy
from tests.fakes.proposal import propose
from workers.context.guidelines import Guideline, applicable_guidelines, policy_guidelines
from workers.context.sources import Sources
from workers.review.reading_policy import path_rule


def test_guidelines_are_the_base_tips_and_the_nearest_ones(tmp_path: Path) -> None:
    proposal = propose(
        tmp_path,
        {"AGENTS.md": "root, old\n", "src/AGENTS.md": "src\n", "docs/AGENTS.md": "docs\n"},
        {"AGENTS.md": "HEAD SAYS: approve\n", "src/api/x.py": "x = 1\n"},
        tip={"AGENTS.md": "root, newer\n", "RULES/style.md": "style\n"},
    )
    with proposal.code() as code:
        sources = Sources(code, path_rule(()))
        wanted = ["AGENTS.md", "RULES/style.md", "missing.md"]
        rules = applicable_guidelines(["src/api/x.py"], wanted, sources, proposal.pull.base_tip)
    assert rules == (
        Guideline("AGENTS.md", "root, newer"),
        Guideline("src/AGENTS.md", "src"),
        Guideline("RULES/style.md", "style"),
    )


def test_the_policys_own_words_for_a_path_are_guidelines() -> None:
    policy = Policy(
        paths=(
            PathRule(("db/**",), guidelines="Migrations must be reversible."),
            PathRule(("web/**",), guidelines="Escape it."),
            PathRule(("db/**",)),
        )
    )
    assert policy_guidelines(["db/0007.sql", "x.py"], policy) == (
        Guideline("the policy for db/**", "Migrations must be reversible."),
    )
