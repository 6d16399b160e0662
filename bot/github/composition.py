"""A review -> everything that is written to GitHub about it. Pure: the same in, the same out."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.fail_bar import failing
from bot.domain.finding import Fate, Severity
from bot.domain.intent import Verdict
from bot.domain.pull_request import PullRef
from bot.domain.review import Review
from bot.github import words
from bot.github.composed import CheckOutput, Conclusion
from bot.github.permalinks import permalink_base
from bot.github.words.inline_comments import InlineComment, inline_comment
from bot.github.words.summary import DEFAULT_HANDLE, details_page, summary_page
from bot.settings import DEFAULT_GITHUB_GIT

__all__ = ["CheckOutput", "Composition", "Conclusion", "InlineComment", "compose"]

LONGEST_BODY = 65_000
"""GitHub takes 65,536 characters in a body and 65,535 in a check's text; the rest is for a mark."""


@dataclass(frozen=True, slots=True)
class Composition:
    """`body` is the new review's; empty: there is nothing to say, post no review.

    `summary` is the page that the first review's body shows, kept up to date by later ones.
    """

    body: str
    comments: tuple[InlineComment, ...]
    summary: str
    check: CheckOutput
    conclusion: Conclusion


def compose(
    review: Review,
    ref: PullRef,
    first: bool,
    marker: str = "",
    record: str = "",
    web_url: str = DEFAULT_GITHUB_GIT,
    handle: str = DEFAULT_HANDLE,
) -> Composition:
    """Put a judged review into words.

    Args:
        review: every finding has its fate.
        first: whether this is the first review on the pull request; its body is the summary.
        marker: a hidden mark that ends the body and the summary, if given.
        record: how the stored record is called, shown in the footer.
        web_url: where GitHub's pages are, for the addresses of the links.
        handle: what people mention, without `@`.
    """
    base = permalink_base(ref, web_url)
    page = summary_page(review, base, record, LONGEST_BODY, handle)
    posted = review.with_fate(Fate.POSTED)
    found = (inline_comment(finding, base) for finding in posted)
    comments = tuple(comment for comment in found if comment is not None)
    return Composition(
        body=_marked(_body(review, page, first, bool(comments)), marker),
        comments=comments,
        summary=_marked(page, marker),
        check=CheckOutput(
            title=words.check_title(review),
            summary=words.verdict_line(review),
            text=details_page(review, base, record, LONGEST_BODY, handle),
        ),
        conclusion=conclusion(review),
    )


def conclusion(review: Review) -> Conclusion:
    """Failure only where the policy asks for it; success only when clean and complete."""
    if review.skipped:
        return "neutral"
    if _fails(review):
        return "failure"
    whole = review.status == "complete" and review.coverage.complete and review.intent.judged
    broken = (Verdict.BROKEN, Verdict.PARTLY)
    kept = all(promise.verdict not in broken for promise in review.intent.promises)
    return "success" if whole and kept and not words.to_look_at(review) else "neutral"


def _fails(review: Review) -> bool:
    bar = review.policy.fail_on
    if bar == "none":
        return False
    if bar == "broken_promise":
        return any(promise.verdict is Verdict.BROKEN for promise in review.intent.promises)
    return bool(failing(review, Severity(bar)))


def _body(review: Review, page: str, first: bool, comments: bool) -> str:
    if first:
        return page if words.to_look_at(review) else ""
    return words.later_line(review) if comments else ""


def _marked(text: str, marker: str) -> str:
    return f"{text}\n\n{marker}" if text and marker else text
