"""`make demo`: a whole review on this machine, from a signed webhook to the posted review.

Starts the sandbox GitHub and, as separate processes with nothing but environment variables between
them, the App as anybody would run it (`plumbline serve`). Opens a pull request whose description
promises two things and whose change breaks a caller that it does not touch; waits; prints what was
posted. Without a model the contract checks speak alone, and a recording shows the full method.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sandbox.driving.sandbox import Sandbox
from sandbox.git.files import read_folder
from sandbox.state.checks import CheckRun
from sandbox.state.pulls import PullRequest

EXAMPLE = Path(__file__).with_name("example")
RECORDING = EXAMPLE / "recording.md"
WORK = Path(".demo")
_START_SECONDS = 60.0
_REVIEW_SECONDS = 1_800.0
_WIDTH = 100


class DemoFailed(Exception):
    """The demo cannot go on; the text says why and where to look."""


def main(arguments: list[str] | None = None) -> int:
    """Run the demo. Exit status 0 when a review was posted, 1 when not."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave everything running to play with")
    keep = parser.parse_args(arguments).keep
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        _run(keep)
    except DemoFailed as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _run(keep: bool) -> None:
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir()
    port, secret, model = _free_port(), secrets.token_hex(16), _model()
    hook = f"http://127.0.0.1:{port}/webhooks/github"
    with Sandbox(webhook_url=hook, webhook_secret=secret) as github:
        _say(f"GitHub (sandbox)   {github.url}")
        with _app(github, port, secret, model):
            _say(f"Plumbline          http://127.0.0.1:{port}  (log: {WORK / 'plumbline.log'})")
            _say(f"Model              {model or 'none: contract checks only'}")
            pull = _open(github)
            address = f"{github.url}/{pull.repository.full_name}/pull/{pull.number}"
            _say(f"Pull request       {address}")
            seconds = _wait(github, pull)
            _show(github, pull, seconds)
            if not model and RECORDING.is_file():
                _show_recording()
            _say(f"\nThe page, as a person sees it: {address}")
            if keep:
                _say("Everything keeps running. Mention @plumbline on the page; Ctrl-C ends it.")
                with suppress(KeyboardInterrupt):  # the way to end it, as was just said
                    while True:
                        time.sleep(1)
            else:
                _say("It is gone when this ends; `make demo KEEP=1` leaves it running.")


def _model() -> str:
    """The model to use: the one that is named, or the first that the server offers."""
    named = os.environ.get("PLUMBLINE_MODEL", "")
    base, key = os.environ.get("OPENAI_BASE_URL", ""), os.environ.get("OPENAI_API_KEY", "")
    if named or not (base or key):
        return named
    address = f"{base or 'https://api.openai.com/v1'}/models"
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {key}"})  # noqa: S310 - the operator named it
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:  # noqa: S310
            offered = json.load(answer)["data"]
    except (OSError, ValueError, KeyError) as error:
        raise DemoFailed(
            f"{address} does not list its models ({error}): set PLUMBLINE_MODEL"
        ) from error
    names = [str(entry["id"]) for entry in offered]
    preferred = [name for name in names if re.fullmatch(r"gpt-\d+(\.\d+)?", name)]
    chosen = max(preferred, default=names[0] if names else "")
    if not chosen:
        raise DemoFailed(f"{address} offers no model: set PLUMBLINE_MODEL")
    return chosen


@contextmanager
def _app(github: Sandbox, port: int, secret: str, model: str) -> Iterator[None]:
    """`plumbline serve`, configured as an operator would."""
    environment = {
        **os.environ,
        "PLUMBLINE_GITHUB_APP_ID": str(github.app.id),
        "PLUMBLINE_GITHUB_PRIVATE_KEY": github.app.private_key,
        "PLUMBLINE_WEBHOOK_SECRET": secret,
        "PLUMBLINE_GITHUB_API_URL": github.url,
        "PLUMBLINE_GITHUB_GIT_URL": github.url,
        "PLUMBLINE_DATA_DIR": str((WORK / "data").absolute()),
        "PLUMBLINE_HOST": "127.0.0.1",
        "PLUMBLINE_PORT": str(port),
        "PLUMBLINE_REDIS_URL": "",
        "PLUMBLINE_DATABASE_URL": "",
        "PLUMBLINE_MODEL": model,
    }
    command = [str(Path(sys.executable).with_name("plumbline")), "serve", "--workers", "2"]
    with (WORK / "plumbline.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _await_ready(process, port)
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _await_ready(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            log = (WORK / "plumbline.log").read_text("utf-8", "replace")
            raise DemoFailed(f"plumbline serve ended with {process.returncode}:\n{log[-3000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise DemoFailed(
        f"plumbline serve was not ready in {_START_SECONDS:.0f} s; see {WORK}/plumbline.log"
    )


def _open(github: Sandbox) -> PullRequest:
    wanted = json.loads((EXAMPLE / "pull_request.json").read_text("utf-8"))
    repository = github.create_repository(wanted["repository"], from_folder=EXAMPLE / "base")
    return github.open_pull_request(
        repository,
        wanted["branch"],
        read_folder(EXAMPLE / "change"),
        wanted["title"],
        wanted["body"],
        author=wanted["author"],
    )


def _wait(github: Sandbox, pull: PullRequest) -> float:
    """Seconds from the opened pull request to the completed check; says what the check says."""
    started, said = time.monotonic(), ""
    while time.monotonic() - started < _REVIEW_SECONDS:
        checks = github.checks(pull)
        state = _state(checks[-1]) if checks else ""
        if state and state != said:
            said = state
            _say(f"  {time.monotonic() - started:5.1f} s  check {state}")
        if checks and checks[-1].status == "completed":
            return time.monotonic() - started
        time.sleep(0.05)
    raise DemoFailed(f"no review within {_REVIEW_SECONDS:.0f} s; see {WORK}/plumbline.log")


def _state(check: CheckRun) -> str:
    title = check.output.get("title")
    return f"{check.status}: {title}" if title else check.status


def _show(github: Sandbox, pull: PullRequest, seconds: float) -> None:
    check = github.checks(pull)[-1]
    reviews = github.reviews(pull)
    _rule(f"Posted {seconds:.1f} s after the pull request was opened")
    for thread in github.thread_views(pull):
        for author, body in thread.comments:
            _say(f"{author} on {thread.path}:{thread.line}\n")
            _quote(body)
    for review in reviews:
        _say(f"{review.author.login}, the review's own text\n")
        _quote(review.body)
    _say(f"Check: {check.conclusion}, {check.output.get('title')}")
    if not reviews:
        raise DemoFailed("no review was posted on a pull request that breaks a caller")


def _show_recording() -> None:
    _rule("RECORDING: what the full method, with a model, said of the same pull request")
    _quote(RECORDING.read_text("utf-8"))


def _rule(title: str) -> None:
    _say(f"\n{'=' * _WIDTH}\n{title}\n{'=' * _WIDTH}\n")


def _quote(text: str) -> None:
    """Markdown as it was posted, less what only GitHub sees."""
    shown = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).strip()
    for line in shown.splitlines():
        wrapped = textwrap.wrap(line, _WIDTH - 4, break_long_words=False) or [""]
        _say("\n".join(f"  | {part}" for part in wrapped))
    _say("")


def _say(text: str) -> None:
    print(text, flush=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
