"""The routes of the pages. Templates get whole views; they only draw."""

from __future__ import annotations

import re
import time
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

from sandbox.errors import NotFound
from sandbox.http.call import Answer, Call, html
from sandbox.http.routes import Routes
from sandbox.rest.pulls import pull_diff
from sandbox.state.pulls import PullRequest
from sandbox.state.repositories import Repository
from sandbox.web.markdown import render
from sandbox.web.views import PullView

_FOLDER = Path(__file__).with_name("templates")
_ICONS = {
    "success": "✓",
    "failure": "✕",
    "neutral": "◻",
    "cancelled": "⊘",
    "skipped": "⊘",
    "timed_out": "✕",
    "action_required": "!",
}


def register(route: Routes) -> None:
    route("GET", "/")(index)
    route("GET", "/_sandbox/style.css")(style)
    route("GET", "/{owner}/{repo}/pull/{number:int}")(conversation)
    route("GET", "/{owner}/{repo}/pull/{number:int}.diff")(diff)
    route("GET", "/{owner}/{repo}/pull/{number:int}/files")(files)
    route("GET", "/{owner}/{repo}/pull/{number:int}/checks")(checks)
    route("GET", "/{owner}/{repo}/runs/{id:int}")(check_run)
    route("GET", "/{owner}/{repo}/issues/{number:int}")(issue)
    route("GET", "/{owner}/{repo}/blob/{ref}/{path:path}")(blob)
    route("GET", "/{owner}/{repo}")(repository_page)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"ago": ago, "slug": _slug, "urlquote": quote}
    environment.globals["check_icon"] = lambda run: _ICONS.get(run.conclusion or "", "●")
    return environment


def ago(then: float) -> str:
    """A moment as a person says it."""
    seconds = max(0, int(time.time() - then))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def _slug(path: str) -> str:
    return "file-" + re.sub(r"[^A-Za-z0-9]+", "-", path)


def _page(call: Call, template: str, **values: Any) -> Answer:
    people = [account.login for account in call.world.accounts.people()]
    shared = {"world": call.world, "people": people, "revision": call.world.revision}
    return html(_templates().get_template(template).render(**shared, **values))


def _repository(call: Call) -> Repository:
    """Pages show private repositories too: whoever runs this GitHub may see all of it."""
    name = f"{call.names['owner']}/{call.names['repo'].removesuffix('.git')}"
    found = call.world.repositories.find(name)
    if found is None:
        raise NotFound
    return found


def _pull(call: Call) -> PullRequest:
    found = _repository(call).pulls.get(call.number("number"))
    if found is None:
        raise NotFound
    return found


def style(call: Call) -> Answer:
    css = (_FOLDER / "style.css").read_text("utf-8")
    return Answer(200, css.encode(), {"Content-Type": "text/css; charset=utf-8"})


def index(call: Call) -> Answer:
    return _page(call, "index.html", repositories=call.world.repositories.all())


def repository_page(call: Call) -> Answer:
    repository = _repository(call)
    git = repository.git
    tip = git.tip(repository.default_branch)
    paths = [entry.path for entry in git.entries(tip, "")] if tip else []
    if tip:
        listing = git.text("ls-tree", "-r", "-z", "--name-only", tip)
        paths = [path for path in listing.split("\0") if path]
    readme = git.read_file(tip, "README.md") if tip else None
    return _page(
        call,
        "repository.html",
        repository=repository,
        pulls=list(reversed(repository.pulls.values())),
        paths=paths,
        tip=tip,
        readme=render(readme.decode("utf-8", "replace")) if readme else None,
    )


def conversation(call: Call) -> Answer:
    view = PullView(call.world, _pull(call))
    return _page(call, "conversation.html", view=view, pull=view.pull, tab="conversation")


def files(call: Call) -> Answer:
    view = PullView(call.world, _pull(call))
    return _page(call, "files.html", view=view, pull=view.pull, tab="files")


def checks(call: Call) -> Answer:
    view = PullView(call.world, _pull(call))
    return _page(call, "checks.html", view=view, pull=view.pull, tab="checks")


def check_run(call: Call) -> Answer:
    """A check run's own address leads to the checks of its pull request."""
    repository, run = _repository(call), call.world.checks.find_run(call.number("id"))
    for pull in repository.pulls.values():
        if run is not None and pull.head_sha == run.head_sha:
            target = f"/{repository.full_name}/pull/{pull.number}/checks#run-{run.id}"
            return Answer(302, b"", {"Location": target})
    raise NotFound


def diff(call: Call) -> Answer:
    kind = {"Content-Type": "text/plain; charset=utf-8"}
    return Answer(200, pull_diff(_pull(call)), kind)


def issue(call: Call) -> Answer:
    repository, number = _repository(call), call.number("number")
    if number in repository.pulls:
        target = f"/{repository.full_name}/pull/{number}"
        return Answer(302, b"", {"Location": target})
    found = repository.issues.get(number)
    if found is None:
        raise NotFound
    comments = [
        (comment, render(comment.body))
        for comment in call.world.issue_comments.of(repository, number)
    ]
    return _page(
        call,
        "issue.html",
        repository=repository,
        issue=found,
        body=render(found.body),
        comments=comments,
    )


def blob(call: Call) -> Answer:
    """A file at a commit, with line numbers; the page's script marks the lines of `#L1-L3`."""
    repository, path, ref = _repository(call), call.names["path"], call.names["ref"]
    commit = repository.git.resolve(ref)
    content = repository.git.read_file(commit, path) if commit else None
    if content is None:
        raise NotFound
    binary = b"\0" in content[:8000]
    text = "" if binary else content.decode("utf-8", "replace")
    return _page(
        call,
        "blob.html",
        repository=repository,
        path=path,
        commit=commit,
        binary=binary,
        size=len(content),
        lines=[] if binary else _highlighted(path, text),
    )


def _highlighted(path: str, text: str) -> list[str]:
    """One piece of HTML for each line; a token never spans two of them."""
    try:
        lexer = get_lexer_for_filename(path, stripnl=False, ensurenl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False, ensurenl=False)
    drawn = highlight(text.removesuffix("\n"), lexer, HtmlFormatter(nowrap=True))
    return str(drawn).removesuffix("\n").split("\n")
