"""What the bot says, all of it in this package. Pure; here, each function is one thing said.

Longer pages are put together beside this: the summary, the comment on a line, answers. A review's
own reasons (of a fate, a call site's status, an effort) are worded in `workers` by the rule that
decides: they are part of the record, and read the same here, in a terminal and in JSON. They, and
texts of a model, a person or an error, pass through markdown_safety first.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.fail_bar import failing
from bot.domain.finding import SHOWN, Evidence, Fate, Finding, Severity
from bot.domain.intent import Verdict
from bot.domain.mention_parsing import COMMANDS
from bot.domain.plural import plural
from bot.domain.review import Review, Stage
from bot.domain.undone import (
    NOTHING_CHANGED,
    changes_nothing,
    things_undone,
    unchecked,
    unverified,
)
from bot.github.composed import CheckOutput
from bot.github.markdown_safety import in_cell, safe_line, safe_prose, visible
from bot.github.permalinks import proof_link

LONGEST_TITLE = 80
_LONGEST_REASON = 300

_STAGES: dict[Stage, str] = {
    "fetching": "Fetching and reading the change.",
    "understanding": "Looking up what the change touches.",
    "reviewing": "Reading the change.",
    "verifying": "Trying to refute each finding.",
    "publishing": "Writing the review.",
}
FATES: dict[Fate, str] = {
    Fate.POSTED: "posted",
    Fate.LISTED: "listed here",
    Fate.BELOW_THRESHOLD: "below the threshold",
    Fate.OVER_CAP: "over the cap",
    Fate.DUPLICATE: "said already",
    Fate.UNPROVEN: "no proof",
    Fate.REFUTED: "refuted",
    Fate.UNSURE: "could not be decided",
    Fate.INTENDED: "announced by the author",
    Fate.DISMISSED: "dismissed",
}


def to_look_at(review: Review) -> tuple[Finding, ...]:
    """What a person should see: posted, now or before, or kept from it only by a line or a cap."""
    return review.with_fate(*SHOWN) + review.standing


def without_model(review: Review) -> bool:
    """Whether plain checks alone looked."""
    asked = review.models or review.intent.judged or review.skipped
    return not asked and not changes_nothing(review)


def verdict_line(review: Review) -> str:
    """One sentence: what came of the review."""
    if review.skipped:
        return f"Not reviewed: {safe_line(review.skipped)}."
    if review.status == "failed":
        return f"The review could not be completed{_why_failed(review)}"
    said = _said(review)
    if changes_nothing(review):
        return f"{said or 'Nothing to review'}. {NOTHING_CHANGED}.{_mended(review)}"
    if without_model(review):
        why = _raised(safe_line(review.stopped)) or safe_line(review.intent.note.rstrip("."))
        why = why or "No model is configured"
        left_out = unchecked(review)
        said = said or _CHECKED[bool(left_out)]
        return f"{said}.{_mended(review)}{_undone(left_out)} {why}: {_NOT_JUDGED}"
    if not _whole(review):
        said = said or "Nothing was found in what was read"
        return f"{said}.{_mended(review)}{_incomplete(review)}"
    return f"{said or 'No issues found'}.{_mended(review)}{_kept(review)}"


def _said(review: Review) -> str:
    """What came of it, as one clause; empty when that is nothing."""
    broken = _count(review, Verdict.BROKEN)
    parts = [_found(review), _unverified(review)]
    parts += [f"{plural(broken, 'promise')} broken"] if broken else []
    *before, last = [part for part in parts if part] or [_kept_back(review)]
    return f"{', '.join(before)} and {last}" if before else last


def _incomplete(review: Review) -> str:
    """What was not done: itself when it is one thing, else how many things."""
    if review.stopped:
        return f" {_raised(safe_line(review.stopped))}."
    return _undone(things_undone(review))


def _undone(things: Sequence[str]) -> str:
    """Empty where it is unverified findings alone, which the line names."""
    if len(things) > 1:
        return f" Incomplete: {len(things)} things were not done; they are listed below."
    return f" Incomplete: {safe_line(_shortened(things[0].removesuffix('.')))}." if things else ""


_CHECKED = {
    False: "Plain checks found nothing",
    True: "Plain checks found nothing in what they read",
}
_NOT_JUDGED = "defects were not hunted and intent was not judged."


def check_title(review: Review) -> str:
    """The check's one line, at most 80 characters."""
    return _clipped(_check_title(review))


def _check_title(review: Review) -> str:
    if review.skipped:
        return f"Not reviewed: {review.skipped}"
    if review.status == "failed":
        return "Not completed: " + (_reasons(review) or "see the details")
    broken = _count(review, Verdict.BROKEN)
    said = _titled(review) or (f"{plural(broken, 'promise')} broken" if broken else "")
    said = said or _kept_back(review) or (_UNCHANGED if changes_nothing(review) else "")
    if without_model(review):
        return _title_without_model(review, said)
    if not _whole(review) and (review.stopped or things_undone(review) or not said):
        state = "Stopped by budget" if review.stopped else "Partial"
        return f"{state}: {said or 'nothing found in what was read'}"
    promises, kept = len(review.intent.promises), _count(review, Verdict.KEPT)
    if said or not promises:
        return said or "Clean: nothing found"
    whole = kept == promises
    return (
        f"Clean: {plural(kept, 'promise')} kept" if whole else f"{kept} of {promises} promises kept"
    )


_UNCHANGED = "Nothing to review: no file is changed"


def _title_without_model(review: Review, said: str) -> str:
    if unchecked(review):
        return f"Partial: {said or _lowered(_CHECKED[True])}; intent not judged"
    why = ": no model" if review.intent.note.startswith("No model ") else ""
    why = ": stopped by budget" if review.stopped else why
    return f"{said or _CHECKED[False]}; intent not judged{why}"


def _titled(review: Review) -> str:
    """Findings and unverified findings, in the room that a title has."""
    found, count = _found(review), len(unverified(review))
    if found and count:
        return f"{found}, {count} could not be verified"
    return found or _unverified(review)


def later_line(review: Review) -> str:
    """The body of every review after the first."""
    new = len(review.with_fate(Fate.POSTED))
    p0 = sum(finding.severity is Severity.P0 for finding in review.with_fate(Fate.LISTED))
    more = f", and {p0} more P0 in the summary" if p0 else ""
    head = review.head[:7]
    return f"{plural(new, 'new finding')} at `{head}`{more}. The summary above is up to date."


def stage(name: Stage) -> str:
    """What is being done now."""
    return _STAGES[name]


def queued() -> CheckOutput:
    """The check before work begins."""
    return doing("Waiting for a free worker.")


def doing(text: str) -> CheckOutput:
    """The check while work goes on."""
    return CheckOutput(_clipped(text.rstrip(".")), safe_prose(text))


def merge_group_passed() -> CheckOutput:
    """The check of a merge group: its pull requests were reviewed one by one."""
    return CheckOutput(
        "Reviewed on its pull requests", "Nothing is checked again in a merge queue."
    )


def superseded(why: str) -> CheckOutput:
    """The check of a review that nobody wants any more."""
    return CheckOutput(_clipped(f"Stopped: {why}"), f"Stopped: {safe_line(why.rstrip('.'))}.")


def given_up(why: str, again: bool = True) -> CheckOutput:
    """The check of a review that was not made or could not be posted, with the next step: `again`
    where it may help, else it stands in `why`."""
    said = f"Not completed: {safe_line(why.rstrip('.'))}."
    title = _clipped(f"Not completed: {why}")
    return CheckOutput(title, f"{said}\n\nPress **Re-run** to try again." if again else said)


def help_text(handle: str) -> str:
    """The answer to `@handle help`, from the table of commands."""
    rows = "\n".join(f"| `@{handle} {in_cell(form.usage)}` | {form.effect} |" for form in COMMANDS)
    return (
        f"| write | and this happens |\n|---|---|\n{rows}\n\n"
        "Write access is needed; who opened the pull request may also write `explain`, `why`,"
        " `config` and `help`, and dispute findings in their threads. Others get 😕, unless"
        " `mentions.allow` of `.github/plumbline.yml` lets them."
    )


def review_done(review: Review, page: str) -> str:
    """The answer to who asked for a review: what came of it, and `page`, where it stands."""
    return f"Looked at `{review.head[:7]}`: {_lowered(verdict_line(review))} [Details]({page})."


def question_without_model() -> str:
    """A question where no model can answer."""
    return "No model is configured here, so questions cannot be answered. Plain checks still run."


def question_failed(why: str) -> str:
    """A question that the model did not answer."""
    return f"This could not be answered: {safe_line(why).rstrip('.')}. Ask again later."


def answer(text: str, evidence: Sequence[Evidence], cited: int, base: str) -> str:
    """The answer to a question, with the code it rests on; `base` as `permalink_base` makes it.

    Of `cited` quotes those in `evidence` stand in the code. Without one it is said that nothing
    bears the answer out.
    """
    said = safe_prose(text, base)
    if not evidence:
        why = "what it quotes does not stand in the code" if cited else "it quotes no code"
        return f"{said}\n\nThis answer could not be checked: {why}."
    return f"{said}\n\nSee {', '.join(proof_link(base, proof) for proof in evidence[:8])}."


def policy_problem(problem: str) -> str:
    """One line of a policy file that cannot be used."""
    return f"- {safe_line(problem)}"


def _why_failed(review: Review) -> str:
    reasons = safe_line(_reasons(review))
    return f": {reasons}" if reasons else "."


def _reasons(review: Review) -> str:
    reasons = (*review.coverage.not_done, *review.notes)[:2]
    return "; ".join(reason.removesuffix(".") for reason in reasons)


def _whole(review: Review) -> bool:
    return review.status == "complete" and review.coverage.complete


def _kept(review: Review) -> str:
    promises, kept = len(review.intent.promises), _count(review, Verdict.KEPT)
    if not promises:
        return ""
    return (
        f" {plural(kept, 'promise')} kept."
        if kept == promises
        else (f" {kept} of {promises} promises kept.")
    )


def _count(review: Review, verdict: Verdict) -> int:
    return sum(promise.verdict is verdict for promise in review.intent.promises)


def _found(review: Review) -> str:
    """How much there is to look at, and how much of it was said before; empty when nothing is."""
    shown = review.with_fate(*SHOWN)
    new = sum(not finding.continues for finding in shown)
    standing = len(review.standing) + len(shown) - new
    if not standing:
        return f"{plural(new, 'finding')} to look at" if new else ""
    still = f"{plural(standing, 'finding')} still {'stands' if standing == 1 else 'stand'}"
    return f"{plural(new, 'new finding')} to look at, {still}" if new else still


def _mended(review: Review) -> str:
    """What earlier reviews showed and this head mends."""
    fixed = len(review.fixed)
    return (
        f" {plural(fixed, 'earlier finding')} {'is' if fixed == 1 else 'are'} fixed."
        if fixed
        else ""
    )


def _unverified(review: Review) -> str:
    count = len(unverified(review))
    return f"{plural(count, 'finding')} could not be verified" if count else ""


def _kept_back(review: Review) -> str:
    """Findings that are not shown and yet fail the check, as the policy asks."""
    bar = review.policy.fail_on
    if bar in ("none", "broken_promise"):
        return ""
    count = len(failing(review, Severity(bar)))
    return f"{plural(count, 'finding')} at or above {bar}, below the threshold" if count else ""


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_REASON else f"{text[: _LONGEST_REASON - 3].rstrip()}..."


def _lowered(sentence: str) -> str:
    """As it goes on after a colon."""
    return sentence[:1].lower() + sentence[1:]


def _raised(sentence: str) -> str:
    """As it begins."""
    return sentence[:1].upper() + sentence[1:]


def _clipped(text: str) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 3].rstrip() + "..."
