"""Maven's pom.xml (https://maven.apache.org/pom.html). Only what stands in this file is known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.repository.dependencies.listing import Listing, Requirement
from workers.repository.dependencies.trees.xml_tree import Element, xml_tree

_PROPERTY = re.compile(r"\$\{([\w.-]+)\}")


def read_pom(text: str) -> Listing:
    """Dependencies, managed ones, plugins and the parent; properties of the same file are put in.

    A version that a parent decides is "".
    """
    root = xml_tree(text)
    properties = {child.tag: child.text for child in root.at("properties").children}
    version = root.at("version").text or root.at("parent", "version").text
    properties.setdefault("project.version", version)
    group = root.at("groupId").text or root.at("parent", "groupId").text
    properties.setdefault("project.groupId", group)
    places = (node.at("url").text for node in root.below("repository"))
    indexes = tuple(place[:400] for place in places if place)
    return Listing("maven", tuple(_requirements(root, properties)), indexes=indexes)


def _requirements(root: Element, properties: dict[str, str]) -> Iterator[Requirement]:
    for parent in root.all("parent"):
        yield _requirement(parent, properties, "parent")
    for dependency in root.below("dependency"):
        yield _requirement(dependency, properties, _filled(dependency.at("scope").text, properties))
    for plugin in root.below("plugin"):
        yield _requirement(plugin, properties, "plugin")


def _requirement(node: Element, properties: dict[str, str], scope: str) -> Requirement:
    group = node.at("groupId").text or ("org.apache.maven.plugins" if scope == "plugin" else "")
    name = f"{_filled(group, properties)}:{_filled(node.at('artifactId').text, properties)}"
    version = node.at("version")
    line = version.line if version.tag else node.line
    scope = "" if scope == "compile" else scope
    return Requirement(name, _filled(version.text, properties), line, scope)


def _filled(text: str, properties: dict[str, str]) -> str:
    """Each property once: one that names another stays as it is written."""
    return _PROPERTY.sub(lambda found: properties.get(found[1], found[0])[:200], text[:200])
