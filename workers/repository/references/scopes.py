"""What is seen from a line of one file: scopes, the type around, evidence of types. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from workers.repository.outline import Outline, OutlinedDefinition, Typed

TYPES = ("class", "interface", "struct", "enum", "trait", "type", "module")
CLASS_SCOPE = frozenset({"ruby", "java", "kotlin", "csharp", "cpp"})
"""Languages in which a member is named without its receiver inside its type."""
_OWN = {
    "python": {"self", "cls"},
    "ruby": {"self"},
    "php": {"$this", "self", "static"},
    "rust": {"self", "Self"},
    "go": set[str](),
}
_ABOVE = {"php": "parent", "csharp": "base", "rust": "", "go": ""}


def is_own(language: str, name: str) -> bool:
    """Whether the word means the instance (or the type) around."""
    return name in _OWN.get(language, {"this"})


def is_above(language: str, name: str) -> bool:
    """Whether the word means what the type around extends."""
    return name == _ABOVE.get(language, "super")


def is_class_itself(language: str, name: str) -> bool:
    """Whether that word means the type, not an instance."""
    return name in ("cls", "static", "Self") or (language, name) == ("php", "self")


def is_type(entry: OutlinedDefinition | None) -> bool:
    """Whether a definition has members."""
    return entry is not None and entry.kind in TYPES


def type_around(outline: Outline, line: int) -> str:
    """The qualified name of the innermost type whose member holds the line; "" outside."""
    inside = outline.enclosing(line)
    name = inside.name if inside is not None else ""
    while name:
        found = outline.find(name)
        if found is None or is_type(found):
            return name
        name = name.rpartition(".")[0]
    return ""


def scopes(outline: Outline, line: int) -> Iterator[str]:
    """Prefixes of the qualified names that are seen from a line, innermost first, "" last."""
    inside = outline.enclosing(line)
    scope = own = inside.name if inside is not None else ""
    while scope:
        found = outline.find(scope)
        hidden = found is not None and is_type(found) and found.kind != "module"
        if not hidden or scope == own or outline.language in CLASS_SCOPE:
            yield f"{scope}."
        scope = scope.rpartition(".")[0]
    yield ""


def is_hidden(evidence: list[Typed], line: int) -> bool:
    """Whether a parameter or a local variable hides what the file imports by this name."""
    return any(1 < each.start <= line <= each.end and each.line <= line for each in evidence)


def nearest(evidence: list[Typed], line: int, above: int) -> list[Typed]:
    """The evidence that decides at a line: the narrowest scope, the last word before it.

    With `above`, only what is written above that line: `x = x.next` asks for the earlier `x`.
    """
    holding = [
        each
        for each in evidence
        if each.start <= line <= each.end
        and (not above or each.line < above)
        and (each.start == 1 or each.line <= line)
    ]
    if not holding:
        return []

    def rank(each: Typed) -> tuple[int, bool, int]:
        before = each.line <= line
        return each.start, before, each.line if before else -each.line

    best = max(rank(each) for each in holding)
    decisive = [each for each in holding if rank(each) == best]
    return [each for each in decisive if each.type] or decisive


def evidence_by_name(outline: Outline) -> dict[str, list[Typed]]:
    """A file's evidence, by the name that it is about."""
    found: dict[str, list[Typed]] = {}
    for each in outline.typed:
        found.setdefault(each.name, []).append(each)
    return found


def inside(evidence: list[Typed], around: OutlinedDefinition) -> list[Typed]:
    """The evidence that holds within a definition."""
    return [each for each in evidence if around.line <= each.start and each.end <= around.end_line]
