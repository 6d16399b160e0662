"""yarn.lock: version 1's own format, and Berry's, which is YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.repository.dependencies.listing import Listing, Locked
from workers.repository.dependencies.readers.package_json import DESCRIPTOR, npm_requirements
from workers.repository.dependencies.readers.package_lock import npm_source
from workers.repository.dependencies.trees.node import Node
from workers.repository.dependencies.trees.yaml_tree import yaml_trees

_FIELD = re.compile(r'^  (version|resolved|integrity) "?([^"\n]*)"?\r?$')
_GIT_PROTOCOL = re.compile(r"^(git\+?|git@|ssh:|https?:[^#]*\.git)")


def read_yarn_lock(text: str) -> Listing:
    """Either version, told apart by Berry's `__metadata`."""
    if re.search(r"^__metadata:", text, re.MULTILINE):
        return _berry(yaml_trees(text))
    return Listing("npm", locked=tuple(_classic(text)))


def _classic(text: str) -> Iterator[Locked]:
    header, line, fields = "", 0, dict[str, str]()
    for number, row in enumerate((*text.split("\n"), "end:"), 1):
        field = _FIELD.match(row)
        if field is not None:
            line = number if field[1] == "version" and "version" not in fields else line
            fields.setdefault(field[1], field[2])
        elif row and not row[0].isspace() and not row.startswith("#"):
            if header:
                yield from _classic_entry(header, line, fields)
            header, line, fields = row.strip().removesuffix(":"), number, {}


def _classic_entry(header: str, line: int, fields: dict[str, str]) -> Iterator[Locked]:
    descriptors = [part.strip().strip('"') for part in header.split(",")]
    parsed = [found for part in descriptors if (found := DESCRIPTOR.match(part))]
    if not parsed or "version" not in fields:
        return
    integrity = fields.get("integrity", "")
    source = npm_source(fields.get("resolved", ""))
    wanted = tuple(found[2] for found in parsed)
    hashes = (integrity,) if integrity else ()
    yield Locked(parsed[0][1], fields["version"], line, source, hashes, wanted)


def _berry(documents: list[Node]) -> Listing:
    locked: list[Locked] = []
    direct: set[str] = set()
    members: set[str] = set()
    for key, node in documents[0].items() if documents else ():
        found = DESCRIPTOR.match(node.at("resolution").text)
        if found is None:
            continue
        if found[2].startswith("workspace:"):
            direct |= {entry.name for entry in npm_requirements(node)}
            members.add(found[1])
            continue
        parts = (DESCRIPTOR.match(part.strip()) for part in key.split(", "))
        wanted = tuple(part[2].removeprefix("npm:") for part in parts if part is not None)
        source = _berry_source(found[2])
        checksum = node.at("checksum").text
        hashes = (f"checksum:{checksum}",) if checksum else ()
        version = node.at("version")
        locked.append(Locked(found[1], version.text, version.line, source, hashes, wanted))
    return Listing(
        "npm", locked=tuple(locked), direct=frozenset(direct), provided=frozenset(members)
    )


def _berry_source(resolved: str) -> str:
    protocol, _, rest = resolved.partition(":")
    if protocol in ("npm", "patch"):
        return ""
    if _GIT_PROTOCOL.match(resolved):
        return f"git {resolved.partition('#')[0]}"
    return f"path {rest}" if protocol in ("file", "link", "portal") else f"url {resolved}"
