"""Pipenv's Pipfile and Pipfile.lock (https://pipenv.pypa.io/en/latest/pipfile.html)."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import canonicalize_name

from workers.repository.dependencies.listing import Listing, Locked, Requirement
from workers.repository.dependencies.readers.pyproject import (
    addresses,
    first_text,
    poetry_table,
    source_of,
)
from workers.repository.dependencies.trees.json_tree import json_tree
from workers.repository.dependencies.trees.node import Node
from workers.repository.dependencies.trees.toml_tree import toml_tree

_TABLES = ("source", "requires", "scripts", "pipenv", "pipfile", "packages", "dev-packages")


def read_pipfile(text: str) -> Listing:
    """`packages`, `dev-packages` and the groups of a project's own."""
    root = toml_tree(text)
    found: list[Requirement] = [
        *poetry_table(root.at("packages"), ""),
        *poetry_table(root.at("dev-packages"), "group dev"),
    ]
    for name, node in root.items():
        if name not in _TABLES:
            found += poetry_table(node, f"group {name}")
    return Listing("python", tuple(found), indexes=addresses(root.at("source")))


def read_pipfile_lock(text: str) -> Listing:
    """`default`, `develop` and groups; each version is pinned as `==1.2`."""
    root = json_tree(text)
    return Listing("python", locked=tuple(_locked(root)))


def _locked(root: Node) -> Iterator[Locked]:
    for group, packages in root.items():
        for name, node in packages.items() if group != "_meta" else ():
            source = source_of(node) if not node.at("index").text else ""
            version = node.at("version").text.removeprefix("==")
            yield Locked(
                canonicalize_name(name),
                version or first_text(node, "ref"),
                node.at("version").line,
                source,
                node.at("hashes").texts(),
            )
