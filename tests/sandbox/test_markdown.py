"""Markdown as GitHub shows it, and nothing that could run."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.web.markdown import render


def test_a_suggestion_is_drawn_as_a_diff() -> None:
    assert render("```suggestion\nb = 2\n```", ["b = 1"]) == (
        '<div class="suggestion"><div class="caption">Suggested change</div>'
        '<pre class="code diff"><code><span class="removed">-b = 1\n</span>'
        '<span class="added">+b = 2\n</span></code></pre></div>'
    )


def test_tables_tasks_and_folds() -> None:
    drawn = render(
        "| a |\n|---|\n| 1 |\n\n- [x] done\n- [ ] open\n\n"
        "<details><summary>More</summary>\n\n`x < 1`\n\n</details>"
    )
    assert "<td>1</td>" in drawn
    assert '<li class="task"><input type="checkbox" checked disabled> done</li>' in drawn
    assert '<li class="task"><input type="checkbox" disabled> open</li>' in drawn
    assert "<details><summary>More</summary>" in drawn
    assert "<code>x &lt; 1</code>" in drawn


def test_hidden_markers_stay_hidden() -> None:
    assert render("<!-- marker:abc -->\nSeen").strip() == "<p>Seen</p>"


def test_addresses_are_linked_and_permalinks_shortened() -> None:
    address = f"http://localhost:1/acme/shop/blob/{'a' * 40}/src/b.py#L3-L5"
    assert render(f"See {address}.") == (
        f'<p>See <a href="{address}" rel="nofollow noopener">src/b.py L3-L5</a>.</p>\n'
    )
    assert "<a" not in render(f"`{address}`")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        "[x](javascript:alert(1))",
        '<p onclick="alert(1)">x</p>',
        "<iframe src=//evil></iframe>",
        "<style>*{display:none}</style>",
        "```<img onerror=alert(1)>\nx\n```",
        "<!-- --!><script>alert(1)</script> -->",
        "<svg/onload=alert(1)>",
    ],
)
def test_nothing_runs(text: str) -> None:
    assert _dangers(str(render(text))) == []


@given(st.text(alphabet="<>/\"'=&;: abscriptonload!-`#[]()\n", max_size=80))
def test_nothing_ever_runs(text: str) -> None:
    assert _dangers(str(render(text))) == []


def _dangers(html: str) -> list[str]:
    """Tags and attributes of the drawn HTML that could run or load something."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag in ("script", "img", "iframe", "style", "svg", "object", "form"):
                found.append(tag)
            for name, value in attrs:
                target = (value or "").strip().lower()
                if name.startswith("on") or name == "style" or "javascript:" in target:
                    found.append(name)

    Reader().feed(html)
    return found
