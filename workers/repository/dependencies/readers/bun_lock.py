"""bun.lock, Bun's text lock file (https://bun.sh/docs/install/lockfile); bun.lockb is binary."""

from __future__ import annotations

from workers.repository.dependencies.listing import Listing, Locked
from workers.repository.dependencies.readers.package_json import DESCRIPTOR, npm_requirements
from workers.repository.dependencies.readers.package_lock import npm_source
from workers.repository.dependencies.trees.json_tree import json_tree
from workers.repository.dependencies.trees.node import Node


def read_bun_lock(text: str) -> Listing:
    """Each package is a list: `name@version`, then the registry, its facts and the hash."""
    root = json_tree(text)
    direct = {
        entry.name
        for _, workspace in root.at("workspaces").items()
        for entry in npm_requirements(workspace)
    }
    locked = [
        read for _, node in root.at("packages").items() if (read := _locked(node)) is not None
    ]
    names = (workspace.at("name").text for _, workspace in root.at("workspaces").items())
    return Listing("npm", locked=tuple(locked), direct=frozenset(direct), provided=frozenset(names))


def _locked(node: Node) -> Locked | None:
    parts = list(node.entries())
    found = DESCRIPTOR.match(parts[0].text) if parts else None
    if found is None or found[2].startswith(("workspace:", "link:", "file:")):
        return None
    name, version = found[1], found[2]
    registry = parts[1].text if len(parts) > 1 else ""
    source = f"index {registry}" if registry else ""
    if version.startswith(("git", "github:", "http")):
        source, version = npm_source(version), version.partition("#")[2]
    hashes = tuple(part.text for part in parts[1:] if part.text.startswith("sha"))
    return Locked(name, version, node.line, source, hashes)
