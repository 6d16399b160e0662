"""Container images: `FROM` of Dockerfiles, `image:` of Compose and Kubernetes files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.repository.dependencies.listing import Listing, Requirement
from workers.repository.dependencies.trees.node import Node
from workers.repository.dependencies.trees.yaml_tree import yaml_trees

_FROM = re.compile(r"^\s*FROM\s+(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_ARGUMENT = re.compile(r"^\s*ARG\s+(\w+)=[\"']?([^\s\"']+)", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}|\$(\w+)")
_LONGEST_ROW = 1_000


def read_dockerfile(text: str) -> Listing:
    """Images of every stage, with the defaults of `ARG` put in; stages of its own are no images."""
    arguments: dict[str, str] = {}
    stages: set[str] = set()
    found: list[Requirement] = []
    for number, row in enumerate(text.split("\n"), 1):
        if len(row) > _LONGEST_ROW:
            continue
        if argument := _ARGUMENT.match(row):
            arguments[argument[1]] = argument[2]
        if stage := _FROM.match(row):
            written = _filled(stage[1], arguments)
            if written.lower() not in stages and written != "scratch" and "$" not in written:
                found.append(image(written, number))
            stages.add((stage[2] or "").lower())
    return Listing("image", tuple(found))


def _filled(text: str, arguments: dict[str, str]) -> str:
    return _VARIABLE.sub(
        lambda found: arguments.get(found[1] or found[3]) or found[2] or found[0], text
    )[:_LONGEST_ROW]


def read_image_file(text: str) -> Listing:
    """Every `image:` of a Compose or Kubernetes file, wherever it stands.

    A template of Helm is a program, and no YAML before it ran: nothing is read of it.
    """
    if "{{" in text:
        return Listing("image")
    found = [
        image(written, node.line)
        for document in yaml_trees(text)
        for node in _images(document)
        if (written := _filled(node.text[:_LONGEST_ROW], {})) and "$" not in written
    ]
    return Listing("image", tuple(found))


def _images(document: Node) -> Iterator[Node]:
    """Each value once, though an alias may hang it in many places."""
    seen: set[int] = set()
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node.value, str | None) or id(node.value) in seen:
            continue
        seen.add(id(node.value))
        for key, inner in node.items():
            if key == "image" and inner.text:
                yield inner
        waiting += reversed([inner for _, inner in node.items()])
        waiting += reversed(list(node.entries()))


def image(written: str, line: int) -> Requirement:
    """`[host[:port]/]name[:tag][@digest]`."""
    bare, _, digest = written.partition("@")
    head, slash, last = bare.rpartition("/")
    name, _, tag = last.partition(":")
    return Requirement(f"{head}{slash}{name}", tag, line, hashes=(digest,) if digest else ())
