"""Where one thing stands more than once: declared in a header, or written in parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from workers.repository.graph import ChangedSymbol
from workers.repository.references.meaning import Meaning
from workers.repository.references.meanings import Meanings
from workers.repository.references.sites import Target
from workers.repository.resolution.includes import Includes

FILES_READ = 40
_LANGUAGES = ("c", "cpp")


def other_places(meanings: Meanings, path: str, name: str) -> frozenset[Meaning]:
    """Declarations of a definition, and definitions of a declaration, that `#include` ties to it.

    Two files are tied when one includes the other, or both include a header that declares the name.
    C# writes a type in several `partial` parts.
    """
    if meanings.outline(path).language == "csharp":
        return frozenset(meanings.hierarchy.parts(Meaning(path, name)))
    if meanings.outline(path).language not in _LANGUAGES:
        return frozenset()
    includes = meanings.tracer.layout.once(Includes)
    simple = name.rpartition(".")[2]
    holders = [each for each in meanings.holders(simple) if each != path][:FILES_READ]
    declaring = [each for each in holders if _declares(meanings, each, name)]
    seen = set(includes.closure(path))
    tied = {each for each in declaring if each in seen or path in includes.closure(each)}
    headers = tied & seen
    tied |= {each for each in declaring if headers & set(includes.closure(each))}
    if _is_only_definition(meanings, [path, *declaring], name):
        tied |= {each for each in declaring if _is_prototype(meanings, each, name)}
    return frozenset(Meaning(each, name) for each in tied)


def _is_only_definition(meanings: Meanings, paths: list[str], name: str) -> bool:
    """A prototype that no header holds means the one function of the name that is not static."""
    return sum(not _is_prototype(meanings, each, name) for each in paths) == 1


def _is_prototype(meanings: Meanings, path: str, name: str) -> bool:
    found = [each for each in meanings.outline(path).definitions if each.name == name]
    return all(each.kind == "function" and each.signature.endswith(";") for each in found)


def _declares(meanings: Meanings, path: str, name: str) -> bool:
    outline = meanings.outline(path)
    if outline.language not in _LANGUAGES:
        return False
    found = [entry for entry in outline.definitions if entry.name == name]
    return any("static " not in f"{entry.signature} ".split("(")[0] for entry in found)


def with_declarations(
    changed: Sequence[tuple[Target, ChangedSymbol]], same: Mapping[Target, Collection[Target]]
) -> list[ChangedSymbol]:
    """One symbol where a C or C++ declaration changed with its definition, as both have to.

    It stands for both: with the definition's place, and what is told of either. `same` holds what
    is one thing with a target. Targets of several symbols, as of overloads, are left as they are.
    """
    counts = Counter(target for target, _ in changed)
    alone = {target: symbol for target, symbol in changed if counts[target] == 1}
    declares: dict[Target, list[ChangedSymbol]] = {}
    for target, symbol in alone.items():
        found = [
            other
            for other in same.get(target, ())
            if other in alone and alone[other].change == symbol.change
        ]
        if _is_declaration(symbol) and len(found) == 1 and not _is_declaration(alone[found[0]]):
            declares.setdefault(found[0], []).append(symbol)
    merged = {id(symbol) for symbols in declares.values() for symbol in symbols}
    return [
        _with_aspects(symbol, declares.get(target, ()))
        for target, symbol in changed
        if id(symbol) not in merged
    ]


def _is_declaration(symbol: ChangedSymbol) -> bool:
    named = symbol.after or symbol.before
    return (symbol.language in _LANGUAGES) and named is not None and named.signature.endswith(";")


def _with_aspects(symbol: ChangedSymbol, others: Sequence[ChangedSymbol]) -> ChangedSymbol:
    told = (*symbol.aspects, *(aspect for other in others for aspect in other.aspects))
    return replace(symbol, aspects=tuple(dict.fromkeys(told))) if others else symbol
