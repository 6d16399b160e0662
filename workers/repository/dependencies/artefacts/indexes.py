"""Where a release's file is, by the API of its index, and which hash it must have.

PyPI: https://docs.pypi.org/api/json/; npm: https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from bot.domain.release import Release
from workers.repository.dependencies.artefacts.download import DownloadRefused
from workers.repository.dependencies.listing import Unreadable
from workers.repository.dependencies.trees.json_tree import json_tree
from workers.repository.dependencies.trees.node import Node

ArchiveKind = Literal["wheel", "sdist", "npm"]

LARGEST_ANSWER = 8_000_000
LARGEST_ARCHIVE = 30_000_000
_NAME = {
    "python": re.compile(r"[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?"),
    "npm": re.compile(r"(@[a-z0-9~-][a-z0-9._~-]{0,99}/)?[a-zA-Z0-9~-][a-zA-Z0-9._~-]{0,199}"),
}
_VERSION = re.compile(r"\d[\w.!+-]{0,99}")


@dataclass(frozen=True, slots=True)
class Archive:
    """A file of a release; `digest` is what its bytes must have, by `algorithm`, in hex."""

    kind: ArchiveKind
    address: str
    algorithm: Literal["sha256", "sha512"]
    digest: str

    def is_made_of(self, content: bytes) -> bool:
        """Whether the bytes are those that were promised."""
        return hashlib.new(self.algorithm, content).hexdigest() == self.digest


def answer_address(base: str, release: Release) -> str:
    """Where the index tells the files of this release.

    Raises:
        DownloadRefused: name or version cannot be those of a release.
    """
    rule = _NAME.get(release.ecosystem)
    if rule is None or not rule.fullmatch(release.package):
        raise DownloadRefused(f"{release.package[:80]!r} is no name that an index has")
    if not _VERSION.fullmatch(release.version):
        raise DownloadRefused(f"{release.version[:80]!r} is no exact version")
    version = quote(release.version, safe="")
    if release.ecosystem == "npm":
        return f"{base.rstrip('/')}/{quote(release.package, safe='@')}/{version}"
    return f"{base.rstrip('/')}/pypi/{release.package}/{version}/json"


def archive_of(release: Release, answer: bytes) -> Archive:
    """The file to compare: one that the lock file's hashes allow, where it has hashes.

    Raises:
        DownloadRefused: the index offers none, or none with a hash that the lock file knows.
    """
    try:
        root = json_tree(answer.decode("utf-8", "replace"))
    except Unreadable as error:
        raise DownloadRefused(f"the index's answer on {release.package}: {error}") from error
    offered = list(_npm(root) if release.ecosystem == "npm" else _pypi(root))
    if not offered:
        raise DownloadRefused(f"the index has no usable file of {_named(release)}")
    locked = {_hex(text) for text in release.hashes} - {("", "")}
    allowed = [one for one in offered if not locked or (one.algorithm, one.digest) in locked]
    if not allowed:
        raise DownloadRefused(
            f"no file that the index has of {_named(release)} bears a hash of the lock file"
        )
    return allowed[0]


def _named(release: Release) -> str:
    return f"{release.package} {release.version}"


def _pypi(root: Node) -> Iterator[Archive]:
    """Wheels before source archives, those for any platform before others."""
    files = [file for file in root.at("urls").entries() if file.at("digests", "sha256").text]

    def rank(file: Node) -> tuple[bool, bool, str]:
        name = file.at("filename").text
        return file.at("packagetype").text != "bdist_wheel", "none-any" not in name, name

    for file in sorted(files, key=rank):
        name, digest = file.at("filename").text, file.at("digests", "sha256").text.lower()
        wheel = name.endswith(".whl") and file.at("packagetype").text == "bdist_wheel"
        if wheel or (file.at("packagetype").text == "sdist" and name.endswith(".tar.gz")):
            kind: ArchiveKind = "wheel" if wheel else "sdist"
            yield Archive(kind, file.at("url").text, "sha256", digest)


def _npm(root: Node) -> Iterator[Archive]:
    address = root.at("dist", "tarball").text
    for integrity in root.at("dist", "integrity").text.split():
        algorithm, digest = _hex(integrity)
        if algorithm == "sha512" and address:
            yield Archive("npm", address, "sha512", digest)


def _hex(text: str) -> tuple[str, str]:
    """`sha256:hex` and `sha512-base64` as (algorithm, hex); ("", "") for any other form."""
    algorithm, colon, digest = text.partition(":")
    if colon and algorithm == "sha256":
        return algorithm, digest.lower()
    algorithm, dash, encoded = text.partition("-")
    if not dash or algorithm not in ("sha256", "sha512"):
        return "", ""
    try:
        return algorithm, base64.b64decode(encoded, validate=True).hex()
    except (binascii.Error, ValueError):
        return "", ""
