"""Pull requests and issues. https://docs.github.com/en/rest/pulls/pulls"""

from __future__ import annotations

from sandbox.actions.pulls import close_pull, edit_pull, merge_pull, open_pull, reopen_pull
from sandbox.bodies.pulls import pull_as_issue_body, pull_body
from sandbox.bodies.repositories import commit_body, file_body, issue_body
from sandbox.errors import Forbidden, Invalid, NotFound, Refusal
from sandbox.http.call import Answer, Call
from sandbox.http.routes import Routes
from sandbox.rest.repositories import diff_answer
from sandbox.state.accounts import at_least
from sandbox.state.pulls import PullRequest

_PULLS = "/repos/{owner}/{repo}/pulls"
_PULL = _PULLS + "/{number:int}"
_MOST_DIFF_FILES = 300
_MOST_DIFF_LINES = 20_000
_MOST_LISTED_FILES = 3000
_MOST_LISTED_COMMITS = 250


def register(route: Routes) -> None:
    route("GET", _PULLS, "pull_requests:read")(list_pulls)
    route("POST", _PULLS, "pull_requests:write")(create_pull)
    route("GET", _PULL, "pull_requests:read")(get_pull)
    route("PATCH", _PULL, "pull_requests:write")(update_pull)
    route("GET", _PULL + "/files", "pull_requests:read")(list_files)
    route("GET", _PULL + "/commits", "pull_requests:read")(list_commits)
    route("PUT", _PULL + "/merge", "contents:write")(merge)
    route("GET", "/repos/{owner}/{repo}/issues/{number:int}", "issues|pull_requests:read")(
        get_issue
    )


def list_pulls(call: Call) -> Answer:
    """Newest first; `state`, `head` (`owner:branch`) and `base` choose."""
    query = call.request.query
    state, head, base = query.get("state", "open"), query.get("head"), query.get("base")

    def chosen(pull: PullRequest) -> bool:
        label = f"{pull.head_repository.owner.login}:{pull.head_ref}"
        return (
            state in ("all", pull.state)
            and (head is None or head == label)
            and (base is None or base == pull.base_ref)
        )

    found = [pull for pull in reversed(call.repository.pulls.values()) if chosen(pull)]
    return call.page([pull_body(call.world, pull, listed=True) for pull in found])


def create_pull(call: Call) -> Answer:
    wanted, repository = call.json(), call.repository
    owner, _, branch = str(wanted.get("head", "")).rpartition(":")
    source = repository
    if owner and owner.lower() != repository.owner.login.lower():
        fork = call.world.repositories.find(f"{owner}/{repository.name}")
        if fork is None:
            raise Invalid("PullRequest", "head", "head is invalid", "invalid")
        source = fork
    pull = open_pull(
        call.world,
        repository,
        source,
        branch,
        title=str(wanted.get("title", "")),
        body=wanted.get("body") or "",
        author=call.me,
        base=str(wanted.get("base", "")),
        draft=bool(wanted.get("draft")),
        labels=[],
    )
    return Answer(201, pull_body(call.world, pull))


def get_pull(call: Call) -> Answer:
    pull = call.pull
    if call.request.accepts("diff"):
        return diff_answer(pull_diff(pull))
    if call.request.accepts("patch"):
        changes = pull.repository.changes
        return diff_answer(changes.patches(pull.merge_base(), pull.head_sha), "patch")
    return Answer(200, pull_body(call.world, pull))


def pull_diff(pull: PullRequest) -> bytes:
    """The diff, unless it is longer than GitHub is willing to give: 406."""
    diff = pull.repository.changes.diff(pull.merge_base(), pull.head_sha)
    counts = {
        "files": (len(pull.files()), _MOST_DIFF_FILES),
        "lines": (diff.count(b"\n"), _MOST_DIFF_LINES),
    }
    for what, (count, most) in counts.items():
        if count > most:
            raise Refusal(
                406,
                f"Sorry, the diff exceeded the maximum number of {what} ({most}). Consider using "
                "'List pull requests files' API or locally cloning the repository instead.",
                [{"resource": "PullRequest", "field": "diff", "code": "too_large"}],
            )
    return diff


def update_pull(call: Call) -> Answer:
    pull, wanted, me = call.pull, call.json(), call.me
    may = me is pull.author or at_least(pull.repository.role_of(me.login), "write")
    if not (may or call.caller.is_installation):
        raise Forbidden("Must have write access to the repository.")
    state = wanted.get("state")
    if state not in (None, "open", "closed"):
        raise Invalid("PullRequest", "state", f"{state} is not a valid state", "invalid")
    edit_pull(
        call.world,
        pull,
        me,
        title=wanted.get("title"),
        body=wanted.get("body"),
        base=wanted.get("base"),
    )
    if state == "closed":
        close_pull(call.world, pull, me)
    elif state == "open":
        reopen_pull(call.world, pull, me)
    return Answer(200, pull_body(call.world, pull))


def merge(call: Call) -> Answer:
    sha = merge_pull(call.world, call.pull, call.me)
    return Answer(200, {"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def list_files(call: Call) -> Answer:
    pull = call.pull
    files = pull.files()[:_MOST_LISTED_FILES]
    world, repository = call.world, pull.repository
    return call.page([file_body(world, repository, item, pull.head_sha) for item in files])


def list_commits(call: Call) -> Answer:
    pull = call.pull
    commits = pull.commits()[:_MOST_LISTED_COMMITS]
    return call.page([commit_body(call.world, pull.repository, item) for item in commits])


def get_issue(call: Call) -> Answer:
    repository, number = call.repository, call.number("number")
    if number in repository.pulls:
        return Answer(200, pull_as_issue_body(call.world, repository.pulls[number]))
    if number in repository.issues:
        call.caller.require(repository, ("issues",), "read")
        return Answer(200, issue_body(call.world, repository, repository.issues[number]))
    raise NotFound
