"""pyproject.toml: PEP 621 and PEP 735, Poetry's tables, uv's sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from packaging.utils import canonicalize_name

from workers.repository.dependencies.listing import Listing, Requirement
from workers.repository.dependencies.readers.python_requirement import python_requirement
from workers.repository.dependencies.trees.node import Node
from workers.repository.dependencies.trees.toml_tree import toml_tree


def read_pyproject(text: str) -> Listing:
    """Everything that the project asks for, build requirements and groups included."""
    root = toml_tree(text)
    sources: dict[str, str] = {
        canonicalize_name(name): source_of(node)
        for name, node in root.at("tool", "uv", "sources").items()
    }
    standard = (
        replace(entry, source=entry.source or sources.get(entry.name, ""))
        for entry in _standard(root)
    )
    names = (root.at("project", "name").text, root.at("tool", "poetry", "name").text)
    own = {canonicalize_name(name) for name in names}
    found = (*standard, *_poetry(root.at("tool", "poetry")))
    return Listing(
        "python",
        tuple(entry for entry in found if entry.name not in own),
        overridden=root.at("tool", "uv").has("override-dependencies"),
        indexes=(
            *addresses(root.at("tool", "uv", "index")),
            *addresses(root.at("tool", "poetry", "source")),
        ),
    )


def addresses(sources: Node) -> tuple[str, ...]:
    """The `url` of each entry of a list of indexes."""
    return tuple(entry.at("url").text for entry in sources.entries() if entry.at("url").text)


def _standard(root: Node) -> Iterator[Requirement]:
    project = root.at("project")
    yield from _texts(project.at("dependencies"), "")
    for extra, node in project.at("optional-dependencies").items():
        yield from _texts(node, f"extra {extra}")
    for group, node in root.at("dependency-groups").items():
        yield from _texts(node, f"group {group}")
    yield from _texts(root.at("tool", "uv", "dev-dependencies"), "group dev")
    yield from _texts(root.at("build-system", "requires"), "build")


def _texts(node: Node, scope: str) -> Iterator[Requirement]:
    for entry in node.entries():
        read = python_requirement(entry.text, entry.line, scope) if entry.text else None
        if read is not None:
            yield read


def _poetry(poetry: Node) -> Iterator[Requirement]:
    yield from poetry_table(poetry.at("dependencies"), "")
    yield from poetry_table(poetry.at("dev-dependencies"), "group dev")
    for group, node in poetry.at("group").items():
        yield from poetry_table(node.at("dependencies"), f"group {group}")


def poetry_table(table: Node, scope: str) -> Iterator[Requirement]:
    """`name = "^1"` or `name = {version = ..., git = ...}`; also what a Pipfile writes."""
    for name, node in table.items():
        if name == "python":
            continue
        if isinstance(node.value, list):  # the same package for several platforms
            written = " || ".join(entry.at("version").text for entry in node.entries())
            key = canonicalize_name(name)
            yield Requirement(key, written, node.line, scope, conditional=True)
            continue
        source = source_of(node)
        constraint = node.text or node.at("version").text
        if source.startswith("git "):
            constraint = first_text(node, "rev", "ref", "tag", "branch")
        conditional = any(node.has(key) for key in ("python", "markers", "platform"))
        key = canonicalize_name(name)
        yield Requirement(key, constraint, node.line, scope, source, conditional=conditional)


def source_of(node: Node) -> str:
    """Where a table says that the package comes from; "" is the usual index."""
    for key in ("git", "path", "url", "file"):
        if node.at(key).text:
            return f"{'path' if key == 'file' else key} {node.at(key).text}"
    if node.at("workspace").text == "true":
        return "path workspace"
    index = first_text(node, "index", "source")
    return f"index {index}" if index else ""


def first_text(node: Node, *keys: str) -> str:
    """The first of these keys that is set."""
    return next((node.at(key).text for key in keys if node.at(key).text), "")
