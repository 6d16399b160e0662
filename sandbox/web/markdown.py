"""GitHub-flavoured Markdown as safe HTML; suggestions and diffs are drawn as diffs."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from sandbox.web.sanitise import Sanitiser

_TASK = re.compile(r"<li>(\s*<p>)?\[([ xX])\] ")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DIFF_CLASS = {"+": "added", "-": "removed", "@": "hunk"}


def render(text: str, replaced: Sequence[str] = ()) -> Markup:
    """The HTML of a comment. `replaced` are the lines that a suggestion in it would replace."""
    drawn = _parser().render(text, {"replaced": list(replaced)})
    # Markdown passes HTML through as it stands; what may stay is decided here.
    clean = Sanitiser.clean(_COMMENT.sub("", drawn))
    return Markup(_TASK.sub(_task, clean))  # noqa: S704 (sanitised above)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "breaks": True})
    parser.enable(["table", "strikethrough"])
    parser.add_render_rule("fence", _fence)
    return parser


def _task(match: re.Match[str]) -> str:
    checked = "" if match[2] == " " else " checked"
    return f'<li class="task">{match[1] or ""}<input type="checkbox"{checked} disabled> '


def _fence(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    options: Any,
    env: MutableMapping[str, Any],
) -> str:
    info = tokens[at].info.strip().split(" ")[0]
    content = tokens[at].content.removesuffix("\n")
    if info == "suggestion":
        return _suggestion(content, env.get("replaced", []))
    if info == "diff":
        rows = [(_DIFF_CLASS.get(line[:1], ""), line) for line in content.split("\n")]
        return _rows(rows)
    return f'<pre class="code language-{escape(info)}"><code>{escape(content)}\n</code></pre>'


def _suggestion(content: str, replaced: Sequence[str]) -> str:
    added = content.split("\n") if content else []
    rows = [("removed", f"-{line}") for line in replaced]
    rows += [("added", f"+{line}") for line in added]
    return f'<div class="suggestion"><div class="caption">Suggested change</div>{_rows(rows)}</div>'


def _rows(rows: Sequence[tuple[str, str]]) -> str:
    lines = [f'<span class="{kind}">{escape(line)}\n</span>' for kind, line in rows]
    return f'<pre class="code diff"><code>{"".join(lines)}</code></pre>'
