"""Clones and fetches, answered by `git http-backend` as GitHub lets them: filters, any SHA.

https://git-scm.com/docs/git-http-backend
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from sandbox.git.command import clean_environment

GIT_PATH = re.compile(
    r"/(?P<owner>[\w.-]+)/(?P<repo>[\w.-]+?)(?:\.git)?"
    r"/(?P<service>info/refs|git-upload-pack|git-receive-pack)"
)
_CONFIG = {
    "uploadpack.allowFilter": "true",
    "uploadpack.allowAnySHA1InWant": "true",
    "http.receivepack": "true",
    "safe.directory": "*",
}


def is_push(service: str, query: str) -> bool:
    return "git-receive-pack" in (service, query.removeprefix("service="))


def serve_git(
    root: Path,
    full_name: str,
    service: str,
    *,
    method: str,
    query: str,
    content_type: str,
    content_encoding: str,
    protocol: str,
    body: bytes,
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one smart HTTP exchange."""
    environment = {
        **clean_environment(),
        "GIT_PROJECT_ROOT": str(root.resolve()),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{full_name}.git/{service}",
        "REQUEST_METHOD": method,
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_CONTENT_ENCODING": content_encoding,
        "GIT_PROTOCOL": protocol,
        "REMOTE_USER": "x-access-token",
        "REMOTE_ADDR": "127.0.0.1",
        "GIT_CONFIG_COUNT": str(len(_CONFIG)),
    }
    for number, (key, value) in enumerate(_CONFIG.items()):
        environment[f"GIT_CONFIG_KEY_{number}"] = key
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    done = subprocess.run(
        ["git", "http-backend"], input=body, env=environment, capture_output=True, check=False
    )
    head, found, content = done.stdout.partition(b"\r\n\r\n")
    if not found:
        return 500, {"Content-Type": "text/plain"}, done.stderr
    status, headers = 200, {}
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(": ")
        if name.lower() == "status":
            status = int(value.split()[0])
        else:
            headers[name] = value
    return status, headers, content
