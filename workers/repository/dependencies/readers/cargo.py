"""Cargo.toml and Cargo.lock (https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workers.repository.dependencies.listing import Listing, Locked, Requirement
from workers.repository.dependencies.readers.pyproject import first_text
from workers.repository.dependencies.trees.node import Node
from workers.repository.dependencies.trees.toml_tree import toml_tree

_SCOPES = {"dependencies": "", "dev-dependencies": "dev", "build-dependencies": "build"}
_CRATES_IO = "github.com/rust-lang/crates.io-index"


def read_cargo_toml(text: str) -> Listing:
    """The package's own, those for one target, and those that members of a workspace may take."""
    root = toml_tree(text)
    tables = [root, *(node for _, node in root.at("target").items())]
    own = [entry for table in tables for entry in _requirements(table)]
    offered = (replace(entry, conditional=True) for entry in _requirements(root.at("workspace")))
    return Listing("cargo", (*own, *offered))


def _requirements(table: Node) -> Iterator[Requirement]:
    for key, scope in _SCOPES.items():
        for alias, node in table.at(key).items():
            name = node.at("package").text or alias
            constraint = node.text or node.at("version").text
            source = _source(node)
            if source.startswith("git "):
                constraint = first_text(node, "rev", "tag", "branch")
            yield Requirement(name, constraint, node.line, scope, source)


def _source(node: Node) -> str:
    if node.at("workspace").text == "true":
        return "path workspace"
    for key in ("git", "path"):
        if node.at(key).text:
            return f"{key} {node.at(key).text}"
    registry = first_text(node, "registry", "registry-index")
    return f"index {registry}" if registry else ""


def read_cargo_lock(text: str) -> Listing:
    """A package without a source is a member of the workspace; what it depends on is direct."""
    packages = list(toml_tree(text).at("package").entries())
    direct = {
        wanted.split(" ", 1)[0]
        for node in packages
        if not node.at("source").text
        for wanted in node.at("dependencies").texts()
    }
    locked = tuple(_locked(node) for node in packages if node.at("source").text)
    members = frozenset(node.at("name").text for node in packages if not node.at("source").text)
    return Listing("cargo", locked=locked, direct=frozenset(direct), provided=members)


def _locked(node: Node) -> Locked:
    kind, _, address = node.at("source").text.partition("+")
    bare, _, commit = address.partition("#")
    version = node.at("version").text
    source = "" if _CRATES_IO in bare or "index.crates.io" in bare else f"index {bare}"
    if kind == "git":
        source, version = f"git {bare.partition('?')[0]}", f"{version} ({commit[:12]})"
    checksum = node.at("checksum").text
    hashes = (f"sha256:{checksum}",) if checksum else ()
    line = node.at("version").line
    return Locked(node.at("name").text, version, line, source, hashes)
