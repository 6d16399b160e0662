"""NuGet: project files, Directory.Packages.props and packages.lock.json."""

from __future__ import annotations

from collections.abc import Iterator

from workers.repository.dependencies.listing import Listing, Locked, Requirement
from workers.repository.dependencies.trees.json_tree import json_tree
from workers.repository.dependencies.trees.xml_tree import Element, xml_tree


def read_project(text: str) -> Listing:
    """`PackageReference` and `PackageVersion`; the version may be managed elsewhere, then ""."""
    return Listing("nuget", tuple(_requirements(xml_tree(text))))


def _requirements(root: Element) -> Iterator[Requirement]:
    for tag in ("PackageReference", "PackageVersion", "GlobalPackageReference"):
        for node in root.below(tag):
            name = node.attributes.get("Include") or node.attributes.get("Update") or ""
            version = node.attributes.get("Version") or node.at("Version").text
            version = node.attributes.get("VersionOverride") or version
            private = node.attributes.get("PrivateAssets") or node.at("PrivateAssets").text
            if name:
                scope = "private" if private.lower() == "all" else ""
                yield Requirement(name.lower(), version, node.line, scope)


def read_packages_config(text: str) -> Listing:
    """The old packages.config: exact versions."""
    found = [
        Requirement(
            node.attributes.get("id", "").lower(), node.attributes.get("version", ""), node.line
        )
        for node in xml_tree(text).below("package")
    ]
    return Listing("nuget", tuple(entry for entry in found if entry.name))


def read_nuget_lock(text: str) -> Listing:
    """Packages by target framework; `requested` is the range of a direct one."""
    locked: list[Locked] = []
    direct: set[str] = set()
    for _, framework in json_tree(text).at("dependencies").items():
        for name, node in framework.items():
            kind = node.at("type").text
            if kind == "Project":
                continue
            if kind == "Direct":
                direct.add(name.lower())
            wanted = node.at("requested").text
            content = node.at("contentHash").text
            locked.append(
                Locked(
                    name.lower(),
                    node.at("resolved").text,
                    node.at("resolved").line,
                    hashes=(f"sha512:{content}",) if content else (),
                    wanted=(wanted,) if wanted else (),
                )
            )
    return Listing("nuget", locked=tuple(locked), direct=frozenset(direct))
