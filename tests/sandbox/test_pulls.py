"""What is read of repositories and pull requests, computed from git."""

from __future__ import annotations

import base64

import github as pygithub

from sandbox import Entry, Sandbox
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from tests.sandbox.conftest import Client, edited, refusal

AT = "/repos/acme/shop/pulls/1"


def test_a_pull_request_is_what_git_says(pull: PullRequest, app: pygithub.Github) -> None:
    ours = app.get_repo("acme/shop").get_pull(1)
    assert (ours.additions, ours.deletions, ours.changed_files, ours.commits) == (3, 2, 2, 1)
    assert (ours.head.sha, ours.base.ref, ours.mergeable) == (pull.head_sha, "main", True)
    assert [(one.filename, one.status, one.additions) for one in ours.get_files()] == [
        ("a.txt", "modified", 2),
        ("new.py", "added", 1),
    ]
    assert [one.commit.message for one in ours.get_commits()] == ["Fix ten"]


def test_a_diff_is_given_up_to_githubs_limits(
    github: Sandbox, shop: Repository, pull: PullRequest, http: Client
) -> None:
    accept = {"Accept": "application/vnd.github.diff"}
    assert (
        http("GET", AT, **accept).text
        == github.world.repositories.all()[0].changes.diff(pull.base_sha, pull.head_sha).decode()
    )
    files = {f"many/{number}.txt": "x\n" for number in range(301)}
    github.open_pull_request(shop, "many", files)
    answer = http("GET", "/repos/acme/shop/pulls/2", **accept)
    assert answer.status_code == 406
    assert "exceeded the maximum number of files (300)" in answer.json()["message"]
    assert len(http("GET", "/repos/acme/shop/pulls/2/files?per_page=100&page=4").json()) == 1


def test_renames_binaries_and_symlinks_are_listed(
    github: Sandbox, shop: Repository, http: Client
) -> None:
    files = {
        "src/b.py": None,
        "src/renamed.py": "b = 1\n",
        "blob.bin": b"\0\1\2",
        "link": Entry(b"/etc/passwd", "120000"),
    }
    github.open_pull_request(shop, "odd", files)
    listed = http("GET", "/repos/acme/shop/pulls/1/files").json()
    assert [(one["filename"], one["status"], "patch" in one) for one in listed] == [
        ("blob.bin", "added", False),
        ("link", "added", True),
        ("src/renamed.py", "renamed", False),
    ]
    link = http("GET", "/repos/acme/shop/contents/link?ref=odd").json()
    assert (link["type"], link["target"]) == ("symlink", "/etc/passwd")


def test_contents_and_comparisons(pull: PullRequest, http: Client) -> None:
    at = "/repos/acme/shop/contents"
    file = http("GET", f"{at}/src/b.py?ref={pull.base_sha}").json()
    assert base64.b64decode(file["content"]) == b"b = 1\n"
    assert [one["path"] for one in http("GET", f"{at}/src").json()] == ["src/b.py"]
    assert http("GET", f"{at}/nope").status_code == 404
    raw = http("GET", f"{at}/src/b.py", Accept="application/vnd.github.raw+json")
    assert raw.text == "b = 1\n"
    compared = http("GET", "/repos/acme/shop/compare/main...fix").json()
    assert compared["merge_base_commit"]["sha"] == pull.base_sha
    assert (compared["status"], compared["ahead_by"]) == ("ahead", 1)


def test_conflicts_and_merges(github: Sandbox, shop: Repository, pull: PullRequest) -> None:
    other = github.open_pull_request(shop, "other", {"a.txt": edited((10, "TEN"))})
    sha = github.merge(pull)
    assert (pull.state, pull.merged, pull.merge_commit_sha) == ("closed", True, sha)
    assert shop.git.tip("main") == sha
    assert other.mergeable() is False


def test_a_fork_is_reached_through_the_base_repository(
    github: Sandbox, shop: Repository, http: Client
) -> None:
    pull = github.open_pull_request(shop, "idea", {"c.py": "c\n"}, author="zed", fork=True)
    shown = http("GET", AT).json()
    assert (shown["head"]["label"], shown["head"]["repo"]["fork"]) == ("zed:idea", True)
    github.push(pull, {"c.py": "c = 1\n"})
    assert shop.git.resolve("refs/pull/1/head") == pull.head_sha
    assert http("GET", "/repos/zed/shop").status_code == 404


def test_lists_come_in_pages(github: Sandbox, pull: PullRequest, app: pygithub.Github) -> None:
    for number in range(5):
        github.comment(pull, f"comment {number}")
    app.per_page = 2
    issue = app.get_repo("acme/shop").get_issue(1)
    assert [one.body for one in issue.get_comments()] == [f"comment {n}" for n in range(5)]


def test_an_unchanged_answer_is_304_and_costs_nothing(pull: PullRequest, http: Client) -> None:
    first = http("GET", AT)
    second = http("GET", AT, **{"If-None-Match": first.headers["ETag"]})
    assert (second.status_code, second.content) == (304, b"")
    remaining = "X-RateLimit-Remaining"
    assert second.headers[remaining] == first.headers[remaining]
    assert http("GET", AT).headers[remaining] == str(int(first.headers[remaining]) - 1)


def test_titles_are_edited_and_states_changed(pull: PullRequest, http: Client) -> None:
    assert http("PATCH", AT, {"title": "Better"}).json()["title"] == "Better"
    assert http("PATCH", AT, {"state": "closed"}).json()["state"] == "closed"
    assert http("PATCH", AT, {"title": "No"}, by="mallory").status_code == 403
    assert pull.title == "Better"


def test_what_is_not_there_is_not_found(http: Client) -> None:
    for path in ("/repos/acme/nope", "/repos/acme/shop/pulls/9", "/no/such/endpoint"):
        assert refusal(http("GET", path)) == (404, "Not Found", None)
    bad = http("GET", "/repos/acme/shop/commits/" + "0" * 40)
    assert refusal(bad)[:2] == (422, f"No commit found for SHA: {'0' * 40}")
