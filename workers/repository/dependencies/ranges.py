"""Whether a locked version lies in what the manifest asks for, by the ecosystem's own rule."""

from __future__ import annotations

import re
from collections.abc import Callable

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from semantic_version import NpmSpec  # type: ignore[import-untyped]  # it ships no types
from semantic_version import Version as SemanticVersion

from workers.repository.dependencies.listing import Ecosystem
from workers.repository.dependencies.readers.python_constraint import as_specifier
from workers.repository.dependencies.versions import Key, version_key

_LONGEST = 200
_SPACED = re.compile(r"([<>=^~]+)\s+")
_GEM = re.compile(r"^(~>|>=|<=|!=|[<>=])?\s*(\d[\w.]*)$")
_BARE = re.compile(r"^\d")
_TILDE_OF_TWO = re.compile(r"^~v?(\d+)(?:\.(\d+))?$")


def allows(ecosystem: Ecosystem, constraint: str, version: str) -> bool | None:
    """True or False where it is certain; None where this cannot be told from the text."""
    if len(constraint) > _LONGEST or version_key(ecosystem, version) is None:
        return None
    if constraint.strip() in ("", "*"):
        return True
    rule = _RULES.get(ecosystem)
    return rule(constraint, version.partition(" ")[0]) if rule is not None else None


def _python(constraint: str, version: str) -> bool | None:
    answers: list[bool] = []
    for alternative in re.split(r"\|\|?", constraint):
        specifier = as_specifier(alternative)
        if specifier is None:
            return None
        try:
            answers.append(SpecifierSet(specifier).contains(version, prereleases=True))
        except InvalidSpecifier:
            return None
    return any(answers)


def _npm(constraint: str, version: str) -> bool | None:
    """npm keeps pre-releases out of most ranges, and locks hold them all the same: not told."""
    try:
        locked = SemanticVersion(version.removeprefix("v"))
        matched = NpmSpec(_SPACED.sub(r"\1", constraint.strip())).match(locked)
    except ValueError:
        return None
    return True if matched else None if locked.prerelease else False


def _cargo(constraint: str, version: str) -> bool | None:
    """`1.2` is `^1.2`, and a comma means and."""
    terms = [term.strip() for term in constraint.split(",")]
    careted = (f"^{term}" if _BARE.match(term) and "*" not in term else term for term in terms)
    return _npm(" ".join(careted), version)


def _composer(constraint: str, version: str) -> bool | None:
    """As npm, but `~1.2` reaches up to 2.0. Stability flags only say which releases are offered."""
    if "dev" in constraint or " as " in constraint:
        return None
    bare = re.sub(r"@\w+", "", constraint)
    alternatives = [
        " ".join(_composer_term(term) for term in re.split(r"\s*,\s*|\s+(?![-|])", part.strip()))
        for part in re.split(r"\|\|?", bare)
    ]
    return _npm(" || ".join(alternatives), version)


def _composer_term(term: str) -> str:
    tilde = _TILDE_OF_TWO.match(term)
    if tilde is not None:
        return f">={tilde[1]}.{tilde[2] or 0}.0 <{int(tilde[1]) + 1}.0.0"
    return re.sub(r"^([<>=^~]*)v", r"\1", term)


def _bundler(constraint: str, version: str) -> bool | None:
    locked = version_key("bundler", version)
    answers: list[bool] = []
    for term in constraint.split(","):
        found = _GEM.match(term.strip())
        wanted = version_key("bundler", found[2]) if found is not None else None
        if found is None or wanted is None or locked is None:
            return None
        answers.append(_gem(found[1] or "=", wanted, locked, found[2]))
    return all(answers)


def _gem(operator: str, wanted: Key, locked: Key, written: str) -> bool:
    if operator == "~>":
        fixed = [int(part) for part in re.findall(r"\d+", written)][:-1] or [0]
        head = (*locked[0], *(0,) * len(fixed))[: len(fixed)]
        return locked >= wanted and (list(head) == fixed or "." not in written)
    return {
        "=": locked == wanted,
        "!=": locked != wanted,
        ">": locked > wanted,
        "<": locked < wanted,
        ">=": locked >= wanted,
        "<=": locked <= wanted,
    }[operator]


_RULES: dict[Ecosystem, Callable[[str, str], bool | None]] = {
    "python": _python,
    "npm": _npm,
    "cargo": _cargo,
    "composer": _composer,
    "bundler": _bundler,
}
"""(constraint, version) -> whether it is allowed; the other ecosystems have no ranges in locks."""
