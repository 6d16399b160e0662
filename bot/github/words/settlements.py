"""What is said when a finding is taken off the table, or stays on it after a second look. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.finding import Evidence, Finding
from bot.domain.identifiers import Sha
from bot.domain.plural import plural
from bot.domain.ruling import MOST_ROUNDS, Ruling
from bot.github.markdown_safety import safe_line
from bot.github.markers import marked, marker_of_finding, unmarked
from bot.github.permalinks import proof_link
from bot.github.words.inline_comments import LONGEST_COMMENT, comment_body

_MOST_LINKS = 8


def struck(finding: Finding, ruling: Ruling, base: str, note: str = "") -> str:
    """Our comment, struck out, with the reason; what was said stays readable below.

    `note`: a line of ours that follows the reason.
    """
    title = f"~~**{finding.severity.value}: {safe_line(finding.title[:300], base)}**~~"
    said = unmarked(comment_body(finding, base))
    folded = f"<details><summary>What was said</summary>\n\n{said}\n\n</details>"
    begin = "\n\n".join(filter(None, (title, _ruled(ruling, base), note)))
    body = f"{begin}\n\n{folded}"
    if len(body) > LONGEST_COMMENT:
        body = begin
    return marked(body, marker_of_finding(finding))


def _ruled(ruling: Ruling, base: str) -> str:
    reason = safe_line(ruling.reason[:1000], base)
    if ruling.kind == "withdrawn":
        return f"**Withdrawn.** {reason}"
    who = f"**Dismissed by {safe_line(ruling.by)}.**"
    return f"{who} {reason}" if reason else who


def not_resolved() -> str:
    """GitHub did not let us resolve the thread."""
    return "Done, but GitHub did not let this App change the thread: please do it by hand."


def nothing_to_resolve() -> str:
    """No thread of ours is there."""
    return "There is no finding of this App's to resolve here."


def hidden_from_models() -> str:
    """A plain check cites files that the policy sends to no model."""
    return "This finding cites files that no model may read, so only people can judge it."


def withdrawn(why: str, evidence: Sequence[Evidence], base: str) -> str:
    """The person was right."""
    return f"Right, this is withdrawn. {safe_line(why, base)}{_see(evidence, base)}"


def mended(why: str, evidence: Sequence[Evidence], base: str, then: Sha, now: Sha) -> str:
    """It was right, and what was pushed since put it right."""
    begin = f"Looked again: this was right at `{then[:7]}`, and is mended at `{now[:7]}`."
    return f"{begin} {safe_line(why, base)}{_see(evidence, base)}"


def upheld(why: str, evidence: Sequence[Evidence], base: str, nth: int) -> str:
    """It stands, with evidence that was not shown before."""
    return f"Looked again, and it stands. {safe_line(why, base)}{_see(evidence, base)}{_leave(nth)}"


def undecided(why: str, nth: int) -> str:
    """Neither side could be shown in the code; `why` may be empty."""
    reason = f" {safe_line(why)}" if why else ""
    return (
        f"Looked again, and found no new code that decides it.{reason}"
        f" People judge: `dismiss` strikes it out.{_leave(nth)}"
    )


def looks_are_spent(handle: str) -> str:
    """It was looked at as often as it will be."""
    return (
        f"This finding was looked at again {plural(MOST_ROUNDS, 'time')}, and that is all:"
        f" {_whoever_may_write(handle)}; a question that ends with a question mark is still"
        " answered."
    )


def no_second_look(handle: str) -> str:
    """There is no model that could look."""
    return f"No model is configured here, so nothing looks again: {_whoever_may_write(handle)}."


def _whoever_may_write(handle: str) -> str:
    return (
        "people judge. Whoever may write here strikes the finding out with"
        f" `@{handle} dismiss: reason`"
    )


def left_to_people(why: str, evidence: Sequence[Evidence], base: str) -> str:
    """It may be wrong, but is too grave to go at the word of somebody who may not write here."""
    reason = f" {safe_line(why)}" if why else ""
    return (
        f"Looked again, and it may be wrong.{reason}{_see(evidence, base)} It stands all the same:"
        " what is P0, or about security or data, goes only when somebody with write access writes"
        " `dismiss`."
    )


def _see(evidence: Sequence[Evidence], base: str) -> str:
    links = ", ".join(proof_link(base, proof) for proof in evidence[:_MOST_LINKS])
    return f" See {links}." if links else ""


def _leave(nth: int) -> str:
    if nth < MOST_ROUNDS:
        return ""
    return " That was the last look at this finding: the judgement is yours now."
