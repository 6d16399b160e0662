"""Gradle: literal coordinates of build scripts, version catalogues and gradle.lockfile.

A build script is a program; only what stands in it as a plain string is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.repository.dependencies.listing import Listing, Locked, Requirement
from workers.repository.dependencies.trees.node import Node
from workers.repository.dependencies.trees.toml_tree import toml_tree

_COORDINATE = re.compile(
    r"""["']([\w.-]{1,200}:[\w.-]{1,200}):([^"'\s:@]{1,100})[^"'\n]{0,100}["']"""
)
_CONFIGURATION = re.compile(r"^\s*([a-zA-Z]+)\b")
_NAMED = re.compile(
    r"""group\s*[:=]\s*["']([\w.-]+)["']\s*,\s*name\s*[:=]\s*["']([\w.-]+)["']"""
    r"""\s*,\s*version\s*[:=]\s*["']([^"'\n]+)["']"""
)
_PLUGIN = re.compile(r"""\bid\s*\(?\s*["']([\w.-]+)["']\s*\)?\s+version\s+["']([^"'\n]+)["']""")
_LONGEST_ROW = 2_000


def read_gradle(text: str) -> Listing:
    """`implementation("group:name:1.0")`, the form with names, and `id("plugin") version "1"`."""
    found: list[Requirement] = []
    for number, row in enumerate(text.split("\n"), 1):
        if len(row) <= _LONGEST_ROW and not row.lstrip().startswith(("//", "*")):
            found += _of_row(row, number)
    return Listing("maven", tuple(found))


def _of_row(row: str, line: int) -> Iterator[Requirement]:
    word = _CONFIGURATION.match(row)
    scope = "test" if word is not None and "test" in word[1].lower() else ""
    for found in _COORDINATE.finditer(row):
        if "$" not in found[2]:
            yield Requirement(found[1], found[2], line, scope)
    for found in _NAMED.finditer(row):
        yield Requirement(f"{found[1]}:{found[2]}", found[3], line, scope)
    for found in _PLUGIN.finditer(row):
        yield Requirement(found[1], found[2], line, "plugin")


def read_catalogue(text: str) -> Listing:
    """gradle/libs.versions.toml (https://docs.gradle.org/current/userguide/version_catalogs.html)."""
    root = toml_tree(text)
    versions = root.at("versions")
    libraries = (_library(node, versions) for _, node in root.at("libraries").items())
    plugins = (_plugin(node, versions) for _, node in root.at("plugins").items())
    return Listing("maven", tuple(entry for entry in (*libraries, *plugins) if entry.name))


def _library(node: Node, versions: Node) -> Requirement:
    group, _, rest = node.text.partition(":")
    name, _, version = rest.partition(":")
    module = f"{group}:{name}" if name else node.at("module").text
    if not module and node.at("name").text:
        module = f"{node.at('group').text}:{node.at('name').text}"
    text, line = (version, node.line) if version else _version(node, versions)
    return Requirement(module, text, line)


def _plugin(node: Node, versions: Node) -> Requirement:
    name, _, version = node.text.partition(":")
    text, line = (version, node.line) if version else _version(node, versions)
    return Requirement(name or node.at("id").text, text, line, "plugin")


def _version(node: Node, versions: Node) -> tuple[str, int]:
    """The text, and the line that a bump changes: the reference's own."""
    version = node.at("version")
    named = version.at("ref").text
    found = versions.at(named) if named else version
    text = found.text or next((v.text for _, v in found.items() if v.text), "")
    return text, found.line if text else node.line


def read_gradle_lock(text: str) -> Listing:
    """`group:name:version=configurations`, one a line."""
    locked: list[Locked] = []
    for number, row in enumerate(text.split("\n"), 1):
        coordinates = row.partition("=")[0].split(":")
        if len(coordinates) == 3 and not row.startswith("#"):
            group, name, version = coordinates
            locked.append(Locked(f"{group}:{name}", version.strip(), number))
    return Listing("maven", locked=tuple(locked))
