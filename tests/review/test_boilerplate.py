"""What is left of a description when its template is taken away."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.answers import rooms
from tests.fakes.proposal import propose
from workers.context.sources import Sources
from workers.review.boilerplate import template_lines, without_boilerplate
from workers.review.description_template import read_templates

TEMPLATE = """\
<!-- Thank you for your contribution!
     Please describe it. -->
## What

_Please describe the change in a few sentences._

Ticket:

**Breaking changes:**

How was it tested?
------------------

1. Start the service
2. Click through it

```
paste the log here
```

- [ ] I read the guidelines
- [ ] The documentation is
      up to date
"""
FILLED_IN = """\
## What

_Please describe the change in a few sentences._
Heavy parcels are **refused**.

Ticket: SHIP-12

**Breaking changes:**

None.

How was it tested?
------------------

1. Start the service
2) Click   through it

```
paste the log here
```

- [x] I read the guidelines
* [X] The documentation is
      up to date
"""


def test_of_a_template_that_was_filled_in_the_authors_lines_and_their_headings_stay() -> None:
    assert without_boilerplate(FILLED_IN, template_lines([TEMPLATE])) == (
        "## What\n\nHeavy parcels are **refused**.\n\nTicket: SHIP-12\n\n"
        "**Breaking changes:**\n\nNone."
    )


def test_a_template_as_it_is_says_nothing() -> None:
    assert without_boilerplate(TEMPLATE, template_lines([TEMPLATE])) == ""


UNKNOWN = """\
<!-- Thank you! -->
## What
Heavy parcels are **refused**.

## How it was tested

- [x] I ran the tests
* [ ] I read the guidelines
1. [ ] I slept over it

## Screenshots
<!-- if any -->

# Notes"""


def test_of_a_template_that_nobody_knows_comments_boxes_and_empty_headings_go() -> None:
    assert without_boilerplate(UNKNOWN) == "## What\nHeavy parcels are **refused**."


@pytest.mark.parametrize(
    "markdown",
    [
        "What\n====",
        "What\n----\n\nWhy\n---\n- [ ] tests",
        "**What**\n\n__Why__:\n",
        "# All\n## What\n**Why**",
        "**Screenshots**\n\n---\n\n***",
        "## Log\n```\n\n```",
        "| | |\n|---|---|",
    ],
)
def test_headings_with_nothing_below_them_go(markdown: str) -> None:
    assert without_boilerplate(markdown) == ""


@pytest.mark.parametrize(
    "markdown",
    [
        "#12 is fixed",
        "# What\n## Why\nIt was slow.",
        "**Removes the old interface of the shop for good**",
        "**Nothing changes for callers.**",
        "Why\n---\n\nIt was slow.",
        "```\n# no heading\n- [ ] no box\n```",
        "- [x](https://example.org) is a link",
    ],
)
def test_what_says_something_stays(markdown: str) -> None:
    assert without_boilerplate(markdown) == markdown


def test_a_rule_under_a_sentence_or_a_list_makes_it_no_heading() -> None:
    assert without_boilerplate("Heavy parcels go.\n---\n- one\n---") == "Heavy parcels go.\n- one"


def test_a_section_that_is_empty_goes_from_between_others() -> None:
    assert without_boilerplate("## A\n1\n\n## B\n\n### C\n\n## D\n2") == "## A\n1\n\n## D\n2"


@given(st.text("ab#*_-=`~[x] \n|1.", max_size=200))
def test_what_is_left_is_lines_of_the_description_in_their_order(markdown: str) -> None:
    left = without_boilerplate(markdown)
    rows = iter(row.strip() for row in markdown.split("\n"))
    assert all(
        any(row == known for known in rows) for row in map(str.strip, left.split("\n")) if row
    )
    assert without_boilerplate(markdown, template_lines([markdown])).count("a") <= left.count("a")


@pytest.mark.parametrize(
    "body",
    [
        "\n" * 60_000,
        "# \n" * 20_000,
        "<!--" * 15_000,
        "- [" * 20_000,
        " " * 60_000 + "x",
        "**" + "a " * 30_000,
        "```\n~~~\n" * 7_000,
        "a\n-\n" * 15_000,
    ],
    ids=["blank", "headings", "comments", "boxes", "spaces", "bold", "fences", "underlines"],
)
def test_a_hostile_body_takes_no_time(body: str) -> None:
    """A few milliseconds of a processor; a quadratic pattern would need a minute."""
    started = time.process_time()
    without_boilerplate(body, template_lines([body]))
    assert time.process_time() - started < 10


# The repository's own


@pytest.mark.parametrize(
    "path",
    [
        ".github/PULL_REQUEST_TEMPLATE.md",
        ".github/pull_request_template.md",
        "docs/pull_request_template.md",
        "PULL_REQUEST_TEMPLATE.txt",
        ".github/PULL_REQUEST_TEMPLATE/feature.md",
        "docs/Pull_Request_Template/bug.md",
    ],
)
def test_templates_are_read_where_github_looks(tmp_path: Path, path: str) -> None:
    here = {path: "Ticket:\r\n", "src/pull_request_template.md": "Not here.\n"}
    with propose(tmp_path, {**here, "a.py": "x = 1\n"}, {"a.py": "x = 2\n"}).code() as code:
        sources = Sources(code, hidden=lambda _path: False)
        assert read_templates(code, sources, code.changes().base) == frozenset({"Ticket:"})


def test_room_2_reads_no_line_of_the_bases_template(tmp_path: Path) -> None:
    """A template that the change itself brings is none yet: it may hold the author's words."""
    place = ".github/pull_request_template.md"
    model = rooms()
    propose(
        tmp_path,
        {"a.py": "x = 1\n", place: "Describe what a user will notice.\n"},
        {"a.py": "x = 2\n", place: "Callers see two instead of one.\n"},
        body="Describe what a user will notice.\nCallers see two instead of one.\n",
    ).review(model)
    [asked] = model.asked("intent")
    assert "[body]\nCallers see two instead of one.\n" in asked.messages[2].content
    assert "Describe what a user" not in asked.messages[2].content
