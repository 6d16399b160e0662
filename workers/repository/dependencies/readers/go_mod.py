"""go.mod and go.sum (https://go.dev/ref/mod#go-mod-file)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.repository.dependencies.listing import Listing, Locked, Requirement

_REQUIRED = re.compile(r'^"?([^\s"]+)"?\s+(v[^\s/]+)(.*)$')
_REPLACED = re.compile(r'^"?([^\s"]+)"?(?:\s+v\S+)?\s*=>\s*"?([^\s"]+)"?(?:\s+(v\S+))?')


def read_go_mod(text: str) -> Listing:
    """`require` and what `replace` makes of it; `// indirect` is a scope of its own."""
    replaced: dict[str, tuple[str, str]] = {}
    found: list[Requirement] = []
    for verb, line, row in _directives(text):
        if verb == "replace" and (swap := _REPLACED.match(row)):
            replaced[swap[1]] = (swap[2], swap[3] or "")
        elif verb == "require" and (wanted := _REQUIRED.match(row)):
            scope = "indirect" if "// indirect" in wanted[3] else ""
            found.append(Requirement(wanted[1], wanted[2], line, scope))
    return Listing("go", tuple(_with(entry, replaced) for entry in found))


def _directives(text: str) -> Iterator[tuple[str, int, str]]:
    """(verb, line, rest) of single lines and of the lines of a block."""
    block = ""
    for number, raw in enumerate(text.split("\n"), 1):
        row = raw.strip()
        if block and row.startswith(")"):
            block = ""
        elif block:
            yield block, number, row
        else:
            verb, _, rest = row.partition(" ")
            if rest.strip().startswith("("):
                block = verb
            else:
                yield verb, number, rest.strip()


def _with(entry: Requirement, replaced: dict[str, tuple[str, str]]) -> Requirement:
    if entry.name not in replaced:
        return entry
    target, version = replaced[entry.name]
    kind = "path" if target.startswith(".") else "replaced by"
    return Requirement(
        entry.name, version or entry.constraint, entry.line, entry.scope, f"{kind} {target}"
    )


def read_go_sum(text: str) -> Listing:
    """Hashes by module and version; a line for `go.mod` alone means the code is not built in."""
    locked: list[Locked] = []
    for number, row in enumerate(text.split("\n"), 1):
        parts = row.split()
        if len(parts) == 3 and parts[2].startswith("h1:"):
            locked.append(Locked(parts[0], parts[1], number, hashes=(parts[2],)))
    return Listing("go", locked=tuple(locked))
