"""Paths of a web interface: registered by a server, named by clients, tests and templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workers.repository.links.link import ChangedLine, Role, strings_in

_ROUTE = re.compile(r"\^?/?[\w.~-]+(?:/[\w.~:{}<>*$()\[\]|\\?+-]*)*|/[\w.~:{}<>*$()\[\]|\\?+/-]+")
_PARAMETER = re.compile(r"[{<:*$(\[\\?]")
_REGISTERS = re.compile(
    r"@\w[\w.]*\.(route|get|post|put|patch|delete|head|options|websocket|api_route)\("
    r"|\b(?!fetch|axios|http|client|requests)\w*(app|router?|mux|server|fastify|api|blueprint|group|r)"
    r"\.(route|get|post|put|patch|delete|all|use|any|handle|handlefunc|method|mount|add_url_rule)\("
    r"|\b(re_path|path|url)\(\s*r?[\"']|@(Get|Post|Put|Delete|Patch|Request)(Mapping)?\("
    r"|\bHandleFunc?\(|\bMap(Get|Post|Put|Delete)\(|\[(Http\w+|Route)\("
    r"|^\s*(get|post|put|patch|delete|match|resources?)\s+[\"':]",
    re.IGNORECASE,
)
_CALLS = re.compile(
    r"\b(fetch|axios|ajax|request|requests|client|http|href|action|src|url|redirect|visit|navigate"
    r"|getJSON|open|curl|get|post|put|patch|delete)\b",
    re.IGNORECASE,
)
_FILE_SYSTEM = re.compile(r"/(?:tmp|usr|etc|dev|bin|var|opt|home|proc|sys|root|lib|mnt|run)(?:/|$)")
_SHORTEST = 5


def registers(text: str) -> bool:
    """Whether a line looks as if it registers a handler."""
    return bool(_REGISTERS.search(text))


def routes_on(lines: Iterable[ChangedLine]) -> Iterator[tuple[ChangedLine, str]]:
    """(line, fixed beginning of a path) of lines that register a handler or call one."""
    for line in lines:
        if registers(line.text) or _CALLS.search(line.text):
            for text in strings_in(line.path, line.text):
                beginning = fixed_part(text)
                if beginning:
                    yield line, beginning


def fixed_part(text: str) -> str:
    """`/users/list` of `/users/list/{id}?page=1`; "" for what is no path of a web interface."""
    path = text.split("?")[0]
    if not path.startswith("/") or path.startswith("//") or not _ROUTE.fullmatch(path):
        return ""
    cut = _PARAMETER.search(path)
    if cut is not None:
        path = path[: cut.start()].rpartition("/")[0]
    path = path.rstrip("/")
    return "" if len(path) < _SHORTEST or _FILE_SYSTEM.match(path) else path


def is_specific(word: str) -> bool:
    """Two segments or more, and long."""
    return word.count("/") >= 2 and len(word) >= 10


def route_role(path: str, text: str, word: str) -> Role | None:
    """What a line does with a path; None where the text only begins or ends alike."""
    if not any(f"{word}/" in f"{known}/" for known in strings_in(path, text)):
        quoted = re.search(rf"[\"'`\s=(]{re.escape(word)}(?![\w.-])", text)
        if quoted is None:
            return None
    return "defines" if registers(text) else "reads"
