"""What an npm release breaks, by its type declarations: names gone, names declared otherwise."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from bot.domain.release import Breakage
from workers.repository.dependencies.listing import Unreadable
from workers.repository.dependencies.trees.json_tree import json_tree
from workers.repository.dependencies.trees.node import Node
from workers.repository.outline import SIZE_CAP_BYTES, Outline
from workers.repository.outlines.walker import parse

_GONE = "it was removed"
_MOST_FILES = 400
_MOST = 400
_CLAUSE = re.compile(
    r"export\s+(?:type\s+)?(\{[^{}]{0,20000}\}|\*(?:\s+as\s+\w+)?)\s*"
    r"(?:from\s*[\"']([^\"'\n]{1,300})[\"'])?"
)
_CONSTANT = re.compile(
    r"^\s*export\s+(?:declare\s+)?(?:const|let|var)\s+([\w$]+)\s*(.{0,300})", re.M
)
_ASSIGNED = re.compile(r"^\s*export\s*=\s*([\w$]+)", re.M)
_ENDINGS = (".d.ts", ".d.mts", ".d.cts")

Exports = dict[str, str]
"""Exported name, members as `Class.member`, to its declaration without the spaces."""


def npm_breakages(before: Path, after: Path) -> list[Breakage]:
    """Exports of the older entry point that the newer lacks, or declares in another way.

    Raises:
        Unreadable: one of the two declares none: untyped, or ambient modules only.
    """
    old, new = _Package(before).exports(), _Package(after).exports()
    if not old or not new:
        raise Unreadable("an entry point declares no exports")
    found = sorted(_breakages(old, new), key=lambda entry: entry.what != _GONE)
    return found[:_MOST]


def _breakages(old: Exports, new: Exports) -> Iterator[Breakage]:
    """An empty declaration is of another package: what it is cannot be told."""
    for name, declared in old.items():
        owner, _, simple = name.rpartition(".")
        if simple.startswith("_"):
            continue
        if name not in new and (not owner or owner in new):
            yield Breakage(name, _GONE)
        elif declared and new.get(name) and declared != new[name]:
            yield Breakage(name, f"it is declared `{new[name][:160]}`, before `{declared[:160]}`")


class _Package:
    """One unpacked npm package; its files are in one folder, mostly named `package`."""

    def __init__(self, folder: Path) -> None:
        inside = sorted(path for path in folder.iterdir() if path.is_dir())
        self._root = inside[0] if inside else folder
        self._seen: set[str] = set()

    def exports(self) -> Exports:
        """Everything that the entry point's declarations export."""
        entry = next(filter(None, map(self._found, self._entries())), "")
        return self._of_file(entry) if entry else {}

    def _entries(self) -> Iterator[str]:
        """Where the entry point's declarations may be, the likeliest first."""
        try:
            text = (self._root / "package.json").read_text("utf-8", "replace")
            root = json_tree(text)
        except (OSError, Unreadable):
            root = Node(1, None)
        told = (root.at("types"), root.at("typings"), root.at("main"))
        exported = _types(root.at("exports"), 5)
        for path in (told[0].text, told[1].text, exported, told[2].text, "index.d.ts"):
            if path:
                yield posixpath.normpath(path)

    def _found(self, path: str) -> str:
        """The file that a module path means; "" where there is none, or it leaves the package."""
        bare = re.sub(r"\.[cm]?js$", "", path)
        for candidate in (path, *(f"{bare}{end}" for end in _ENDINGS), f"{bare}/index.d.ts"):
            inside = not candidate.startswith(("..", "/"))
            if inside and candidate.endswith(_ENDINGS) and (self._root / candidate).is_file():
                return candidate
        return ""

    def _of_file(self, path: str) -> Exports:
        if path in self._seen or len(self._seen) > _MOST_FILES:
            return {}
        self._seen.add(path)
        content = (self._root / path).read_bytes()[: SIZE_CAP_BYTES + 1]
        text = content.decode("utf-8", "replace")
        declared = _declared(parse(path, content).outline, text)
        found = {name: told for name, (told, exported) in declared.items() if exported}
        for clause in _CLAUSE.finditer(text):
            found.update(self._of_clause(clause[1], clause[2] or "", path, declared))
        for assigned in _ASSIGNED.findall(text):
            found.update(_below(declared, assigned))
        return found

    def _of_clause(
        self, names: str, module: str, path: str, declared: dict[str, tuple[str, bool]]
    ) -> Exports:
        source = {name: told for name, (told, _) in declared.items()}
        if module:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), module))
            entry = self._found(target) if module.startswith(".") else ""
            if not entry:
                return {name: "" for _, name in _specifiers(names)}
            source = self._of_file(entry)
        if names == "*":
            return source
        return _renamed(source, _specifiers(names))


def _types(node: Node, levels: int) -> str:
    """The first `types` condition of the root export."""
    if not levels:
        return ""
    root = node.at(".") if node.has(".") else node
    if root.at("types").text:
        return root.at("types").text
    below = (_types(inner, levels - 1) for key, inner in root.items() if not key.startswith("./"))
    return next(filter(None, below), "")


def _declared(outline: Outline, text: str) -> dict[str, tuple[str, bool]]:
    """Name to (declaration, exported here). Overloads of one function are joined."""
    rows = text.split("\n")
    found: dict[str, tuple[str, bool]] = {}
    for entry in outline.definitions:
        own = rows[entry.name_line - 1].lstrip() if entry.name_line <= len(rows) else ""
        exported = own.startswith("export") or entry.signature.startswith("export")
        if entry.container:
            exported = found.get(entry.container, ("", False))[1]
        if entry.signature.startswith(("private", "#")):
            continue
        told = _plain(entry.signature)
        if entry.kind in ("class", "interface", "module", "enum"):
            told = entry.kind  # its members are compared one by one
        before = found.get(entry.name, ("", False))
        joined = f"{before[0]} {told}".strip() if before[0] not in ("", told) else told
        found[entry.name] = (joined, exported or before[1])
    for name, rest in _CONSTANT.findall(text):
        found[name] = (_plain(rest), True)
    return found


def _plain(signature: str) -> str:
    bare = re.sub(r"^(export\s+|default\s+|declare\s+|public\s+)+", "", signature.strip())
    return re.sub(r"\s+", " ", bare).rstrip(";{ ")


def _specifiers(names: str) -> list[tuple[str, str]]:
    """(own name, exported name) of `{a, b as c}`; of `* as n` the namespace alone."""
    star = re.match(r"\*\s+as\s+(\w+)", names)
    if star:
        return [("", star[1])]
    parts = (re.sub(r"^type\s+", "", part.strip()) for part in names.strip("{}").split(","))
    pairs = (part.partition(" as ") for part in parts if part)
    return [(own.strip(), (alias or own).strip()) for own, _, alias in pairs]


def _renamed(source: Exports, wanted: list[tuple[str, str]]) -> Exports:
    found: Exports = {}
    for own, alias in wanted:
        found[alias] = source.get(own, "")
        for name, told in source.items():
            if own and name.startswith(f"{own}."):
                found[f"{alias}{name[len(own) :]}"] = told
    return found


def _below(declared: dict[str, tuple[str, bool]], name: str) -> Exports:
    """`export = N` exports what is inside the namespace N, and N's own members."""
    prefix = f"{name}."
    return {
        key.removeprefix(prefix): told
        for key, (told, _) in declared.items()
        if key.startswith(prefix)
    }
