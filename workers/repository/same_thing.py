"""Where one thing stands twice: C and C++ declare it in a header and define it elsewhere."""

from __future__ import annotations

from workers.repository.meaning import Meaning, Meanings
from workers.repository.resolution.includes import Includes

FILES_READ = 40
_LANGUAGES = ("c", "cpp")


def other_places(meanings: Meanings, path: str, name: str) -> frozenset[Meaning]:
    """Declarations of a definition, and definitions of a declaration, that `#include` ties to it.

    Two files are tied when one includes the other, or both include a header that declares the name.
    """
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
    return frozenset(Meaning(each, name) for each in tied)


def _declares(meanings: Meanings, path: str, name: str) -> bool:
    outline = meanings.outline(path)
    if outline.language not in _LANGUAGES:
        return False
    found = [entry for entry in outline.definitions if entry.name == name]
    return any("static " not in f"{entry.signature} ".split("(")[0] for entry in found)
