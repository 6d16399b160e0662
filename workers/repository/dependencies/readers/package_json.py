"""npm's package.json (https://docs.npmjs.com/cli/configuring-npm/package-json)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from workers.repository.dependencies.listing import Listing, Requirement
from workers.repository.dependencies.trees.json_tree import json_tree
from workers.repository.dependencies.trees.node import Node

SCOPES = {
    "dependencies": "",
    "optionalDependencies": "optional",
    "peerDependencies": "peer",
    "devDependencies": "dev",
}
DESCRIPTOR = re.compile(r"^((?:@[^@/]+/)?[^@]+)@(.*)$", re.DOTALL)
"""`name@range` or `name@version`, the name with its scope."""
_HOSTED = re.compile(r"^(?:github:|gitlab:|bitbucket:)?([\w.-]+/[\w.-]+)(?:#(.*))?$")


def read_package_json(text: str) -> Listing:
    """All four kinds of dependencies; `packageManager` and overrides are not dependencies."""
    root = json_tree(text)
    overridden = any(node.has("overrides") for node in (root, root.at("pnpm")))
    overridden = overridden or root.has("resolutions")
    members = root.has("workspaces")  # of which one may be asked for like any package
    found = (replace(entry, conditional=members) for entry in npm_requirements(root))
    return Listing("npm", tuple(found), overridden=overridden)


def npm_requirements(package: Node) -> Iterator[Requirement]:
    """The dependencies of one package, as package.json and package-lock.json write them."""
    for key, scope in SCOPES.items():
        for name, node in package.at(key).items():
            yield npm_requirement(name, node.text, node.line, scope)


def npm_requirement(name: str, written: str, line: int, scope: str = "") -> Requirement:
    """Tells a range from `file:`, `workspace:`, `npm:other@1`, git and tarball addresses."""
    constraint, source = _by_protocol(written) or _by_address(written) or (written, "")
    return Requirement(name, constraint, line, scope, source)


def _by_protocol(written: str) -> tuple[str, str] | None:
    """(constraint, source) of `protocol:rest`, of those that package managers know."""
    protocol, colon, rest = written.partition(":")
    if not colon:
        return None
    if protocol in ("file", "link", "portal"):
        return "", f"path {rest}"
    if protocol == "workspace":
        return "", "path workspace"
    if protocol == "catalog":
        return "", "catalog"
    return (rest, f"{protocol} {rest}") if protocol in ("npm", "patch", "jsr") else None


def _by_address(written: str) -> tuple[str, str] | None:
    """(revision, source) of an address, or of the short form of a hosted repository."""
    address, _, ref = written.partition("#")
    if "://" in written or written.startswith("git@"):
        git = written.startswith(("git", "ssh")) or address.endswith(".git")
        return ref, f"{'git' if git else 'url'} {address.removeprefix('git+')}"
    return (ref, f"git {address}") if _HOSTED.match(written) else None
