"""What several commands let a person ask for: an effort, and a policy file of their own."""

from __future__ import annotations

from pathlib import Path

from bot.domain.policy import Effort
from bot.domain.policy_file import parse_policy
from bot.errors import PolicyError, UserError
from workers.review.reading_policy import PolicyOverrides

EFFORTS: dict[str, Effort | None] = {
    "auto": None,
    "light": "light",
    "standard": "standard",
    "deep": "deep",
}


def policy_of(policy: Path | None) -> PolicyOverrides:
    """A file that is named on the command line must be usable; the repository's own need not be."""
    if policy is None:
        return PolicyOverrides()
    try:
        text = policy.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"--policy: {str(policy)!r} cannot be read ({error}).") from error
    problems = parse_policy(text, str(policy)).problems
    if problems:
        raise PolicyError("\n".join(problems))
    return PolicyOverrides(file=text, file_name=str(policy))
