"""What a JavaScript or TypeScript file imports from where, by ES modules or CommonJS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from workers.repository.scripts.exports import literal
from workers.repository.scripts.text import ScriptText, items

Way = Literal["linked", "required", "reexported"]
"""`import`, which fails before anything runs; `require` or `import()`; `export ... from`."""

_NAME = r"[\w$]+"
_IMPORT = re.compile(r"(?<![\w$.])(import|export)\b(?!\s*[(.:=])([^;\"'`()]*?)\bfrom\s*(?=\")")
_BARE = re.compile(r"(?<![\w$.])import\s*(?=\")")
_CALL = re.compile(r"(?<![\w$.])(?:require|import)\s*\(\s*(?=\"[^\"]*\"\s*[,)])")
_SPECIFIER = re.compile(rf"\s*(type\s+)?({_NAME})(?:\s+as\s+({_NAME}))?\s*$")
_PROPERTY = re.compile(rf"\s*({_NAME})\s*(?::\s*({_NAME}))?\s*(?:=.*)?$", re.DOTALL)
_BOUND = re.compile(
    r"(?:const|let|var)\s+(?:([\w$]+)|(\{[^{}]*\}))\s*(?::[^=]*)?=\s*(?:await\s+)?$"
)


@dataclass(frozen=True, slots=True)
class ScriptImport:
    """One imported thing. name "": the module itself, bound to `alias` or to nothing."""

    module: str
    name: str
    alias: str
    line: int
    way: Way
    tried: bool


def script_imports(script: ScriptText) -> Iterator[ScriptImport]:
    """Every import of a file; imports of types alone are left out, no program runs them."""
    for match in _IMPORT.finditer(script.code):
        if not script.depth(match.start()):
            yield from _linked(script, match)
    for match in _BARE.finditer(script.code):
        module = literal(script, match.end())
        yield ScriptImport(module, "", "", script.line(match.start()), "linked", False)
    for match in _CALL.finditer(script.code):
        yield from _called(script, match)


def _linked(script: ScriptText, match: re.Match[str]) -> Iterator[ScriptImport]:
    clause, module = match[2], literal(script, match.end())
    way: Way = "linked" if match[1] == "import" else "reexported"
    if re.match(r"\s+type\b(?!\s*(?:,|$))", clause):
        return
    line = script.line(match.start())
    named = clause.find("{")
    plain = re.match(rf"\s+({_NAME})\s*(?:,|$)", clause)
    if plain and way == "linked":
        yield ScriptImport(module, "default", plain[1], line, way, False)
    star = re.search(rf"\*\s*(?:as\s+({_NAME}))?\s*$", clause)
    if star or (named < 0 and not plain):
        yield ScriptImport(module, "", (star[1] or "") if star else "", line, way, False)
    if named >= 0:
        start = match.start(2) + named
        for begin, end in items(script, start, script.closing(start)):
            one = _SPECIFIER.match(script.code[begin:end])
            if one and not one[1]:
                at = script.line(begin + one.start(2))
                yield ScriptImport(module, one[2], one[3] or one[2], at, way, False)


def _called(script: ScriptText, match: re.Match[str]) -> Iterator[ScriptImport]:
    module, line = literal(script, match.end()), script.line(match.start())
    tried = script.is_tried(match.start())
    bound = _BOUND.search(script.code[max(0, match.start() - 400) : match.start()])
    close = script.code.find(")", match.end()) + 1
    member = re.match(rf"\s*\.\s*({_NAME})", script.code[close:])
    if member:
        yield ScriptImport(module, member[1], "", line, "required", tried)
    elif bound and bound[2]:
        start = max(0, match.start() - 400) + bound.start(2)
        for begin, end in items(script, start, script.closing(start)):
            one = _PROPERTY.match(script.code[begin:end])
            if one:
                at = script.line(begin + one.start(1))
                alias = one[2] or one[1]
                yield ScriptImport(module, one[1], alias, at, "required", tried)
        yield ScriptImport(module, "", "", line, "required", tried)
    else:
        yield ScriptImport(module, "", bound[1] if bound else "", line, "required", tried)
