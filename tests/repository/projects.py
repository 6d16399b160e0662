"""Fixture projects: a text file holds many, each with the state before and after a change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bot.domain.identifiers import Sha
from tests.fakes.git_repository import GitRepository
from workers.repository.clones.local import open_local
from workers.repository.knowledge import Knowledge, understand

DATA = Path(__file__).parent.parent / "data"
Files = Mapping[str, str | None]


def sections(text: str) -> dict[str, str]:
    """`=== heading` lines split the text into named parts."""
    parts = re.split(r"^=== (.+)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def project(name: str) -> tuple[Files, Files]:
    """The files before the change, and those that the change writes (None: deletes)."""
    named = sections((DATA / "projects" / f"{name}.txt").read_text())
    split = [(*heading.split(" ", 1), text) for heading, text in named.items()]
    before = {path: text for when, path, text in split if when in ("before", "both")}
    after = {path: text for when, path, text in split if when == "after"}
    gone = [path for when, path, _ in split if when == "before" and path not in after]
    return before, {**after, **dict.fromkeys(gone)}


def known(folder: Path, before: Files, after: Files, tip: Files | None = None) -> Knowledge:
    """What is understood of a change; `tip` is what the base branch added meanwhile."""
    repository = GitRepository(folder / "repository.git")
    base = repository.commit(before)
    head = repository.commit(after, parent=base, branch="change")
    newest = repository.commit(tip, parent=base, branch="main") if tip else base
    with open_local(repository.path, base, head, newest) as code:
        return understand(code, code.changes(), newest, lambda path: path.startswith("vendor/"))


def told(knowledge: Knowledge) -> dict[str, list[str]]:
    """Everything understood, as short lines."""
    return {
        "changed": [
            f"{symbol.change} {symbol.path} {symbol.kind} {symbol.name} possible={symbol.possible}"
            for symbol in knowledge.changed
        ],
        "sites": [
            f"{symbol.name} <- {site.path}:{site.line} {site.tier} {site.edge} depth={site.depth}"
            f" in={site.inside or '-'}{' test' if site.is_test else ''}"
            for symbol in knowledge.changed
            for site in symbol.sites
        ],
        "used": [f"{entry.path} {entry.name}" for entry in knowledge.used],
        "findings": [
            f"{entry.severity} {entry.path}:{entry.line} {entry.side} {entry.title}"
            for entry in knowledge.findings
        ],
        "ledger": [
            f"{entry.symbol} {entry.change}: {site.path}:{site.line} {site.tier} {site.status}: "
            f"{site.why}"
            for entry in knowledge.ledger
            for site in entry.sites
        ],
        "notes": list(knowledge.notes),
    }


def quotes(knowledge: Knowledge) -> list[tuple[str, Sha, int, str]]:
    """All evidence of all findings."""
    return [
        (entry.path, entry.commit, entry.line, entry.quote)
        for finding in knowledge.findings
        for entry in finding.evidence
    ]
