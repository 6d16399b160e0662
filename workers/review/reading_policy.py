"""The policy of one review: read from the tip of the base branch, never from the head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.policy import Policy
from bot.domain.policy_file import PolicyLayer, parse_policy
from bot.domain.policy_resolution import matches, resolve
from bot.domain.pull_request import PullRequest
from bot.ports import Code

POLICY_PATH = ".github/plumbline.yml"


@dataclass(frozen=True, slots=True)
class PolicyOverrides:
    """What stands above (or, for `operator`, below) the repository's file.

    `file` replaces the repository's own text (terminal: `--policy FILE`).
    """

    operator: str | None = None
    file: str | None = None
    file_name: str = POLICY_PATH


def read_policy(code: Code, pull: PullRequest, overrides: PolicyOverrides) -> Policy:
    """Resolve operator, organisation and repository, in this order; bad layers become problems."""
    text, name = overrides.file, overrides.file_name
    if text is None:
        raw = code.read(pull.base_tip, POLICY_PATH)
        text, name = (None if raw is None else raw.decode("utf-8", "replace")), POLICY_PATH
    layers = (
        (overrides.operator, "operator"),
        (pull.organisation_policy, f"{pull.ref.repository.owner}/.github"),
        (text, name),
    )
    return resolve([_layer(text, name) for text, name in layers if text is not None])


def _layer(text: str, name: str) -> PolicyLayer:
    return parse_policy(text, name)


def path_rule(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path matches one of the policy's gitignore-style patterns."""
    return lambda path: bool(patterns) and matches(patterns, path)
