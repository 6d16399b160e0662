"""What a JavaScript or TypeScript file exports, by ES modules or CommonJS.

https://tc39.es/ecma262/#sec-exports, https://nodejs.org/api/modules.html#moduleexports
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workers.repository.scripts.text import ScriptText, items

_NAME = r"[\w$]+"
_EXPORT = re.compile(r"(?<![\w$.])export\b(?!\s*[:(,}?])")
_DECLARED = re.compile(
    rf"\s+(?:declare\s+)?(?:async\s+)?(?:abstract\s+)?"
    rf"(?:function\s*\*?|class|(?:const\s+)?enum|namespace|module|import)\s+({_NAME})"
)
_VALUES = re.compile(rf"\s+(?:declare\s+)?(?:const|let|var)\s+(?:({_NAME})|([{{\[]))")
_TYPE = re.compile(rf"\s+(?:declare\s+)?(?:type|interface)\s+({_NAME})")
_LIST = re.compile(r"\s+(type\s+)?\{|\s*\{")
_STAR = re.compile(rf"\s*\*\s*(?:as\s+({_NAME})\s+)?from\s*(?=\")")
_DEFAULT = re.compile(r"\s+default\b")
_SPECIFIER = re.compile(rf"\s*(type\s+)?({_NAME})(?:\s+as\s+({_NAME}))?\s*$")
_COMMONJS = re.compile(rf"(?<![\w$.])(?:module\s*\.\s*exports|exports)\b(?:\s*\.\s*({_NAME}))?")
_KEY = re.compile(rf"\s*(?:async\s+|get\s+|set\s+|\*\s*)*({_NAME})\s*(?=[:(,]|$)")
_QUOTED_KEY = re.compile(r"\s*\"(\s*)\"\s*:")
_REQUIRED = re.compile(r"\s*require\s*\(\s*(\"[^\"]*\")\s*\)\s*(?=[;\n]|$)")
_ASSIGNED = re.compile(r"\s*=(?![=>])\s*")


@dataclass(slots=True)
class ScriptExports:
    """Name to line of each exported value. `stars` are modules whose names are passed on.

    `types` are exported names that no running program sees. `open`: the file may export what its
    text does not show. `commonjs`: the whole is what `module.exports` holds.
    """

    names: dict[str, int] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    stars: list[str] = field(default_factory=list)
    open: bool = False
    commonjs: bool = False


def script_exports(script: ScriptText) -> ScriptExports:
    """Read the exports of one file."""
    found = ScriptExports()
    for match in _EXPORT.finditer(script.code):
        if not script.depth(match.start()):
            _statement(script, match.end(), found)
    if not found.names and not found.stars and not found.types:
        _commonjs(script, found)
    return found


def _statement(script: ScriptText, at: int, found: ScriptExports) -> None:
    code, line = script.code, script.line(at)
    if match := _DECLARED.match(code, at):
        found.names[match[1]] = line
    elif match := _DEFAULT.match(code, at):
        found.names["default"] = line
    elif match := _STAR.match(code, at):
        if match[1]:
            found.names[match[1]] = line
        else:
            found.stars.append(literal(script, match.end()))
    elif match := _TYPE.match(code, at):
        found.types.add(match[1])
    elif match := _VALUES.match(code, at):
        _declared_values(script, match, found)
    elif match := _LIST.match(code, at):
        _list(script, match, found)
    else:
        found.open = True


def _declared_values(script: ScriptText, match: re.Match[str], found: ScriptExports) -> None:
    """`const a = 1`; several declarators, or a pattern, may hide names."""
    if match[1]:
        found.names[match[1]] = script.line(match.start(1))
        rest = script.code[match.end() :].split(";", 1)[0].split("\n", 1)[0]
        found.open = found.open or bool(re.match(r"\s*(:[^=]*)?(=[^(\[{]*)?,", rest))
        return
    start = match.start(2)
    for begin, end in items(script, start, script.closing(start)):
        named = re.search(rf"({_NAME})\s*(?:=.*)?$", script.code[begin:end].strip())
        if named:
            found.names[named[1]] = script.line(begin)
        else:
            found.open = True


def _list(script: ScriptText, match: re.Match[str], found: ScriptExports) -> None:
    start = match.end() - 1
    for begin, end in items(script, start, script.closing(start)):
        one = _SPECIFIER.match(script.code[begin:end])
        if one is None:
            found.open = True
        elif match[1] or one[1]:
            found.types.add(one[3] or one[2])
        else:
            found.names[one[3] or one[2]] = script.line(begin + one.start(2))


def literal(script: ScriptText, start: int) -> str:
    """The string that starts at an offset of the code."""
    end = script.code.find('"', start + 1)
    return script.text[start + 1 : end]


def _commonjs(script: ScriptText, found: ScriptExports) -> None:
    for match in _COMMONJS.finditer(script.code):
        assigned = _ASSIGNED.match(script.code, match.end())
        if match[1] and assigned:
            found.names.setdefault(match[1], script.line(match.start()))
        elif match[1]:
            continue  # a read of one's own export
        elif assigned:
            _whole(script, assigned.end(), found)
        elif not re.search(r"(?<![=!<>])=\s*$", script.code[: match.start()]):
            found.open = True
        found.commonjs = True


def _whole(script: ScriptText, at: int, found: ScriptExports) -> None:
    """`module.exports = ...`."""
    code = script.code
    if code[at] == "{":
        _keys(script, at, found)
    elif match := _REQUIRED.match(code, at):
        found.stars.append(literal(script, match.start(1)))
    elif _COMMONJS.match(code, at):
        return  # `exports = module.exports = ...`
    elif match := re.compile(rf"({_NAME})\s*(?=[;\n]|$)").match(code, at):
        _named(script, match[1], found)
    else:
        found.open = True


def _named(script: ScriptText, name: str, found: ScriptExports) -> None:
    """`module.exports = name`: a function, whose properties count, or an object written out."""
    declared = re.search(
        rf"(?<![\w$.])(?:(?:async\s+)?function\s*\*?\s*{re.escape(name)}\s*\("
        rf"|(?:const|let|var)\s+{re.escape(name)}\s*=\s*(\{{))",
        script.code,
    )
    if declared is None or script.depth(declared.start()):
        found.open = True
        return
    if declared[1]:
        _keys(script, declared.start(1), found)
    for match in re.finditer(
        rf"(?<![\w$.]){re.escape(name)}\s*\.\s*({_NAME})\s*=(?![=>])", script.code
    ):
        found.names.setdefault(match[1], script.line(match.start()))


def _keys(script: ScriptText, start: int, found: ScriptExports) -> None:
    for begin, end in items(script, start, script.closing(start)):
        code = script.code[begin:end]
        quoted = _QUOTED_KEY.match(code)
        key = _KEY.match(code)
        if quoted:
            name = script.text[begin + quoted.start(1) : begin + quoted.end(1)]
            found.names.setdefault(name, script.line(begin + quoted.start(1)))
        elif key:
            found.names.setdefault(key[1], script.line(begin + key.start(1)))
        elif code.strip():
            found.open = True
