"""Addresses: of lines at a commit, of a review, of the checks.

https://docs.github.com/en/repositories/working-with-files/using-files/getting-permanent-links-to-files
"""

from __future__ import annotations

from urllib.parse import quote

from bot.domain.events import CommentPlace
from bot.domain.finding import Evidence
from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.github.markdown_safety import code_span

_ANCHORS: dict[CommentPlace, str] = {
    "issue_comment": "issuecomment-",
    "review_comment": "discussion_r",
    "review": "pullrequestreview-",
}
_RENDERED = (".md", ".markdown", ".rst", ".adoc", ".org", ".textile", ".ipynb")


def permalink_base(ref: PullRef, web_url: str) -> str:
    """`https://HOST/OWNER/NAME/blob/`: everything that a review links to lies below it."""
    return f"{web_url.rstrip('/')}/{ref.repository.full_name}/blob/"


def permalink(base: str, proof: Evidence) -> str:
    """The lines of one piece of evidence. Rendered files get `?plain=1`, or lines do not show."""
    plain = "?plain=1" if proof.path.lower().endswith(_RENDERED) else ""
    lines = f"#L{proof.line}"
    if proof.end_line > proof.line:
        lines += f"-L{proof.end_line}"
    return f"{base}{proof.commit}/{quote(proof.path)}{plain}{lines}"


def proof_link(base: str, proof: Evidence) -> str:
    """``[`path:10-12`](permalink)``."""
    span = f"-{proof.end_line}" if proof.end_line > proof.line else ""
    label = code_span(f"{proof.path}:{proof.line}{span}").replace("[", "(").replace("]", ")")
    return f"[{label}]({permalink(base, proof)})"


def check_page(ref: PullRef, web_url: str) -> str:
    """The tab of the newest commit's checks."""
    return f"{_pull_page(ref, web_url)}/checks"


def comment_page(ref: PullRef, mention: Mention, web_url: str) -> str:
    """The comment in which the mention stands, on its pull request's page."""
    return f"{_pull_page(ref, web_url)}#{_ANCHORS[mention.place]}{mention.comment_id}"


def _pull_page(ref: PullRef, web_url: str) -> str:
    return f"{web_url.rstrip('/')}/{ref.repository.full_name}/pull/{ref.number}"
