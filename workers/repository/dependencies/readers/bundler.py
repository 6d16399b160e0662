"""Bundler's Gemfile and Gemfile.lock (https://bundler.io/man/gemfile.5.html).

A Gemfile is a program; only `gem` with plain strings is read.
"""

from __future__ import annotations

import re
from dataclasses import replace

from workers.repository.dependencies.listing import Listing, Locked, Requirement

_GEM = re.compile(r"""^\s*gem[ (]\s*["']([\w.-]+)["'](.*)$""")
_SOURCE = re.compile(r"""^source[ (] ?["']([^"']+)["']""")
_STRING = re.compile(r"""(?:^|,)\s*\[?\s*["']([^"'\n]+)["'](?=\s*[\],)]|\s*$|\s*#)""")
_OPTION = re.compile(
    r"""\b(git|github|path|source|branch|tag|ref)(?::|"?\s*=>)\s*["']([^"']+)["']"""
)
_GROUP = re.compile(r"^\s*group[ (]\s*(.*?)\)?\s+do\b")
_CONDITION = re.compile(r"\b(if|unless|platforms?|install_if)\b")
_BRANCH = "if"
"""Marks an open block of which only one way is taken."""
_LONGEST_ROW = 2_000


def read_gemfile(text: str) -> Listing:
    """Each `gem`, in the group whose block is open around it."""
    found: list[Requirement] = []
    indexes: list[str] = []
    blocks: list[str] = []
    for number, raw in enumerate(text.split("\n"), 1):
        row = " ".join(raw.split())
        if len(row) > _LONGEST_ROW:
            continue
        group = _GROUP.match(row)
        if group is not None:
            blocks.append(" ".join(re.findall(r":(\w+)", group[1])))
        elif re.match(r"(if|unless|case)\b", row):
            blocks.append(_BRANCH)
        elif re.search(r"\bdo( \|.*\|)?$", row):
            blocks.append("")
        elif re.match(r"^\s*end\b", row) and blocks:
            blocks.pop()
        index = _SOURCE.match(row)
        indexes += [index[1]] if index is not None else []
        gem = _GEM.match(row)
        if gem is not None:
            scope = next((block for block in blocks if block not in ("", _BRANCH)), "")
            conditional = _BRANCH in blocks or _CONDITION.search(gem[2]) is not None
            read = _gem(gem[1], gem[2], number, scope)
            found.append(replace(read, conditional=conditional))
    return Listing("bundler", tuple(found), indexes=tuple(indexes))


def _gem(name: str, rest: str, line: int, scope: str) -> Requirement:
    options = dict(_OPTION.findall(rest))
    plain = _OPTION.sub("", rest)
    constraint = ", ".join(_STRING.findall(plain))
    if "git" in options or "github" in options:
        where = options.get("git") or options["github"]
        ref = next((options[key] for key in ("ref", "tag", "branch") if key in options), "")
        return Requirement(name, ref, line, scope, f"git {where}")
    source = f"path {options['path']}" if "path" in options else ""
    source = f"index {options['source']}" if "source" in options else source
    return Requirement(name, constraint, line, scope, source)


_SPEC = re.compile(r"^    ([\w.-]+) \(([^()]+)\)$")
_DIRECT = re.compile(r"^  ([\w.-]+)!?(?: \(([^()]*)\))?!?$")
_REMOTE = re.compile(r"^  (remote|revision): (.*)$")


def read_gemfile_lock(text: str) -> Listing:
    """`GEM`, `GIT` and `PATH` hold specs below their remote; `DEPENDENCIES` are the direct ones."""
    section, facts = "", dict[str, str]()
    locked: list[Locked] = []
    direct: set[str] = set()
    for number, raw in enumerate(text.split("\n"), 1):
        row = raw.rstrip("\r")
        if row and not row[0].isspace():
            section, facts = row, {}
        remote, spec, named = _REMOTE.match(row), _SPEC.match(row), _DIRECT.match(row)
        if remote is not None:
            facts[remote[1]] = remote[2]
        elif spec is not None and section in ("GEM", "GIT"):
            locked.append(_spec(spec[1], spec[2], number, section, facts))
        elif named is not None and section == "DEPENDENCIES":
            direct.add(named[1])
    return Listing("bundler", locked=tuple(locked), direct=frozenset(direct))


def _spec(name: str, version: str, line: int, section: str, facts: dict[str, str]) -> Locked:
    remote = facts.get("remote", "")
    if section == "GIT":
        revision = facts.get("revision", "")[:12]
        return Locked(name, f"{version} ({revision})", line, f"git {remote}")
    public = remote.rstrip("/") in ("https://rubygems.org", "")
    return Locked(name, version, line, "" if public else f"index {remote}")
