"""Two reviews of each change on one page, unnamed and shuffled: a person picks, the page counts.

The page names no address and holds one style and one script, both ours, allowed by their hashes
(https://www.w3.org/TR/CSP3/#grammardef-hash-source). What reviews and changes say is data: it is
carried as JSON and written as text, never as markup.
"""

from __future__ import annotations

import hashlib
import json
import random
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from bot.errors import UserError
from evals.result import Comment, Result

_HERE = Path(__file__).parent
_MOST_BODY = 20_000


def side_by_side_page(
    names: tuple[str, str], a: Sequence[Result], b: Sequence[Result], seed: int
) -> str:
    """The whole document, of the cases that both runs have done; `seed` decides who stands where.

    Raises:
        UserError: no case is done by both.
    """
    others = {result.case.id: result for result in b if result.done}
    pairs = [(one, others[one.case.id]) for one in a if one.done and one.case.id in others]
    if not pairs:
        raise UserError("no case is done in both folders. Run both over the same cases.")
    shuffle = random.Random(seed)  # noqa: S311 (a fair coin, no secret)
    shuffle.shuffle(pairs)
    cases = [_case(one, other, swapped=shuffle.random() < 0.5) for one, other in pairs]
    return _document({"names": _veiled(list(names)), "cases": cases})


def _case(a: Result, b: Result, swapped: bool) -> dict[str, Any]:
    left, right = (b, a) if swapped else (a, b)
    return {
        "id": a.case.id,
        "title": a.case.title,
        "body": a.case.body[:_MOST_BODY],
        "diff": a.diff,
        "sides": [_said(left), _said(right)],
        "key": _veiled([1, 0] if swapped else [0, 1]),
    }


def _said(result: Result) -> list[dict[str, str]]:
    """What was posted, the worst first, in one form for every reviewer."""
    posted = [comment for comment in result.comments if comment.fate == "posted"]
    posted.sort(key=lambda comment: (comment.severity, comment.path, comment.line or 0))
    return [
        {
            "severity": comment.severity.value,
            "place": _place(comment),
            "title": comment.title,
            "body": comment.body,
        }
        for comment in posted
    ]


def _place(comment: Comment) -> str:
    return comment.path if comment.line is None else f"{comment.path}:{comment.line}"


def _veiled(value: object) -> str:
    """Not secret, only not read by accident before the picks are made."""
    return b64encode(json.dumps(value).encode()).decode("ascii")


def _document(data: dict[str, Any]) -> str:
    style = (_HERE / "page.css").read_text("utf-8")
    script = (_HERE / "page.js").read_text("utf-8")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}';"
        " base-uri 'none'; form-action 'none'"
    )
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=True)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<title>Which review is better?</title>",
            f"<style>{style}</style>\n</head>\n<body>",
            f'<script type="application/json" id="data">{_embedded(data)}</script>',
            '<main id="page"></main>',
            f"<script>{script}</script>\n</body>\n</html>\n",
        )
    )


def _embedded(data: dict[str, Any]) -> str:
    """JSON that cannot end its element: https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements"""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
