"""From a request to its answer: who asks, which route, and the headers GitHub adds."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace

from sandbox.actions.pushes import branches_moved
from sandbox.caller import Caller, identify
from sandbox.errors import NotFound, Refusal
from sandbox.git.backend import GIT_PATH, is_push, serve_git
from sandbox.http.call import Answer, Call, Request
from sandbox.http.limits import Limits
from sandbox.http.routes import Route, Routes
from sandbox.state.repositories import Repository
from sandbox.state.requests import RequestRecord
from sandbox.state.world import World

_JSON = {"Content-Type": "application/json; charset=utf-8"}


class Gateway:
    """Answers requests. `api` is logged and metered as GitHub's; `site` (pages, the driving
    API) needs no token and leaves no trace in the log."""

    def __init__(self, world: World, api: Routes, site: Routes) -> None:
        self._world = world
        self._api = api
        self._site = site
        self.limits = Limits()

    def answer(self, request: Request) -> Answer:
        found = self._site.find(request.method, request.path)
        if found is not None:
            return self._visit(request, *found)
        caller = Caller()
        try:
            with self._world.lock:
                caller = identify(self._world, request.header("Authorization"))
                self._check_limits(request, caller)
            answer = self._dispatch(request, caller)
        except Refusal as refusal:
            answer = Answer(refusal.status, refusal.body(), refusal.headers)
        answer = self._finished(request, caller, answer)
        self.record(request, caller, answer.status)
        return answer

    def _check_limits(self, request: Request, caller: Caller) -> None:
        if caller.token is not None and not GIT_PATH.fullmatch(request.path):
            writes = request.method != "GET" and not request.path.endswith("/graphql")
            self.limits.check(caller.token.value, self._world.clock.now(), writes=writes)

    def _visit(self, request: Request, route: Route, names: dict[str, str]) -> Answer:
        try:
            with self._world.lock:
                return route.run(Call(self._world, request, Caller(), names))
        except Refusal as refusal:
            return Answer(refusal.status, refusal.body(), dict(_JSON))

    def _dispatch(self, request: Request, caller: Caller) -> Answer:
        if match := GIT_PATH.fullmatch(request.path):
            return self._git(request, caller, **match.groupdict())
        found = self._api.find(request.method, request.path.removeprefix("/api/v3"))
        if found is None:
            raise NotFound
        route, names = found
        with self._world.lock:
            answer = route.run(Call(self._world, request, caller, names))
        if request.method != "GET":
            self._world.touch()
        return answer

    def _git(self, request: Request, caller: Caller, owner: str, repo: str, service: str) -> Answer:
        query = "&".join(f"{name}={value}" for name, value in request.query.items())
        repository = self._git_repository(caller, f"{owner}/{repo}", is_push(service, query))
        before = repository.git.branches()
        status, headers, body = serve_git(
            self._world.root,
            repository.full_name,
            service,
            method=request.method,
            query=query,
            content_type=request.header("Content-Type"),
            content_encoding=request.header("Content-Encoding"),
            protocol=request.header("Git-Protocol"),
            body=request.body,
        )
        if service == "git-receive-pack" and caller.account is not None:
            with self._world.lock:
                branches_moved(self._world, repository, before, caller.account)
        return Answer(status, body, headers)

    def _git_repository(self, caller: Caller, full_name: str, push: bool) -> Repository:
        repository = self._world.repositories.find(full_name)
        if caller.token is None and (repository is None or repository.private or push):
            raise Refusal(401, "Requires authentication")
        if repository is None:
            raise NotFound("Repository not found.")
        caller.require(repository, ("contents",), "write" if push else "read")
        return repository

    def _finished(self, request: Request, caller: Caller, answer: Answer) -> Answer:
        """The answer with request id, rate limit, ETag; 304 where the client has it already."""
        headers = {
            **_JSON,
            "X-GitHub-Request-Id": uuid.uuid4().hex[:20].upper(),
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Api-Version-Selected": "2022-11-28",
            **answer.headers,
        }
        if answer.status == 401 and GIT_PATH.fullmatch(request.path):
            headers["WWW-Authenticate"] = 'Basic realm="GitHub"'
        content = answer.content()
        unchanged = False
        if request.method == "GET" and answer.status == 200:
            digest = hashlib.sha256(content).hexdigest()
            headers["ETag"] = f'W/"{digest}"'
            unchanged = request.header("If-None-Match") == headers["ETag"]
        headers |= self._meter(caller, counts=not unchanged)
        if unchanged:
            return Answer(304, b"", headers)
        return replace(answer, body=content, headers=headers)

    def _meter(self, caller: Caller, *, counts: bool) -> dict[str, str]:
        key = caller.token.value if caller.token else caller.login
        now = self._world.clock.now()
        with self._world.lock:
            if counts:
                self.limits.count(key, now)
            return self.limits.headers(key, now)

    def record(self, request: Request, caller: Caller, status: int) -> None:
        who = self._world.app.slug if caller.is_app else caller.login
        record = RequestRecord(
            request.method,
            request.path,
            dict(request.query),
            request.body,
            who,
            caller.permissions,
            status,
            self._world.clock.now(),
        )
        with self._world.lock:
            self._world.requests.append(record)
        self._world.touch()
