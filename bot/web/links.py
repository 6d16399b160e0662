"""Addresses: of pages of ours, and of things on the GitHub that the operator configured.

Names, paths and commits come from outside. They are only ever put behind an address of ours or of
that GitHub, quoted, so that none leads elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from bot.domain.finding import Evidence
from bot.domain.identifiers import Sha
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.github.permalinks import permalink, permalink_base
from bot.settings import PAGES_PATH

_FULL_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_SHA = re.compile(r"[0-9a-f]{40,64}")
_ADDRESS = re.compile(r"[!-~]+")
"""An address holds no blank, no control character and no letter beyond ASCII."""


def repository_page(repository: RepositoryRef, part: str = "") -> str:
    """By numbers: a name changes, and is a stranger's text. `part`: "/memory", "/outcomes"."""
    return f"{PAGES_PATH}/repositories/{repository.key}{part}"


def review_page(key: str) -> str:
    """The page of one review."""
    return f"{PAGES_PATH}/reviews/{quote(key, safe='/')}"


def step_page(key: str, attempt: int, number: int) -> str:
    """The page of one step of a review, with its texts."""
    return f"{PAGES_PATH}/steps/{attempt}/{number}/{quote(key, safe='/')}"


@dataclass(frozen=True, slots=True)
class GitHubLinks:
    """`web_url` without a slash at its end. Each method gives "" where nothing can be linked."""

    web_url: str

    def repository(self, full_name: str, number: int = 1) -> str:
        """A repository; `number` 0: a folder on somebody's disk, which no address leads to."""
        return f"{self.web_url}/{full_name}" if number and _is_name(full_name) else ""

    def pull(self, full_name: str, number: int) -> str:
        """A pull request."""
        page = self.repository(full_name, number)
        return page and f"{page}/pull/{int(number)}"

    def commit(self, full_name: str, number: int, sha: str) -> str:
        """A commit of a pull request's repository."""
        page = self.repository(full_name, number)
        return f"{page}/commit/{sha}" if page and _SHA.fullmatch(sha) else ""

    def lines(self, pull: PullRef, proof: Evidence) -> str:
        """The quoted lines at their commit."""
        if not self.repository(pull.repository.full_name, pull.number):
            return ""
        if not _SHA.fullmatch(proof.commit):
            return ""
        return permalink(permalink_base(pull, self.web_url), proof)

    def place(self, pull: PullRef, head: str, path: str, line: int) -> str:
        """One line of the head."""
        return self.lines(pull, Evidence(path, Sha(head), line, line, ""))

    def own(self, address: str) -> str:
        """A stored address, where it leads to this GitHub and holds nothing odd."""
        ours = address.startswith(f"{self.web_url}/") and _ADDRESS.fullmatch(address)
        return address if ours else ""


def _is_name(full_name: str) -> bool:
    owner, _, name = full_name.partition("/")
    return bool(_FULL_NAME.fullmatch(full_name)) and not {owner, name} & {".", ".."}
