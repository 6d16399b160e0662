"""`plumbline review --pr URL`: a person's token, a real GitHub on this machine, no write unasked."""

# ruff: noqa: E501 - texts stand as they were printed
from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from inline_snapshot import snapshot

from sandbox import Sandbox
from sandbox.state.pulls import PullRequest
from tests.stories.page import Page
from tests.stories.projects import BREAKS_A_CALLER, SHOP
from workers.cli.main import run

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        monkeypatch.setenv("PLUMBLINE_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("PLUMBLINE_GITHUB_API_URL", sandbox.url)
        monkeypatch.setenv("PLUMBLINE_GITHUB_GIT_URL", sandbox.url)
        monkeypatch.setenv("GITHUB_TOKEN", sandbox.personal_token("bob"))
        yield sandbox


@pytest.fixture
def pull(github: Sandbox) -> PullRequest:
    shop = github.create_repository("acme/shop", SHOP)
    return github.open_pull_request(shop, "drop", dict(BREAKS_A_CALLER), "Drop the tenant")


def review(github: Sandbox, *more: str, number: int = 1) -> int:
    return run(["review", "--pr", f"{github.url}/acme/shop/pull/{number}", "--quiet", *more])


def test_a_dry_run_prints_the_review_and_writes_nothing(
    github: Sandbox, pull: PullRequest, capsys: Captured
) -> None:
    assert review(github, "--fail-on", "P1") == 1
    out, err = capsys.readouterr()
    assert Page(github, pull).plain(out) == snapshot("""\
1 finding to look at (1 P1).
BASE1..HEAD1 · contract checks only · standard: 4 changed lines of
code in 1 file, 2 callers of changed contracts
! The change was not held against its description: No model is configured.

P1 `find_user` changed its parameters, 1 place still calls it the old way
    shop/users.py:1
    contract · found by a check

    > 1 │ def find_user(user_id):
      2 │     return user_id

    `find_user` now takes `(user_id)`, before `(user_id, tenant)`. These calls
    fitted and no longer do; Python raises `TypeError` when they run:

    - `shop/views.py:5`: it passes 2 positional arguments, at most 1 are taken

    Smallest fix: adapt these calls, or keep taking the old arguments.
    When: Python runs shop/views.py:5

    Proof: shop/views.py:5 at HEAD1
    > 5 │     return find_user(1, 2)

Call sites of what changed
  find_user  no longer takes `tenant`
    1 site in 1 file: 1 broken
    broken  shop/views.py:5  it passes 2 positional arguments, at most 1 are
                             taken

Receipt
  Plain checks ran on 1 file; no model read it
    shop/users.py  listed  source: contract checks only, no model read it
  not done: No model is configured: defects were not hunted, and intent was not
    judged.
  no model was asked · N s\
""")
    assert err.startswith("No model is configured")
    assert github.writes == []


def test_a_review_is_posted_once_in_the_name_of_the_person(
    github: Sandbox, pull: PullRequest, capsys: Captured
) -> None:
    assert review(github, "--post") == 0
    assert Page(github, pull).whole() == snapshot("""\
=== bob reviews
**1 finding to look at. No model is configured: defects were not hunted and intent was not judged.**

<details><summary>Call sites of changed contracts: 1, 1 broken</summary>

- `find_user`: no longer takes `tenant`; 1 site in 1 file: 1 broken
  - `shop/views.py:5` broken: it passes 2 positional arguments, at most 1 are taken

</details>

<details><summary>Plain checks ran on 1 file; no model read it</summary>

- not done: No model is configured: defects were not hunted, and intent was not judged.
- `shop/users.py` listed: source: contract checks only, no model read it

</details>

<sub>`HEAD1` | standard: 4 changed lines of code in 1 file, 2 callers of changed contracts | no model | N s | record `HEAD1/terminal-TIME`</sub>

=== on shop/users.py:1
--- bob
**P1: `find_user` changed its parameters, 1 place still calls it the old way**

`find_user` now takes `(user_id)`, before `(user_id, tenant)`. These calls fitted and no longer do; Python raises `TypeError` when they run:

- `shop/views.py:5`: it passes 2 positional arguments, at most 1 are taken

Smallest fix: adapt these calls, or keep taking the old arguments.

When: Python runs shop/views.py:5.

[`shop/views.py:5`](https://github.test/acme/shop/blob/HEAD1/shop/views.py#L5) at `HEAD1`
```
    return find_user(1, 2)
```

<sub>Found by a plain check.</sub>\
""")
    capsys.readouterr()
    assert [one.author.login for one in github.reviews(pull)] == ["bob"]
    assert review(github, "--post", "--format", "json") == 0
    assert Page(github, pull).glance() == snapshot("""\
=== bob reviews
on shop/users.py:1\
""")
    assert len(github.threads(pull)) == 1
    said = json.loads(capsys.readouterr().out)
    assert [found["fate"] for found in said["findings"]] == ["duplicate"]


def test_the_report_is_printed_even_when_it_cannot_be_posted(
    github: Sandbox, pull: PullRequest, capsys: Captured
) -> None:
    github.fail("/pulls/1/reviews$", method="POST", status=503, times=None)
    assert review(github, "--post") == 3
    out, err = capsys.readouterr()
    assert "`find_user` changed its parameters" in out
    assert err == snapshot(
        "plumbline: GitHub answered 503 to POST /repos/acme/shop/pulls/1/reviews: Server Error\n"
    )


def test_a_persons_own_pending_review_is_left_alone(
    github: Sandbox, pull: PullRequest, capsys: Captured
) -> None:
    begun = requests.post(
        f"{github.url}/repos/acme/shop/pulls/1/reviews",
        json={"body": "My own thoughts, not finished."},
        headers={"Authorization": f"Bearer {github.personal_token('bob')}"},
        timeout=30,
    )
    assert begun.status_code == 200
    assert review(github, "--post") == 2
    out, err = capsys.readouterr()
    assert "`find_user` changed its parameters" in out
    assert Page(github, pull).plain(err) == snapshot(
        "plumbline: acme/shop#1 holds a pending review that Plumbline did not begin (id ID); submit or discard it on GitHub, then try again"
    )
    (mine,) = github.reviews(pull, pending=True)
    assert mine.body == "My own thoughts, not finished."
    assert github.reviews(pull) == []


def test_a_closed_pull_request_is_not_posted_to(
    github: Sandbox, pull: PullRequest, capsys: Captured
) -> None:
    github.close(pull)
    assert review(github, "--post") == 3
    assert capsys.readouterr().err == snapshot(
        "plumbline: the pull request was closed before the review was posted\n"
    )
    assert github.reviews(pull) == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://github.com/acme/shop", "is not the address of a pull request"),
        ("https://github.com/acme/shop/issues/1", "is not the address of a pull request"),
    ],
)
def test_what_is_no_pull_request(github: Sandbox, capsys: Captured, url: str, said: str) -> None:
    assert run(["review", "--pr", url]) == 2
    out, err = capsys.readouterr()
    assert (out, said in err) == ("", True)


def test_a_pull_request_of_another_github(github: Sandbox, capsys: Captured) -> None:
    assert run(["review", "--pr", "https://ghe.example/acme/shop/pull/1"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.replace(github.url, "URL")) == snapshot(
        (
            "",
            "plumbline: 'https://ghe.example/acme/shop/pull/1' is not on URL. For GitHub at ghe.example set PLUMBLINE_GITHUB_GIT_URL to https://ghe.example and PLUMBLINE_GITHUB_API_URL to https://ghe.example/api/v3\n",
        )
    )
    assert github.requests == []


def test_a_pull_request_that_is_not_there(
    github: Sandbox, pull: PullRequest, capsys: Captured
) -> None:
    assert review(github, number=99) == 3
    out, err = capsys.readouterr()
    assert (out, err) == snapshot(
        (
            "",
            "plumbline: GitHub answered 404 to GET /repos/acme/shop/pulls/99: Not Found. It is not there, or the token may not read it\n",
        )
    )


def test_without_a_token(
    github: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    assert review(github) == 2
    out, err = capsys.readouterr()
    assert (out, err) == snapshot(
        (
            "",
            "plumbline: GITHUB_TOKEN: it is not set. Give a token that may read the pull request.\n",
        )
    )


def test_a_token_that_is_refused(
    github: Sandbox, pull: PullRequest, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "not-a-token")
    status = review(github)
    out, err = capsys.readouterr()
    assert (status, out, Page(github, pull).plain(err)) == snapshot(
        (
            2,
            "",
            "plumbline: GITHUB_TOKEN: GitHub does not accept it (401). Give one that is valid and may read the pull request.",
        )
    )
