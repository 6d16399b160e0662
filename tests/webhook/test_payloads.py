"""Bodies become small events; whatever else a body is, it is refused in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.events import (
    CommentEvent,
    Event,
    InstallationEvent,
    MergeGroupEvent,
    PingEvent,
    PullRequestEvent,
    RerequestEvent,
    ThreadEvent,
)
from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.webhook.payloads import HANDLED_EVENTS, parse_event
from bot.webhook.strict_json import MalformedPayload
from tests.webhook.bodies import APP_ID, base, comment, dumped, pull_request, real

SHOP = RepositoryRef(RepositoryId(7), "acme/shop", InstallationId(3))
HELLO = RepositoryRef(RepositoryId(186853002), "Codertocat/Hello-World", None, private=False)


def test_a_real_opened_body() -> None:
    assert parse_event("pull_request", real("pull_request.opened")) == PullRequestEvent(
        pull=PullRef(HELLO, 2),
        action="opened",
        head=Sha("ec26c3e57ca3a959ca5aad62de7213c562f8c821"),
        draft=False,
        sender="Codertocat",
        updated_at="2019-05-15T15:20:33Z",
    )


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("pull_request.reopened", "reopened"),
        ("pull_request.ready_for_review", "ready"),
        ("pull_request.synchronize", "pushed"),
        ("pull_request.closed", "closed"),
    ],
)
def test_other_real_actions(name: str, action: str) -> None:
    event = parse_event("pull_request", real(name))
    assert isinstance(event, PullRequestEvent)
    assert event.action == action


def test_a_fork_head_is_read_like_any_other() -> None:
    assert parse_event("pull_request", dumped(pull_request("synchronize"))) == PullRequestEvent(
        PullRef(SHOP, 12), "pushed", Sha("a" * 40), False, "ann", "2026-01-01T00:00:00Z"
    )


@pytest.mark.parametrize(
    ("changed", "action"),
    [
        ({"title": {"from": "x"}}, "edited"),
        ({"body": {"from": "x"}}, "edited"),
        ({"base": {"ref": {"from": "main"}}}, "retargeted"),
        ({"base": {"ref": {"from": "main"}}, "title": {"from": "x"}}, "retargeted"),
        ({"milestone": {"from": "x"}}, None),
        ({}, None),
    ],
)
def test_an_edit_counts_when_it_changes_words_or_the_base_branch(
    changed: dict[str, Any], action: str | None
) -> None:
    edit = pull_request("edited", changes=changed)
    event = parse_event("pull_request", dumped(edit))
    assert getattr(event, "action", None) == action
    edit["pull_request"]["state"] = "closed"
    assert parse_event("pull_request", dumped(edit)) is None


def test_a_bot_promises_something_in_its_own_pull_request_only() -> None:
    """Others write summaries into the descriptions of people."""
    edit = pull_request("edited", changes={"body": {"from": "x"}})
    edit["sender"] = {"login": "helper[bot]", "type": "Bot"}
    assert parse_event("pull_request", dumped(edit)) is None
    edit["pull_request"]["user"] = edit["sender"]
    assert getattr(parse_event("pull_request", dumped(edit)), "action", None) == "edited"


@pytest.mark.parametrize("action", ["converted_to_draft", "labeled", "assigned", "locked", "new"])
def test_other_actions_are_nothing_to_us(action: str) -> None:
    assert parse_event("pull_request", dumped(pull_request(action))) is None


BOT = {"login": "plumbline[bot]", "type": "Bot"}
ANN = {"login": "ann", "type": "User"}


def thread(action: str, begun_by: dict[str, str], sender: dict[str, str] = ANN) -> bytes:
    """As GitHub sends it when somebody presses "Resolve conversation"."""
    said = [{"id": 5, "user": begun_by, "body": "x"}, {"id": 6, "user": ANN, "body": "y"}]
    payload = {
        **base(action),
        "pull_request": {"number": 12},
        "thread": {"node_id": "PRRT_1", "comments": said},
        "sender": sender,
    }
    return dumped(payload)


@pytest.mark.parametrize("action", ["resolved", "unresolved"])
def test_a_person_closes_or_opens_a_thread_that_a_bot_began(action: str) -> None:
    event = parse_event("pull_request_review_thread", thread(action, BOT))
    assert event == ThreadEvent(PullRef(SHOP, 12))


def test_other_threads_and_what_bots_close_are_nothing_to_us() -> None:
    bodies = [thread("resolved", ANN), thread("resolved", BOT, sender=BOT), thread("pinned", BOT)]
    assert [parse_event("pull_request_review_thread", body) for body in bodies] == [None] * 3


def test_a_thread_without_comments_is_nobodys() -> None:
    for comments in ([], None, "x", [None]):
        body = {
            **base("resolved"),
            "pull_request": {"number": 12},
            "thread": {"comments": comments},
        }
        assert parse_event("pull_request_review_thread", dumped(body)) is None


def test_a_comment_on_a_pull_request() -> None:
    assert parse_event("issue_comment", dumped(comment("@plumbline review"))) == CommentEvent(
        PullRef(SHOP, 12), "issue_comment", 501, "@plumbline review", "ann", sender_is_bot=False
    )


def test_a_real_comment_on_an_issue_is_nothing_to_us() -> None:
    assert parse_event("issue_comment", real("issue_comment.created")) is None


@pytest.mark.parametrize("action", ["edited", "deleted"])
def test_nor_is_an_edited_comment(action: str) -> None:
    assert parse_event("issue_comment", dumped({**comment("hi"), "action": action})) is None


@pytest.mark.parametrize(
    ("sender", "kind"), [("dependabot[bot]", "Bot"), ("renovate[bot]", "User"), ("ci", "Bot")]
)
def test_bots_are_known_as_such(sender: str, kind: str) -> None:
    event = parse_event("issue_comment", dumped(comment("@plumbline review", sender, kind)))
    assert isinstance(event, CommentEvent)
    assert event.sender_is_bot


def test_an_app_that_writes_in_the_name_of_a_person_is_a_bot() -> None:
    body = comment("@plumbline review")
    body["comment"]["performed_via_github_app"] = {"id": 5}
    event = parse_event("issue_comment", dumped(body))
    assert isinstance(event, CommentEvent)
    assert event.sender_is_bot


def test_real_review_comments_and_reviews() -> None:
    first = parse_event("pull_request_review_comment", real("pull_request_review_comment.created"))
    assert first == CommentEvent(
        PullRef(HELLO, 2),
        "review_comment",
        284312630,
        "Maybe you should use more emoji on this line.",
        "Codertocat",
        sender_is_bot=False,
    )
    assert parse_event("pull_request_review", real("pull_request_review.submitted")) is None


def test_an_answer_in_a_thread_names_its_first_comment() -> None:
    body = {
        **pull_request("created"),
        "comment": {
            "id": 502,
            "body": "no",
            "in_reply_to_id": 501,
            "user": {"login": "ann", "type": "User"},
        },
    }
    event = parse_event("pull_request_review_comment", dumped(body))
    assert isinstance(event, CommentEvent)
    assert (event.comment_id, event.in_reply_to) == (502, 501)


def test_a_review_with_words_is_a_comment() -> None:
    words = {
        **pull_request("submitted"),
        "review": {"id": 9, "body": "@plumbline why?", "user": None},
    }
    event = parse_event("pull_request_review", dumped(words))
    assert isinstance(event, CommentEvent)
    assert (event.place, event.comment_id, event.text) == ("review", 9, "@plumbline why?")


@pytest.mark.parametrize("name", ["check_run", "check_suite"])
def test_only_our_own_checks_are_run_again(name: str) -> None:
    check = {
        "head_sha": "b" * 40,
        "app": {"id": APP_ID},
        "pull_requests": [{"number": 12}, {"number": 13}],
    }
    body = dumped({**base("rerequested"), name: check})
    assert parse_event(name, body, APP_ID) == RerequestEvent(
        SHOP, (PullRef(SHOP, 12), PullRef(SHOP, 13)), Sha("b" * 40), "ann"
    )
    assert parse_event(name, body, APP_ID + 1) is None
    assert parse_event(name, body, None) is None
    assert parse_event(name, real(f"{name}.rerequested"), APP_ID) is None


def test_a_check_run_names_its_pull_request_by_the_key_that_we_gave_it() -> None:
    key = f"3/7/12/{'b' * 40}/auto"
    check = {"head_sha": "b" * 40, "app": {"id": APP_ID}, "external_id": key, "pull_requests": []}
    body = dumped({**base("rerequested"), "check_run": check})
    event = parse_event("check_run", body, APP_ID)
    assert event == RerequestEvent(SHOP, (PullRef(SHOP, 12),), Sha("b" * 40), "ann")


def test_a_merge_group() -> None:
    event = parse_event("merge_group", real("merge_group.checks_requested"))
    assert isinstance(event, MergeGroupEvent)
    assert len(event.head) == 40


def test_installations() -> None:
    created = parse_event("installation", real("installation.created"))
    deleted = parse_event("installation", real("installation.deleted"))
    assert isinstance(created, InstallationEvent)
    assert isinstance(deleted, InstallationEvent)
    assert (created.action, deleted.action, deleted.whole_account) == ("added", "removed", True)
    removed = parse_event("installation_repositories", real("installation_repositories.removed"))
    assert isinstance(removed, InstallationEvent)
    assert (removed.action, removed.whole_account, len(removed.repositories)) == (
        "removed",
        False,
        1,
    )


def test_a_deleted_comment_sent_as_an_uninstallation_is_refused() -> None:
    """Its body is signed by GitHub too; only an installation's own body names the account."""
    for name, action in (("installation", "deleted"), ("installation_repositories", "removed")):
        with pytest.raises(MalformedPayload, match="'account' is not an object"):
            parse_event(name, dumped({**comment("hi"), "action": action}))


def test_ping_and_unknown_events() -> None:
    assert parse_event("ping", real("ping")) == PingEvent()
    assert parse_event("star", dumped({"action": "created"})) is None


DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "the body is not JSON"),
        (b"\xff{}", "the body is not UTF-8"),
        ('{"action": "opened"}'.encode("utf-16"), "the body is not UTF-8"),
        (b"[]", "the body is not an object"),
        (b"null", "the body is not an object"),
        (DEEP, "the body is nested too deeply"),
        (b"[" * 100_000, "the body is nested too deeply"),
        (b'{"a": NaN}', "the body holds NaN"),
        (b'{"a": -Infinity}', "the body holds -Infinity"),
        (b'{"a": ' + b"9" * 5000 + b"}", "the body holds a number with too many digits"),
        (b'{"a": 1, "a": 2}', "the body gives a key twice"),
        (b'{"a": "\\ud800"}', "the body holds a lone surrogate"),
        (b'{"\\udfff": 1}', "the body holds a lone surrogate"),
        (dumped(comment("hi")), "'pull_request' is not an object"),
        (dumped(pull_request("opened", sha="main")), "'sha' is not a commit id"),
        (dumped({**pull_request("opened"), "sender": None}), "'sender' is not an object"),
        (dumped({**pull_request("opened"), "action": 1}), "'action' is not a text"),
    ],
)
def test_what_is_malformed_is_said(body: bytes, why: str) -> None:
    with pytest.raises(MalformedPayload) as refused:
        parse_event("pull_request", body)
    assert str(refused.value) == why


def test_the_events_header_is_not_believed() -> None:
    """The signature does not cover it: a comment sent as something else is no event."""
    body = dumped(comment("@plumbline review"))
    other = HANDLED_EVENTS - {"issue_comment", "installation_repositories"}
    for name in sorted(other):
        with pytest.raises(MalformedPayload):
            parse_event(name, body, APP_ID)
    assert parse_event("installation_repositories", body) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(name=st.sampled_from(sorted(HANDLED_EVENTS)), path=st.integers(0, 30), value=JSON)
def test_any_value_in_any_place_is_an_event_or_refused(name: str, path: int, value: Any) -> None:  # noqa: ANN401
    body = {
        **pull_request("opened"),
        **comment("@plumbline"),
        name: {
            "id": 1,
            "head_sha": "a" * 40,
            "app": {"id": APP_ID},
            "pull_requests": [{"number": 1}],
        },
        "review": {"id": 1, "body": "x"},
        "zen": "x",
    }
    places = list(_places(body))
    holder, key = places[path % len(places)]
    holder[key] = value
    try:
        event: Event | None = parse_event(name, json.dumps(body).encode(), APP_ID)
    except MalformedPayload:
        return
    assert event is None or isinstance(event, Event)


def _places(body: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    found = []
    for key, value in body.items():
        found.append((body, key))
        if isinstance(value, dict):
            found += _places(value)
    return found
