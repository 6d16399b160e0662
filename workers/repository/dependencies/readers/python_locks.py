"""uv.lock, poetry.lock, pdm.lock and pylock.toml: all are TOML with an array of packages."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import canonicalize_name

from workers.repository.dependencies.listing import Listing, Locked
from workers.repository.dependencies.readers.pyproject import first_text
from workers.repository.dependencies.trees.node import Node
from workers.repository.dependencies.trees.toml_tree import toml_tree

_MEMBER = ("editable", "virtual", "directory")
_INDEXES = ("https://pypi.org/simple", "https://pypi.org/simple/")


def read_uv_lock(text: str) -> Listing:
    """Members of the workspace are no locked packages; what they depend on is direct."""
    packages = list(toml_tree(text).at("package").entries())
    members = [node for node in packages if any(node.at("source").has(key) for key in _MEMBER)]
    direct = {
        canonicalize_name(entry.at("name").text)
        for member in members
        for group in _groups(member)
        for entry in group.entries()
    }
    locked = tuple(_uv(node) for node in packages if node not in members)
    provided = frozenset(canonicalize_name(node.at("name").text) for node in members)
    return Listing("python", locked=locked, direct=frozenset(direct), provided=provided)


def _groups(member: Node) -> Iterator[Node]:
    yield member.at("dependencies")
    for key in ("optional-dependencies", "dev-dependencies"):
        yield from (node for _, node in member.at(key).items())


def _uv(node: Node) -> Locked:
    files = [node.at("sdist"), *node.at("wheels").entries()]
    source = node.at("source")
    registry = source.at("registry").text
    where = first_text(source, "git", "url", "path")
    kind = next((key for key in ("git", "url", "path") if source.has(key)), "")
    if registry:
        kind, where = ("", "") if registry in _INDEXES else ("index", registry)
    version = node.at("version").text
    return Locked(
        canonicalize_name(node.at("name").text),
        f"{version} ({where.rpartition('#')[2][:12]})" if kind == "git" else version,
        node.at("version").line,
        f"{kind} {where.partition('#')[0].partition('?')[0]}" if kind else "",
        tuple(file.at("hash").text for file in files if file.at("hash").text),
    )


def read_poetry_lock(text: str) -> Listing:
    """Poetry and PDM; hashes stand with the package, in old files in `metadata.files`."""
    root = toml_tree(text)
    old: dict[str, tuple[str, ...]] = {
        canonicalize_name(name): _hashes(node)
        for name, node in root.at("metadata", "files").items()
    }
    packages = root.at("package").entries()
    return Listing("python", locked=tuple(_poetry(node, old) for node in packages))


def _poetry(node: Node, old: dict[str, tuple[str, ...]]) -> Locked:
    name = canonicalize_name(node.at("name").text)
    source = node.at("source")
    kind = {"directory": "path", "file": "path", "legacy": "index"}.get(
        source.at("type").text, source.at("type").text
    )
    where = f"{kind} {source.at('url').text}" if source.value else ""
    version = node.at("version").text
    if kind == "git":
        version = f"{version} ({first_text(source, 'resolved_reference')[:12]})"
    line = node.at("version").line
    return Locked(name, version, line, where, _hashes(node.at("files")) or old.get(name, ()))


def _hashes(files: Node) -> tuple[str, ...]:
    return tuple(file.at("hash").text for file in files.entries() if file.at("hash").text)


def read_pylock(text: str) -> Listing:
    """PEP 751: https://packaging.python.org/en/latest/specifications/pylock-toml/."""
    locked = []
    for node in toml_tree(text).at("packages").entries():
        files = [node.at("sdist"), node.at("archive"), *node.at("wheels").entries()]
        hashes = [f"{key}:{h.text}" for file in files for key, h in file.at("hashes").items()]
        vcs, folder = node.at("vcs"), node.at("directory")
        source = f"git {vcs.at('url').text}" if vcs.value else ""
        source = f"path {folder.at('path').text}" if folder.value else source
        index = node.at("index").text
        if index and index not in _INDEXES:
            source = f"index {index}"
        version = node.at("version").text or vcs.at("commit-id").text[:12]
        name = canonicalize_name(node.at("name").text)
        line = node.at("version").line
        locked.append(Locked(name, version, line, source, tuple(hashes)))
    return Listing("python", locked=tuple(locked))
