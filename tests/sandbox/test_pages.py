"""What a person sees, and may do there."""

from __future__ import annotations

import re

import pytest
import requests

from sandbox import Sandbox
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from tests.sandbox.conftest import Client, edited

PAGE = "/acme/shop/pull/1"


def read(github: Sandbox, path: str) -> str:
    answer = requests.get(github.url + path, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.text


def words(page: str) -> str:
    """The text of a page without tags, on one line."""
    body = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_conversation_is_shown_in_order(
    github: Sandbox, pull: PullRequest, http: Client
) -> None:
    comment = {"path": "a.txt", "line": 10, "body": "Is ten right?"}
    review = {"event": "COMMENT", "body": "One finding.", "comments": [comment]}
    http("POST", "/repos/acme/shop/pulls/1/reviews", review)
    thread = github.threads(pull)[0]
    github.reply(thread, "It is.", by="alice")
    github.resolve(thread)
    github.comment(pull, "Thanks", by="mallory")
    page = words(read(github, PAGE))
    told = ["Fix ten", "Because of ten.", "One finding.", "resolved by alice", "Is ten right?"]
    told += ["It is.", "Thanks"]
    assert [text for text in told if text not in page] == []
    assert [page.index(text) for text in told] == sorted(page.index(text) for text in told)


def test_what_is_pending_is_not_shown(github: Sandbox, pull: PullRequest, http: Client) -> None:
    review = {"body": "secret", "comments": [{"path": "a.txt", "line": 10, "body": "secret"}]}
    http("POST", "/repos/acme/shop/pulls/1/reviews", review)
    assert [len(github.reviews(pull, pending=True)), "secret" in read(github, PAGE)] == [1, False]
    assert "secret" not in read(github, PAGE + "/files")


def test_threads_stand_under_their_lines(github: Sandbox, pull: PullRequest) -> None:
    github.comment_on_line(pull, "a.txt", 10, "Under ten")
    page = words(read(github, PAGE + "/files"))
    assert page.index("+ten") < page.index("Under ten") < page.index("+thirty")
    github.push(pull, {"a.txt": edited((10, "TEN"), (30, "thirty"))})
    page = words(read(github, PAGE + "/files"))
    assert page.index("outdated") < page.index("+TEN")


@pytest.mark.usefixtures("pull")
def test_checks_are_shown_with_their_text(github: Sandbox, pull: PullRequest, http: Client) -> None:
    note = {
        "path": "a.txt",
        "start_line": 3,
        "end_line": 3,
        "annotation_level": "warning",
        "message": "Look here",
    }
    output = {"title": "2 findings", "summary": "**Contract**", "annotations": [note]}
    body = {"name": "plumbline", "head_sha": pull.head_sha, "conclusion": "neutral"}
    http("POST", "/repos/acme/shop/check-runs", {**body, "output": output})
    page = read(github, PAGE + "/checks")
    assert "<strong>Contract</strong>" in page
    assert f"/acme/shop/blob/{pull.head_sha}/a.txt#L3-L3" in page
    assert "plumbline neutral — 2 findings" in words(read(github, PAGE))


def test_a_permalink_leads_to_the_lines(github: Sandbox, pull: PullRequest) -> None:
    page = read(github, f"/acme/shop/blob/{pull.head_sha}/a.txt")
    assert re.search(r'<tr id="L10">.*?ten', page)
    assert (
        requests.get(f"{github.url}/acme/shop/blob/{pull.head_sha}/no", timeout=10).status_code
        == 404
    )


def test_a_person_types_a_mention(github: Sandbox, pull: PullRequest) -> None:
    at = f"{github.url}/_sandbox/repos/acme/shop/pulls/1/comments"
    form = {"body": "@plumbline why?", "by": "alice"}
    answer = requests.post(at, data=form, headers={"Referer": github.url + PAGE}, timeout=10)
    assert answer.url == github.url + PAGE
    said = github.comments(pull)[0]
    assert (said.author.login, said.body) == ("alice", "@plumbline why?")
    assert github.deliveries[-1].event == "issue_comment"


@pytest.mark.usefixtures("pull")
def test_every_page_opens(github: Sandbox, shop: Repository) -> None:
    issue = github.open_issue(shop, "An issue", "With **text**")
    for path in ("/", "/acme/shop", f"/acme/shop/issues/{issue.number}", PAGE + ".diff"):
        assert read(github, path)
    assert "Fix ten" in words(read(github, "/"))


def test_a_person_reacts_and_ends_the_pull_request(github: Sandbox, pull: PullRequest) -> None:
    comment = github.comment_on_line(pull, "a.txt", 10, "Why ten?", by="bob")

    def press(what: str, by: str) -> None:
        at = f"{github.url}/_sandbox/{what}"
        answer = requests.post(
            at, data={"by": by}, headers={"Referer": github.url + PAGE}, timeout=10
        )
        assert answer.url == github.url + PAGE

    press(f"comments/{comment.id}/like", "alice")
    press(f"comments/{comment.id}/dislike", "mallory")
    assert github.reactions(comment) == [("alice", "+1"), ("mallory", "-1")]
    for verb, buttons in (("close", ["Reopen"]), ("reopen", ["Merge", "Close"]), ("merge", [])):
        press(f"repos/acme/shop/pulls/1/{verb}", "alice")
        page = read(github, PAGE)
        assert [
            name for name in ("Reopen", "Merge", "Close") if f">{name}</button>" in page
        ] == buttons
