"""A webhook body becomes a small frozen event, or nothing. No dictionary travels further.

Lenient on purpose: only the fields that are read are looked at, since real bodies differ from
every published schema. https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from bot.domain.events import (
    CommentEvent,
    CommentPlace,
    Event,
    InstallationEvent,
    MergeGroupEvent,
    PingEvent,
    PullAction,
    PullRequestEvent,
    RerequestEvent,
    ThreadEvent,
)
from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.jobs import number_in_key
from bot.domain.pull_request import PullRef, RepositoryRef
from bot.webhook.strict_json import MalformedPayload, read_json

Payload = dict[str, Any]

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_PULL_ACTIONS: dict[str, PullAction] = {
    "opened": "opened",
    "reopened": "reopened",
    "ready_for_review": "ready",
    "synchronize": "pushed",
    "closed": "closed",
}


def parse_event(name: str, raw: bytes, app_id: int | None = None) -> Event | None:
    """The event, or None where the program does nothing for it.

    `name` is `X-GitHub-Event`, which the signature does not cover: the body's shape must match it.
    `app_id`: ours; re-run requests for the checks of other Apps are not for us.

    Raises:
        MalformedPayload: the body is not what the event's name says.
    """
    payload = read_json(raw)
    if name in ("check_run", "check_suite"):
        return _rerequest(payload, name, app_id)
    reader = _READERS.get(name)
    return None if reader is None else reader(payload)


def _pull_request(payload: Payload) -> Event | None:
    action = _text(payload, "action")
    pull = _object(payload, "pull_request")
    kind = _edit(payload, pull) if action == "edited" else _PULL_ACTIONS.get(action)
    if kind is None:
        return None
    return PullRequestEvent(
        pull=_pull_ref(payload, _number(pull, "number")),
        action=kind,
        head=_sha(_object(pull, "head"), "sha"),
        draft=pull.get("draft") is True,
        sender=_login(payload),
        updated_at=_text(pull, "updated_at") if pull.get("updated_at") else "",
    )


def _edit(payload: Payload, pull: Payload) -> PullAction | None:
    """What an edit is to us. Bots that write into the descriptions of others promise nothing."""
    changes = payload.get("changes")
    if not isinstance(changes, dict) or pull.get("state") == "closed":
        return None
    if "base" in changes:
        return "retargeted"
    author = pull.get("user")
    own = isinstance(author, dict) and author.get("login") == _login(payload)
    if not {"title", "body"} & changes.keys() or (_is_bot(_object(payload, "sender")) and not own):
        return None
    return "edited"


def _issue_comment(payload: Payload) -> Event | None:
    issue, comment = _object(payload, "issue"), _object(payload, "comment")
    if _text(payload, "action") != "created" or not issue.get("pull_request"):
        return None
    return _comment(payload, _number(issue, "number"), comment, "issue_comment")


def _review_comment(payload: Payload) -> Event | None:
    pull, comment = _object(payload, "pull_request"), _object(payload, "comment")
    if _text(payload, "action") != "created":
        return None
    return _comment(payload, _number(pull, "number"), comment, "review_comment")


def _review(payload: Payload) -> Event | None:
    pull, review = _object(payload, "pull_request"), _object(payload, "review")
    if _text(payload, "action") != "submitted" or not str(review.get("body") or "").strip():
        return None
    return _comment(payload, _number(pull, "number"), review, "review")


def _thread(payload: Payload) -> Event | None:
    """Of bots' threads only: whether it is ours, whoever looks will see."""
    pull, thread = _object(payload, "pull_request"), _object(payload, "thread")
    if _text(payload, "action") not in ("resolved", "unresolved"):
        return None
    comments = thread.get("comments")
    first = comments[0] if isinstance(comments, list) and comments else None
    begun_by_a_bot = isinstance(first, dict) and _written_by_a_bot(first)
    if not begun_by_a_bot or _is_bot(_object(payload, "sender")):
        return None
    return ThreadEvent(_pull_ref(payload, _number(pull, "number")))


def _comment(payload: Payload, number: int, comment: Payload, place: CommentPlace) -> CommentEvent:
    reply = comment.get("in_reply_to_id")
    return CommentEvent(
        pull=_pull_ref(payload, number),
        place=place,
        comment_id=_number(comment, "id"),
        text=comment["body"] if isinstance(comment.get("body"), str) else "",
        sender=_login(payload),
        sender_is_bot=_is_bot(_object(payload, "sender")) or _written_by_a_bot(comment),
        in_reply_to=reply if isinstance(reply, int) else None,
    )


def _is_bot(account: Payload) -> bool:
    return account.get("type") != "User" or _text(account, "login").endswith("[bot]")


def _written_by_a_bot(comment: Payload) -> bool:
    """An App may write in the name of a person: `performed_via_github_app` then names it."""
    author = comment.get("user")
    return bool(comment.get("performed_via_github_app")) or (
        isinstance(author, dict) and _is_bot(author)
    )


def _rerequest(payload: Payload, name: str, app_id: int | None) -> Event | None:
    check = _object(payload, name)
    if _text(payload, "action") != "rerequested":
        return None
    if app_id is None or _object(check, "app").get("id") != app_id:
        return None
    repository = _repository(payload)
    return RerequestEvent(
        repository=repository,
        pulls=tuple(PullRef(repository, number) for number in _numbers(check, repository)),
        head=_sha(check, "head_sha"),
        sender=_login(payload),
    )


def _numbers(check: Payload, repository: RepositoryRef) -> tuple[int, ...]:
    """A check run names its own by the key that we gave it; GitHub lists none that come from forks.

    https://docs.github.com/en/rest/checks/runs ("The Checks API only looks for pushes in the
    repository where the check suite or check run were created.")
    """
    key = check.get("external_id")
    own = number_in_key(key, repository) if isinstance(key, str) else None
    if own is not None:
        return (own,)
    listed = check.get("pull_requests")
    return tuple(_number(pull, "number") for pull in (listed if isinstance(listed, list) else []))


def _merge_group(payload: Payload) -> Event | None:
    group = _object(payload, "merge_group")
    if _text(payload, "action") != "checks_requested":
        return None
    return MergeGroupEvent(_repository(payload), _sha(group, "head_sha"))


def _installation(payload: Payload) -> Event | None:
    words = {
        "created": "added",
        "deleted": "removed",
        "suspend": "suspended",
        "unsuspend": "unsuspended",
    }
    return _installation_event(payload, words, "repositories", whole_account=True)


def _installation_repositories(payload: Payload) -> Event | None:
    action = _text(payload, "action")
    words = {"added": "added", "removed": "removed"}
    return _installation_event(payload, words, f"repositories_{action}", whole_account=False)


def _installation_event(
    payload: Payload, words: dict[str, str], listed: str, whole_account: bool
) -> Event | None:
    installation = _object(payload, "installation")
    action = words.get(_text(payload, "action"))
    if action is None:
        return None
    account = _object(installation, "account")  # other events name the installation's id only
    repositories = payload.get(listed)
    return InstallationEvent(
        installation=InstallationId(_number(installation, "id")),
        account=str(account.get("login") or account.get("slug") or ""),
        action=cast("Any", action),
        repositories=tuple(
            RepositoryId(_number(repository, "id"))
            for repository in (repositories if isinstance(repositories, list) else [])
        ),
        whole_account=whole_account,
    )


def _ping(payload: Payload) -> Event | None:
    _text(payload, "zen")  # a body of another event is not taken for a ping
    return PingEvent()


_READERS: dict[str, Callable[[Payload], Event | None]] = {
    "pull_request": _pull_request,
    "issue_comment": _issue_comment,
    "pull_request_review_comment": _review_comment,
    "pull_request_review": _review,
    "pull_request_review_thread": _thread,
    "merge_group": _merge_group,
    "installation": _installation,
    "installation_repositories": _installation_repositories,
    "ping": _ping,
}

HANDLED_EVENTS = frozenset(_READERS) | {"check_run", "check_suite"}
"""Every event that can start something."""

SUBSCRIBED_EVENTS = HANDLED_EVENTS - {"installation", "installation_repositories", "ping"}
"""What the App must subscribe to, as `app.yml` does. GitHub sends the others without asking:
https://docs.github.com/en/webhooks/webhook-events-and-payloads#installation
"""


def _pull_ref(payload: Payload, number: int) -> PullRef:
    return PullRef(_repository(payload), number)


def _repository(payload: Payload) -> RepositoryRef:
    repository = _object(payload, "repository")
    installation = payload.get("installation")
    return RepositoryRef(
        id=RepositoryId(_number(repository, "id")),
        full_name=_text(repository, "full_name"),
        installation=(
            InstallationId(_number(installation, "id")) if isinstance(installation, dict) else None
        ),
        private=repository.get("private") is not False,
    )


def _login(payload: Payload) -> str:
    return _text(_object(payload, "sender"), "login")


def _object(payload: Payload, key: str) -> Payload:
    value = payload.get(key) if isinstance(payload, dict) else None
    if not isinstance(value, dict):
        raise MalformedPayload(f"{key!r} is not an object")
    return value


def _text(payload: Payload, key: str) -> str:
    value = payload.get(key)
    if not isinstance(value, str):
        raise MalformedPayload(f"{key!r} is not a text")
    return value


def _number(payload: object, key: str) -> int:
    value = payload.get(key) if isinstance(payload, dict) else None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise MalformedPayload(f"{key!r} is not a number")
    return value


def _sha(payload: Payload, key: str) -> Sha:
    value = _text(payload, key)
    if not _SHA.fullmatch(value):
        raise MalformedPayload(f"{key!r} is not a commit id")
    return Sha(value)
