"""Composer's composer.json and composer.lock (https://getcomposer.org/doc/04-schema.md)."""

from __future__ import annotations

from collections.abc import Iterator

from workers.repository.dependencies.listing import Listing, Locked, Requirement
from workers.repository.dependencies.trees.json_tree import json_tree
from workers.repository.dependencies.trees.node import Node


def read_composer_json(text: str) -> Listing:
    """`require` and `require-dev`; PHP itself and its extensions are the platform."""
    root = json_tree(text)
    found = [
        Requirement(name.lower(), node.text, node.line, scope)
        for key, scope in (("require", ""), ("require-dev", "dev"))
        for name, node in root.at(key).items()
        if "/" in name
    ]
    return Listing("composer", tuple(found))


def read_composer_lock(text: str) -> Listing:
    """`packages` and `packages-dev`, with the namespaces that each loads."""
    root = json_tree(text)
    nodes = (*root.at("packages").entries(), *root.at("packages-dev").entries())
    provided = frozenset(
        name.lower()
        for node in nodes
        for key in ("provide", "replace")
        for name, _ in node.at(key).items()
    )
    return Listing("composer", locked=tuple(_locked(node) for node in nodes), provided=provided)


def _locked(node: Node) -> Locked:
    version = node.at("version").text
    dist, source = node.at("dist"), node.at("source")
    if version.startswith("dev-") or version.endswith("-dev"):
        version = f"{version} ({source.at('reference').text[:12]})"
    checksum = dist.at("shasum").text
    where = dist.at("url").text or source.at("url").text
    return Locked(
        node.at("name").text.lower(),
        version,
        node.at("version").line,
        f"path {where}" if dist.at("type").text == "path" else "",
        (f"sha1:{checksum}",) if checksum else (),
        namespaces=tuple(_namespaces(node.at("autoload"))),
    )


def _namespaces(autoload: Node) -> Iterator[str]:
    for key in ("psr-4", "psr-0"):
        yield from (name.strip("\\") for name, _ in autoload.at(key).items() if name.strip("\\"))
