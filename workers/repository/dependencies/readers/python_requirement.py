"""One Python requirement (https://packaging.python.org/en/latest/specifications/dependency-specifiers)."""

from __future__ import annotations

import re

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Specifier
from packaging.utils import canonicalize_name

from workers.repository.dependencies.listing import Requirement

LONGEST = 2_000
"""Characters of one requirement; no real one comes near."""
_URL_NAME = re.compile(r"#(?:.*&)?egg=([A-Za-z0-9._-]+)")


def python_requirement(
    text: str, line: int, scope: str = "", hashes: tuple[str, ...] = ()
) -> Requirement | None:
    """The requirement, its name normalised; None where it is none."""
    if len(text) > LONGEST:
        return None
    try:
        parsed = Specifier(text)
    except InvalidRequirement:
        return _bare_url(text, line, scope)
    source = url_source(parsed.url) if parsed.url else ""
    constraint = revision(parsed.url) if parsed.url else str(parsed.specifier)
    name, conditional = canonicalize_name(parsed.name), parsed.marker is not None
    return Requirement(name, constraint, line, scope, source, hashes, conditional)


def _bare_url(text: str, line: int, scope: str) -> Requirement | None:
    """`git+https://host/x@ref#egg=name`, which pip takes and the specification does not."""
    named = _URL_NAME.search(text)
    if named is None or "://" not in text:
        return None
    name = canonicalize_name(named[1])
    return Requirement(name, revision(text), line, scope, url_source(text))


def url_source(url: str) -> str:
    """`git https://host/x` or `url https://host/x.whl`; revision and fragment apart."""
    bare = url.partition("#")[0]
    if not bare.startswith("git+"):
        return f"path {bare.removeprefix('file://')}" if bare.startswith("file:") else f"url {bare}"
    address = bare.removeprefix("git+")
    before, at, _ = address.rpartition("@")
    return f"git {before if at and '/' in before.partition('://')[2] else address}"


def revision(url: str) -> str:
    """The branch, tag or commit of a git URL; "" where it names none."""
    address = url.partition("#")[0]
    before, at, ref = address.rpartition("@")
    in_path = "/" in before.partition("://")[2]
    return ref if url.startswith("git+") and at and in_path else ""
