"""Where one thing stands more than once: declared in a header, or written in parts."""

from __future__ import annotations

from workers.repository.meaning import Meaning, Meanings
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
