"""`python -m sandbox serve`: a GitHub on localhost until it is interrupted."""

from __future__ import annotations

import json
import signal
import sys
import threading
from argparse import ArgumentParser, Namespace
from pathlib import Path

from sandbox.driving.sandbox import Sandbox


def _arguments(arguments: list[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m sandbox", description=__doc__)
    serve = parser.add_subparsers(dest="command", required=True).add_parser("serve")
    serve.add_argument("--port", type=int, default=4010, help="0 takes any free one")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--webhook-url", help="where the App receives its events")
    serve.add_argument("--webhook-secret", default="a-webhook-secret")
    serve.add_argument("--slug", default="plumbline", help="the App's slug, its handle")
    serve.add_argument("--key-file", type=Path, help="write the App's private key there")
    serve.add_argument(
        "--repository",
        action="append",
        default=[],
        metavar="OWNER/NAME=FOLDER",
        help="create a repository from a folder's files; may be repeated",
    )
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Serve; prints one line of JSON with the address once it is ready."""
    wanted = _arguments(arguments)
    github = Sandbox(
        port=wanted.port,
        host=wanted.host,
        webhook_url=wanted.webhook_url,
        webhook_secret=wanted.webhook_secret,
        slug=wanted.slug,
    )
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    if wanted.key_file is not None:
        wanted.key_file.touch(mode=0o600)
        wanted.key_file.write_text(github.app.private_key, "utf-8")
    with github:
        for pair in wanted.repository:
            name, _, folder = pair.partition("=")
            github.create_repository(name, from_folder=folder)
        sys.stdout.write(json.dumps({"url": github.url, "app_id": github.app.id}) + "\n")
        sys.stdout.flush()
        stopped.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
