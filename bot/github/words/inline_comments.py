"""One finding -> the comment on its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.diff import Side
from bot.domain.finding import Evidence, Finding, Origin
from bot.github.markdown_safety import (
    COMMAND_LINE,
    fence_for,
    fenced,
    safe_line,
    safe_prose,
    visible,
)
from bot.github.markers import marked, marker_of_finding
from bot.github.permalinks import proof_link

LONGEST_COMMENT = 65_000
"""GitHub takes 65,536 characters; the rest is for a hidden mark."""

_MOST_PROOFS = 4
_MOST_FURTHER_PROOFS = 8
_MOST_QUOTED_LINES = 10
_LONGEST_SUGGESTION = 10_000
_RUNS_WITH_RIGHTS = (".github/workflows/", ".github/actions/")
"""Code that runs with the repository's own rights is never changed with one click."""
_FOUND_BY = {
    Origin.CHECK: "Found by a plain check",
    Origin.HUNT: "Found by reading the code without the description",
    Origin.INTENT: "Found by holding the code against the description",
}


@dataclass(frozen=True, slots=True)
class InlineComment:
    """As GitHub's API takes it; `start_line` is None for a single line."""

    path: str
    line: int
    start_line: int | None
    side: Side
    body: str


def inline_comment(finding: Finding, base: str) -> InlineComment | None:
    """The comment; None where no line of the diff carries it. `base`: see `permalink_base`."""
    if finding.line is None:
        return None
    end = max(finding.end_line or finding.line, finding.line)
    start = finding.line if end > finding.line else None
    return InlineComment(finding.path, end, start, finding.side, comment_body(finding, base))


def comment_body(finding: Finding, base: str) -> str:
    """What is wrong, when it happens, the proof, the smallest fix, how it is known."""
    proofs = _elsewhere(finding)
    parts = [
        f"**{finding.severity.value}: {safe_line(finding.title[:300], base)}**",
        safe_prose(finding.body, base),
        _when(finding, base),
        *(_proof(proof, finding, base) for proof in proofs[:_MOST_PROOFS]),
        _more_proofs(proofs, base),
        _suggestion(finding),
        f"<sub>{_provenance(finding)}</sub>",
    ]
    body = "\n\n".join(part for part in parts if part)
    if len(body) > LONGEST_COMMENT:
        body = "\n\n".join((*parts[:2], "The proof is too long to show here.", parts[-1]))
    return marked(body, marker_of_finding(finding))


def further_proofs(finding: Finding, base: str) -> tuple[str, ...]:
    """Each proof that the comment only links, with its code."""
    rest = _elsewhere(finding)[_MOST_PROOFS:][:_MOST_FURTHER_PROOFS]
    return tuple(_proof(proof, finding, base) for proof in rest)


def _when(finding: Finding, base: str) -> str:
    if not finding.trigger.strip():
        return ""
    trigger = safe_line(finding.trigger[:1000], base)
    return f"When: {trigger}" + ("" if trigger.endswith((".", "!", "?")) else ".")


def _proof(proof: Evidence, finding: Finding, base: str) -> str:
    """A link to the lines, and their code unless the comment already stands on them."""
    link = f"{proof_link(base, proof)} at `{proof.commit[:7]}`"
    if _under_comment(proof, finding):
        return link
    lines = visible(proof.quote).strip("\n").split("\n")
    quoted = [line[:300] for line in lines[:_MOST_QUOTED_LINES]]
    if len(lines) > _MOST_QUOTED_LINES:
        quoted.append(f"... {len(lines) - _MOST_QUOTED_LINES} more lines")
    return f"{link}\n{fenced(chr(10).join(quoted))}"


def _under_comment(proof: Evidence, finding: Finding) -> bool:
    if finding.line is None or proof.path != finding.path:
        return False
    return finding.line <= proof.line and proof.end_line <= (finding.end_line or finding.line)


def _elsewhere(finding: Finding) -> tuple[Evidence, ...]:
    """The proofs that the reader does not see already above the comment; at least one."""
    others = tuple(proof for proof in finding.evidence if not _under_comment(proof, finding))
    return others or finding.evidence[:1]


def _more_proofs(proofs: Sequence[Evidence], base: str) -> str:
    rest = proofs[_MOST_PROOFS:]
    if not rest:
        return ""
    links = ", ".join(proof_link(base, proof) for proof in rest[:_MOST_FURTHER_PROOFS])
    more = len(rest) - _MOST_FURTHER_PROOFS
    return f"Also {links}" + (f" and {more} more." if more > 0 else ".")


def _suggestion(finding: Finding) -> str:
    """Applied with one click, so it stands byte for byte or not at all."""
    fix = finding.suggestion
    if fix is None or finding.side == "LEFT" or len(fix) > _LONGEST_SUGGESTION:
        return ""
    if visible(fix) != fix or "<!--" in fix or "[redacted: " in fix:
        return ""  # hidden words, or a mark in the place of the credential that stands there
    if finding.path.startswith(_RUNS_WITH_RIGHTS) or COMMAND_LINE.search(fix):
        return ""
    fence = fence_for(fix)
    body = fix if fix.endswith("\n") or not fix else f"{fix}\n"
    return f"{fence}suggestion\n{body}{fence}"


def _provenance(finding: Finding) -> str:
    how = _FOUND_BY[finding.origin]
    if finding.origin is not Origin.CHECK:
        how += f", then verified at confidence {finding.stated_confidence:.2f}"
    if finding.stated is not None:
        earlier = f"by the outcomes of {finding.stated.outcomes} earlier findings"
        how += f" ({finding.confidence:.2f} {earlier})"
    missed = " An earlier review of these lines missed it." if finding.late else ""
    return f"{how}.{missed}"
