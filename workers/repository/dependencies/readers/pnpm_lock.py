"""pnpm-lock.yaml, versions 5 to 9 (https://github.com/pnpm/spec/tree/master/lockfile)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.repository.dependencies.listing import Listing, Locked
from workers.repository.dependencies.readers.package_json import DESCRIPTOR, SCOPES
from workers.repository.dependencies.readers.package_lock import npm_source
from workers.repository.dependencies.trees.node import Node
from workers.repository.dependencies.trees.yaml_tree import yaml_trees

_KEY = re.compile(r"^/?((?:@[^/@]+/)?[^/@]+)[@/](\d[^(_]*)")


def read_pnpm_lock(text: str) -> Listing:
    """`packages` is what is installed; `importers` (or the top) name what is direct.

    `snapshots`, the last and largest part, says again which package needs which: left unread.
    """
    documents = yaml_trees(text.partition("\nsnapshots:\n")[0])
    root = documents[-1] if documents else Node(1, None)
    importers = [node for _, node in root.at("importers").items()] or [root]
    wanted = [(name, text) for node in importers for name, text in _direct(node)]
    specifiers: dict[str, list[str]] = {}
    for name, specifier in wanted:
        specifiers.setdefault(name, []).append(specifier)
    packages = root.at("packages").items()
    locked = tuple(entry for key, node in packages for entry in _locked(key, node, specifiers))
    direct = frozenset(name for name, _ in wanted)
    linked = frozenset(name for node in importers for name in _linked(node))
    linked |= {_overridden(key) for key, _ in root.at("overrides").items()}
    return Listing("npm", locked=locked, direct=direct, provided=linked)


def _direct(importer: Node) -> Iterator[tuple[str, str]]:
    """(name, specifier); before version 6 the specifiers stood apart."""
    for key in SCOPES:
        for name, node in importer.at(key).items():
            yield name, node.at("specifier").text or importer.at("specifiers", name).text


def _overridden(key: str) -> str:
    """The package of `name`, `name@range` or `parent>name`: the override says its version."""
    last = key.rpartition(">")[2]
    found = DESCRIPTOR.match(last)
    return found[1] if found is not None else last


def _linked(importer: Node) -> Iterator[str]:
    """Members of the workspace that another member uses."""
    for key in SCOPES:
        for name, node in importer.at(key).items():
            if (node.at("version").text or node.text).startswith(("link:", "file:")):
                yield name


def _locked(key: str, node: Node, specifiers: dict[str, list[str]]) -> Iterator[Locked]:
    resolution = node.at("resolution")
    integrity = resolution.at("integrity").text
    hashes = (integrity,) if integrity else ()
    found = _KEY.match(key)
    if found is not None:
        source = npm_source(resolution.at("tarball").text)
        wanted = tuple(dict.fromkeys(specifiers.get(found[1], ())))
        yield Locked(found[1], found[2], node.line, source, hashes, wanted)
    elif node.at("name").text or "@http" in key:
        name = node.at("name").text or key.partition("@http")[0]
        version = node.at("version").text or resolution.at("commit").text[:12]
        where = resolution.at("repo").text or resolution.at("tarball").text
        kind = "git" if resolution.at("repo").text or "codeload" in where else "url"
        yield Locked(name, version, node.line, f"{kind} {where}", hashes)
