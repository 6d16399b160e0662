"""A package index on localhost, with PyPI's JSON API and npm's, and hand-made packages."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Sources = Mapping[str, str]


def zipped(files: Sources) -> bytes:
    """A wheel of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return made.getvalue()


def tarred(files: Sources, change: Callable[[tarfile.TarInfo], None] | None = None) -> bytes:
    """A `.tar.gz` of these files; `change` may turn a member into something else."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(text.encode())
            if change is not None:
                change(member)
            archive.addfile(member, io.BytesIO(text.encode()) if member.isreg() else None)
    return gzip.compress(made.getvalue())


class PackageIndex:
    """Serves what the test put in; `asked` are the paths of all requests, in order."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}

    def serve(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        """Answer this path; its address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, named, body)
        return f"{self.address}{path}"

    def python(self, name: str, version: str, content: bytes, kind: str = "bdist_wheel") -> str:
        """Release a Python package; its `sha256:...`."""
        suffix = "-py3-none-any.whl" if kind == "bdist_wheel" else ".tar.gz"
        digest = hashlib.sha256(content).hexdigest()
        file = f"{name}-{version}{suffix}"
        url = self.serve(f"/files/{file}", content)
        told = {"packagetype": kind, "filename": file, "url": url, "digests": {"sha256": digest}}
        self.serve(f"/pypi/{name}/{version}/json", json.dumps({"urls": [told]}).encode())
        return f"sha256:{digest}"

    def npm(self, name: str, version: str, files: Sources) -> str:
        """Release an npm package; its `sha512-...`."""
        content = tarred({f"package/{path}": text for path, text in files.items()})
        integrity = f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}"
        url = self.serve(f"/files/{name}-{version}.tgz", content)
        told = {"dist": {"tarball": url, "integrity": integrity}}
        self.serve(f"/{name.replace('/', '%2F')}/{version}", json.dumps(told).encode())
        return integrity


@contextmanager
def package_index() -> Iterator[PackageIndex]:
    """A running index of its own port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            index.asked.append(self.path)
            status, headers, body = index.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    index = PackageIndex(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
