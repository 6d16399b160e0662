"""A pull request as it is read, by GraphQL and by REST."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.pull_request import LinkedIssue, PullRef, PullRequest
from bot.errors import GitHubRefused, GitHubUnavailable, UserError
from bot.github.markers import marker_of
from bot.github.pull_urls import parse_pull_url
from tests.github.conftest import World, finding

NO_GRAPHQL = {"status": 500, "times": None}


def _furnish(world: World) -> None:
    """An issue, a label, a review of ours with an answer to it, and a person's comment."""
    sandbox, pull = world.sandbox, world.pull
    issue = sandbox.open_issue("acme/shop", "Spell numbers", "As words.")
    sandbox.edit(pull, body=f"Fixes #{issue.number}")
    sandbox.label(pull, "ready")
    world.connect().publisher.publish(world.ref, world.review(finding()), world.key, attempt=1)
    (thread,) = sandbox.threads(pull)
    sandbox.reply(thread, "Not so.", by="bob")


def test_one_query_and_one_comparison_bring_everything(world: World) -> None:
    _furnish(world)
    before = len(world.sandbox.requests)
    read = world.connect().pulls.read(world.ref)
    assert [call.partition(" ")[0] for call in world.calls(before)] == ["POST", "POST", "GET"]
    review = world.sandbox.reviews(world.pull)[0]  # the other is bob's reply
    (thread,) = read.threads
    (issue,) = read.issues
    assert read == PullRequest(
        ref=world.ref,
        title="Spell twenty",
        body=f"Fixes #{issue.number}",
        author="alice",
        state="open",
        base_branch="main",
        head_branch="fix",
        base_tip=read.merge_base,
        merge_base=read.merge_base,
        head=world.head,
        url=f"{world.sandbox.url}/acme/shop/pull/{world.pull.number}",
        labels=("ready",),
        commits=read.commits,
        issues=(LinkedIssue(issue.number, "Spell numbers", "As words.", issue.url),),
        threads=read.threads,
        reviews=read.reviews,
    )
    assert [commit.message.strip() for commit in read.commits] == ["Spell twenty"]
    assert [(one.id, one.state, one.commit) for one in read.reviews] == [
        (review.id, "COMMENTED", world.head)
    ]
    assert (thread.path, thread.line, thread.resolved) == ("shop/cart.py", 20, False)
    assert [(said.author, said.body, said.ours) for said in thread.comments] == [
        ("plumbline", "Line 20 is a word", True),
        ("bob", "Not so.", False),
    ]


def test_rest_gives_the_same_less_the_threads_ids(world: World) -> None:
    _furnish(world)
    by_graphql = world.connect().pulls.read(world.ref)
    world.sandbox.fail("/graphql$", **NO_GRAPHQL)
    by_rest = world.connect().pulls.read(world.ref)
    (note,) = by_rest.notes
    assert note.startswith("GraphQL did not answer:")
    assert replace(by_rest, notes=()) == replace(
        by_graphql, threads=tuple(replace(one, node_id="") for one in by_graphql.threads)
    )


def test_a_review_is_posted_also_without_graphql(world: World) -> None:
    world.sandbox.fail("/graphql$", **NO_GRAPHQL)
    world.connect().publisher.publish(world.ref, world.review(finding()), world.key, attempt=1)
    assert world.reviews() == [("COMMENTED", "Summary\n- Line 20 is a word")]
    assert len(world.comments()) == 1


def test_a_persons_own_reviews_are_not_taken_for_plumblines(world: World) -> None:
    world.post_as("bob", "/reviews", {"event": "COMMENT", "body": "By hand."})
    github = world.connect_person("bob")
    ref = github.pulls.pull_of_url(f"https://github.com/acme/shop/pull/{world.pull.number}")
    posted = github.publisher.publish(ref, world.review(finding()), world.key, attempt=1)
    assert [review.id for review in github.pulls.read(ref).reviews] == [posted]
    world.sandbox.fail("/graphql$", **NO_GRAPHQL)
    assert [review.id for review in github.pulls.read(ref).reviews] == [posted]


def test_a_person_named_like_the_app_is_not_the_app(world: World) -> None:
    world.sandbox.set_role("acme/shop", "plumbline", "write")
    forged = marker_of(world.key)
    world.sandbox.review(world.pull, "COMMENT", f"Mine! {forged}", by="plumbline")
    assert world.connect().pulls.read(world.ref).reviews == ()
    world.connect().publisher.publish(world.ref, world.review(finding()), world.key, attempt=1)
    assert [one.author.login for one in world.sandbox.reviews(world.pull)] == [
        "plumbline",
        "plumbline[bot]",
    ]


def test_the_organisations_policy_comes_with_the_same_query(world: World) -> None:
    text = "version: 1\n"
    files = {".github/plumbline.yml": text}
    world.sandbox.create_repository("acme/.github", files, private=False)
    assert world.connect().pulls.read(world.ref).organisation_policy == text
    world.sandbox.fail("/graphql$", **NO_GRAPHQL)
    assert world.connect().pulls.read(world.ref).organisation_policy == text


def test_long_conversations_are_read_to_the_end(world: World) -> None:
    remarks = [
        {"path": "shop/cart.py", "line": 20, "side": "RIGHT", "body": f"remark {number}"}
        for number in range(103)
    ]
    world.post_as("bob", "/reviews", {"event": "COMMENT", "body": "Many.", "comments": remarks})
    read = world.connect().pulls.read(world.ref)
    assert len(read.threads) == 103
    assert read.threads[-1].comments[0].body == "remark 102"
    assert read.notes == ()


def test_the_state_of_a_closed_a_merged_and_a_draft_pull_request(world: World) -> None:
    pulls = world.connect().pulls
    draft = world.sandbox.open_pull_request("acme/shop", "wip", {"b.py": "1\n"}, draft=True)
    ref = PullRef(world.ref.repository, draft.number)
    assert pulls.read(ref).draft
    world.sandbox.close(draft)
    assert pulls.read(ref).state == "closed"
    world.sandbox.merge(world.pull)
    assert pulls.read(world.ref).state == "merged"


def test_a_fork_is_told(world: World) -> None:
    fork = world.sandbox.open_pull_request(
        "acme/shop", "theirs", {"b.py": "1\n"}, author="mallory", fork=True
    )
    ref = PullRef(world.ref.repository, fork.number)
    assert world.connect().pulls.read(ref).fork
    world.sandbox.fail("/graphql$", **NO_GRAPHQL)
    assert world.connect().pulls.read(ref).fork


def test_access_is_told_by_role(world: World) -> None:
    pulls = world.connect().pulls
    world.sandbox.set_role("acme/shop", "trevor", "triage")
    world.sandbox.set_role("acme/shop", "mai", "maintain")
    people = ("alice", "bob", "mai", "trevor", "mallory", "nobody-knows-me")
    told = [pulls.access(world.ref, login) for login in people]
    assert told == ["write", "write", "write", "triage", "read", "none"]


def test_policy_files_come_from_the_base_branch_and_the_organisation(world: World) -> None:
    """The head's own file, and other branches', are not looked at."""
    pulls = world.connect().pulls
    assert pulls.policy_files(world.ref) == []
    path, own, shared = ".github/plumbline.yml", "ignore: [a]\n", "ignore: [b]\n"
    world.sandbox.push(world.pull, {path: "ignore: [head]\n"})
    assert pulls.policy_files(world.ref) == []
    world.sandbox.push_to_branch("acme/shop", "main", {path: own})
    world.sandbox.create_repository("acme/.github", {path: shared}, private=False)
    assert pulls.policy_files(world.ref) == [("acme/.github", shared), (path, own)]


def test_a_pull_request_that_is_not_there(world: World) -> None:
    with pytest.raises(GitHubRefused) as raised:
        world.connect().pulls.read(PullRef(world.ref.repository, 404))
    assert raised.value.status == 404


def test_a_graphql_limit_is_waited_for_and_not_worked_around(world: World) -> None:
    body = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    world.sandbox.fail("/graphql$", status=200, body=body)
    with pytest.raises(GitHubUnavailable) as raised:
        world.connect().pulls.read(world.ref)
    assert raised.value.retry_after is not None


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://github.com/acme/shop/pull/5", ("acme/shop", 5)),
        ("https://github.com/acme/shop/pull/5/files#r1", ("acme/shop", 5)),
        (" https://git.acme.example/a-b/c.d/pull/12?w=1 ", ("a-b/c.d", 12)),
    ],
)
def test_addresses_of_pull_requests(url: str, found: tuple[str, int]) -> None:
    assert parse_pull_url(url) == found


@pytest.mark.parametrize(
    "url", ["", "acme/shop#5", "https://github.com/acme/shop/issues/5", "https://x/a/b/pull/0"]
)
def test_what_is_not_an_address_is_named(url: str) -> None:
    with pytest.raises(UserError, match="is not the address of a pull request"):
        parse_pull_url(url)
