"""The driving API over HTTP, for the demonstration and the pages' forms: `/_sandbox/...`.

It needs no token. A form is answered by a redirect back to its page, JSON by JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from sandbox.bodies.checks import check_run_body
from sandbox.bodies.comments import issue_comment_body, review_body
from sandbox.bodies.pulls import pull_body
from sandbox.errors import NotFound, Refusal
from sandbox.http.call import Answer, Call
from sandbox.http.routes import Handler, Routes
from sandbox.rest.apps import delivery_body
from sandbox.state.checks import CheckRun
from sandbox.state.comments import ReviewComment
from sandbox.state.pulls import PullRequest

if TYPE_CHECKING:
    from sandbox.driving.sandbox import Sandbox

_REPOSITORY = "/_sandbox/repos/{owner}/{repo}"
_PULL = _REPOSITORY + "/pulls/{number:int}"
_COMMENT = "/_sandbox/comments/{id:int}"
Action = Callable[[Call, dict[str, Any]], Any]


def register(route: Routes, github: Sandbox) -> None:
    world = github.world
    people = PeopleEndpoints(github)
    machine = MachineEndpoints(github)
    route("GET", "/_sandbox/revision")(lambda call: Answer(200, {"revision": world.revision}))
    route("GET", "/_sandbox/state")(machine.state)
    route("GET", "/_sandbox/requests")(machine.requests)
    route("GET", "/_sandbox/deliveries")(machine.deliveries)
    route("GET", _PULL)(machine.pull)
    posts: dict[str, Action] = {
        "/_sandbox/repositories": people.create_repository,
        _REPOSITORY + "/issues": people.open_issue,
        _REPOSITORY + "/pulls": people.open_pull_request,
        _REPOSITORY + "/push": people.push_to_branch,
        _PULL + "/push": people.push,
        _PULL + "/comments": people.comment,
        _PULL + "/edit": people.edit,
        _PULL + "/{verb}": people.change,
        _COMMENT + "/replies": people.reply,
        _COMMENT + "/{verb}": people.settle,
        "/_sandbox/checks/{id:int}/rerequest": people.rerequest,
        "/_sandbox/webhook": machine.set_webhook,
        "/_sandbox/ping": machine.ping,
        "/_sandbox/faults": machine.add_fault,
        "/_sandbox/faults/clear": machine.clear_faults,
        "/_sandbox/lag": machine.set_lag,
        "/_sandbox/lose-deliveries": machine.lose_deliveries,
        "/_sandbox/expire-tokens": machine.expire_tokens,
        "/_sandbox/deliveries/{id:int}/redeliver": machine.redeliver,
    }
    for template, action in posts.items():
        route("POST", template)(_acting(action))


def _acting(action: Action) -> Handler:
    """Read a form or JSON, act, answer in kind."""

    def handle(call: Call) -> Answer:
        request = call.request
        is_form = request.header("Content-Type").startswith("application/x-www-form-urlencoded")
        wanted = dict(parse_qsl(request.body.decode())) if is_form else request.json()
        try:
            made = action(call, wanted)
        except (LookupError, TypeError, ValueError) as error:
            raise Refusal(422, f"{type(error).__name__}: {error}") from error
        if is_form:
            back = urlsplit(request.header("Referer")).path or "/"
            return Answer(303, b"", {"Location": back})
        return Answer(201, made if made is not None else {}, {"Content-Type": "application/json"})

    return handle


def _pull(call: Call) -> PullRequest:
    repository = call.world.repositories.find(f"{call.names['owner']}/{call.names['repo']}")
    pull = repository.pulls.get(call.number("number")) if repository else None
    if pull is None:
        raise NotFound
    return pull


class PeopleEndpoints:
    """What people do. Field names are those of `Actions`."""

    def __init__(self, github: Sandbox) -> None:
        self._github = github
        self._verbs: dict[str, Callable[..., Any]] = {
            "close": github.close,
            "reopen": github.reopen,
            "merge": github.merge,
            "ready": github.mark_ready,
            "draft": github.convert_to_draft,
            "enqueue": github.enqueue,
            "rerequest": github.rerequest_all,
        }

    def create_repository(self, call: Call, wanted: dict[str, Any]) -> dict[str, Any]:
        made = self._github.create_repository(wanted.pop("name"), **wanted)
        return {"id": made.id, "full_name": made.full_name}

    def open_issue(self, call: Call, wanted: dict[str, Any]) -> dict[str, Any]:
        made = self._github.open_issue(self._full_name(call), **wanted)
        return {"number": made.number}

    def open_pull_request(self, call: Call, wanted: dict[str, Any]) -> dict[str, Any]:
        pull = self._github.open_pull_request(self._full_name(call), **wanted)
        return pull_body(call.world, pull)

    def push_to_branch(self, call: Call, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"sha": self._github.push_to_branch(self._full_name(call), **wanted)}

    def push(self, call: Call, wanted: dict[str, Any]) -> dict[str, Any]:
        push = self._github.force_push if wanted.pop("force", False) else self._github.push
        return {"sha": push(_pull(call), **wanted)}

    def comment(self, call: Call, wanted: dict[str, Any]) -> dict[str, Any]:
        made = self._github.comment(_pull(call), wanted["body"], by=wanted.get("by", "bob"))
        return issue_comment_body(call.world, made)

    def edit(self, call: Call, wanted: dict[str, Any]) -> None:
        self._github.edit(_pull(call), **wanted)

    def change(self, call: Call, wanted: dict[str, Any]) -> None:
        verb = self._verbs.get(call.names["verb"])
        if verb is None:
            raise NotFound(f"no verb {call.names['verb']!r}; there are {sorted(self._verbs)}")
        verb(_pull(call), by=wanted.get("by", "alice"))

    def reply(self, call: Call, wanted: dict[str, Any]) -> dict[str, Any]:
        by = wanted.get("by", "bob")
        made = self._github.reply(self._review_comment(call), wanted["body"], by=by)
        return {"id": made.id}

    def settle(self, call: Call, wanted: dict[str, Any]) -> None:
        thread, by = self._review_comment(call).thread, wanted.get("by", "alice")
        if call.names["verb"] == "resolve":
            self._github.resolve(thread, by=by)
        elif call.names["verb"] == "unresolve":
            self._github.unresolve(thread, by=by)
        elif call.names["verb"] in ("like", "dislike"):
            content = {"like": "+1", "dislike": "-1"}[call.names["verb"]]
            self._github.react(self._review_comment(call), content, by=by)
        else:
            raise NotFound

    def rerequest(self, call: Call, wanted: dict[str, Any]) -> None:
        run: CheckRun | None = call.world.checks.find_run(call.number("id"))
        if run is None:
            raise NotFound
        self._github.rerequest(run, by=wanted.get("by", "alice"))

    def _full_name(self, call: Call) -> str:
        return f"{call.names['owner']}/{call.names['repo']}"

    def _review_comment(self, call: Call) -> ReviewComment:
        comment = call.world.review_comments.find(call.number("id"))
        if comment is None:
            raise NotFound
        return comment


class MachineEndpoints:
    """What is looked up and switched: state, logs, webhook, faults."""

    def __init__(self, github: Sandbox) -> None:
        self._github = github

    def state(self, call: Call) -> Answer:
        app = self._github.app
        repositories = {
            repository.full_name: sorted(repository.pulls)
            for repository in call.world.repositories.all()
        }
        told = {"id": app.id, "slug": app.slug, "webhook_url": app.webhook_url}
        return Answer(200, {"url": call.world.url, "app": told, "repositories": repositories})

    def pull(self, call: Call) -> Answer:
        """A pull request with everything said about it in public."""
        pull, world = _pull(call), call.world
        threads = [
            {
                "path": view.path,
                "line": view.line,
                "resolved": view.resolved,
                "outdated": view.outdated,
                "comments": [{"by": login, "body": text} for login, text in view.comments],
            }
            for view in self._github.thread_views(pull)
        ]
        reviews = [review_body(world, review) for review in self._github.reviews(pull)]
        comments = [issue_comment_body(world, item) for item in self._github.comments(pull)]
        checks = [check_run_body(world, run) for run in self._github.checks(pull)]
        said = {"reviews": reviews, "threads": threads, "comments": comments, "checks": checks}
        return Answer(200, {"pull_request": pull_body(world, pull), **said})

    def requests(self, call: Call) -> Answer:
        shown = [
            {
                "method": record.method,
                "path": record.path,
                "query": record.query,
                "status": record.status,
                "who": record.who,
                "permissions": record.permissions,
                "body": record.body.decode("utf-8", "replace")[:20_000],
                "at": record.at,
            }
            for record in self._github.requests
        ]
        return Answer(200, shown)

    def deliveries(self, call: Call) -> Answer:
        return Answer(200, [delivery_body(item) for item in self._github.deliveries])

    def set_webhook(self, call: Call, wanted: dict[str, Any]) -> None:
        self._github.app.webhook_url = wanted["url"]

    def ping(self, call: Call, wanted: dict[str, Any]) -> None:
        self._github.ping()

    def add_fault(self, call: Call, wanted: dict[str, Any]) -> None:
        self._github.fail(wanted.pop("path"), **wanted)

    def clear_faults(self, call: Call, wanted: dict[str, Any]) -> None:
        self._github.faults.clear()

    def set_lag(self, call: Call, wanted: dict[str, Any]) -> None:
        self._github.lag(float(wanted["seconds"]))

    def lose_deliveries(self, call: Call, wanted: dict[str, Any]) -> None:
        self._github.lose_deliveries(float(wanted["share"]))

    def expire_tokens(self, call: Call, wanted: dict[str, Any]) -> None:
        self._github.expire_tokens()

    def redeliver(self, call: Call, wanted: dict[str, Any]) -> None:
        for delivery in self._github.deliveries:
            if delivery.id == call.number("id"):
                self._github.redeliver(delivery)
                return
        raise NotFound
