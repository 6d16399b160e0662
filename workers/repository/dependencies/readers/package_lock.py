"""npm's package-lock.json and npm-shrinkwrap.json, versions 1 to 3."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from workers.repository.dependencies.listing import Listing, Locked
from workers.repository.dependencies.readers.package_json import npm_requirements
from workers.repository.dependencies.trees.json_tree import json_tree
from workers.repository.dependencies.trees.node import DEEPEST, Node

_HOSTS = ("registry.npmjs.org", "registry.yarnpkg.com", "")
_MODULES = "node_modules/"


def read_package_lock(text: str) -> Listing:
    """Versions 2 and 3 list packages by folder, version 1 nests them."""
    root = json_tree(text)
    packages = root.at("packages")
    if packages.value is None:
        return Listing("npm", locked=tuple(_nested(root.at("dependencies"), DEEPEST)))
    direct = {
        entry.name
        for path, node in packages.items()
        if _MODULES not in path
        for entry in npm_requirements(node)
    }
    locked = [
        _locked(node.at("name").text or path.rpartition(_MODULES)[2], node)
        for path, node in packages.items()
        if _MODULES in path and node.at("link").text != "true"
    ]
    linked = frozenset(
        path.rpartition(_MODULES)[2] for path, node in packages.items() if node.has("link")
    )
    return Listing("npm", locked=tuple(locked), direct=frozenset(direct), provided=linked)


def _nested(packages: Node, levels: int) -> Iterator[Locked]:
    for name, node in packages.items():
        yield _locked(name, node)
        if levels:
            yield from _nested(node.at("dependencies"), levels - 1)


def _locked(name: str, node: Node) -> Locked:
    version = node.at("version").text
    resolved = node.at("resolved").text or (version if ":" in version else "")
    integrity = node.at("integrity").text
    hashes = (integrity,) if integrity else ()
    return Locked(name, version, node.at("version").line, npm_source(resolved), hashes)


def npm_source(resolved: str) -> str:
    """The origin of a resolved address; "" is the public registry."""
    address = resolved.partition("#")[0]
    if address.startswith(("git", "ssh")):
        return f"git {address.removeprefix('git+')}"
    if address.startswith("file:"):
        return f"path {address.removeprefix('file:')}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = address
    if host in _HOSTS:
        return ""
    return f"git {address}" if host == "codeload.github.com" else f"index {host}"
