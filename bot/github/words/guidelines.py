"""A kind of defect that keeps coming back: the guideline that would avoid it, ready to be used.

Pure. Sentences of our own only; titles and folders are a model's and a repository's, so data.
"""

from __future__ import annotations

import re

from bot.domain.repeated_class import Proposal
from bot.github.markdown_safety import code_span, fenced, safe_line

NEAREST = "AGENTS.md"
"""Read in every folder above a file, so a line in the folder's own holds there alone."""

_PLAIN = re.compile(r"[\w.@+-]+(/[\w.@+-]+)*")
"""A folder whose name is no pattern and no command."""

GUIDELINES: dict[str, str] = {
    "wrong-result": "Test every result that changes: with none, one and many",
    "crash": "Say what happens with absent, empty and malformed input, and test it",
    "broken-caller": "Change every caller together with a signature or a returned value",
    "missing-case": "Handle every case that a value can take: none, one, many, the first, the last",
    "unhandled-error": "Handle or hand on every error that a call can raise; swallow none",
    "resource-leak": "Close what is opened on every way out, also when an error is raised",
    "race": "Guard what several threads or processes share, and say by what",
    "injection": "Escape outside text as the query, command, path or page around it needs",
    "access-control": "Check who may do it in the place where it is done",
    "secret": "Keep credentials out of code, logs and messages",
    "data-loss": "Keep what is overwritten or deleted until the new state is safe",
    "slow": "Make no query, request or full scan inside a loop over unbounded data",
    "api-misuse": "Read a library's contract in the version in use: arguments, results, errors",
    "configuration": "Change a setting in every place that reads or documents it",
    "incomplete-change": "Change all places of one kind together: code, mappings, migrations",
    "test-gap": "Test new behaviour, and see the test fail without it",
    "misleading-docs": "Change the comment, docstring and page that describe what you change",
}
"""By the kind of the finding; each is true of any code, and short enough for every prompt. None
says `for`, which begins the paths of `remember`.
"""


def guideline_proposal(proposal: Proposal, files: tuple[str, ...], handle: str) -> tuple[str, str]:
    """Title and text of the folded proposal.

    Args:
        proposal: what came back, where, in which pull requests.
        files: the policy's guideline files.
        handle: what people mention, without `@`.
    """
    kind = proposal.kind.replace("-", " ")
    count = len(proposal.pulls)
    where = f" in {code_span(proposal.folder + '/')}" if proposal.folder else ""
    listed = "\n".join(
        f"- #{number}: {safe_line(title[:200])}"
        for number, title in zip(proposal.pulls, proposal.titles, strict=True)
    )
    rule = GUIDELINES.get(proposal.kind, f"Look out for this kind of defect: {kind}")
    scope = f" for {proposal.folder}/**" if _PLAIN.fullmatch(proposal.folder) else ""
    parts = [
        f"The last {count} of this kind{where} that were found right:\n{listed}",
        f"To have it heeded from now on, write\n{fenced(f'@{handle} remember {rule}{scope}')}",
    ]
    if files:
        parts.append(
            f"or put this line into {_file(files, proposal.folder)}:\n{fenced(f'- {rule}.')}"
        )
    parts.append(
        "Where a linter can tell it, its rule is better still. This is proposed only once."
    )
    return f"Found right again and again: {safe_line(kind)}. Make it a guideline?", "\n\n".join(
        parts
    )


def _file(files: tuple[str, ...], folder: str) -> str:
    if NEAREST in files:
        return code_span(f"{folder}/{NEAREST}" if folder else NEAREST)
    return code_span(files[0])
