"""A class or module of Ruby is gone from its namespace, and code still names it.

Documented in docs/checks/ruby_constant.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.finding import Finding
from workers.repository.checks.broken_site import counted, places
from workers.repository.checks.inspection import Inspection, has_line
from workers.repository.checks.removal import Removed, Spot, Told, record, removal_finding
from workers.repository.snapshot import Hit
from workers.repository.test_paths import is_test_path

KIND = "ruby_constant"
NAMES = 40
_ENDS = (".rb", ".rake", ".ru")
_PACKAGES = re.compile(r"(^|/)(Gemfile(\.lock)?|[^/]+\.gemspec)$")
_CORE = frozenset(
    "Array Base BasicObject Binding Class Comparable Complex Config Data Date DateTime Dir "
    "Encoding Enumerable Enumerator Error Exception Fiber File Float GC Handler Hash IO Integer "
    "Kernel Logger Marshal Math Method Module Mutex NilClass Numeric Object ObjectSpace Process "
    "Proc Queue Random Range Rational Regexp Request Response Server Set Signal Socket String "
    "StringIO Struct Symbol Thread Time TrueClass URI Utils Version".split()
)
"""Names that the core, the standard library or nearly every library gives as well."""
_DECLARES = re.compile(r"\b(class|module)\b")
_GUARDED = re.compile(
    r"\bdefined\?|\b(rescue|skip|raises|assert_raises|raise_error|const_missing)\b"
)


def removed_ruby_constants(inspection: Inspection) -> list[Finding]:
    """One finding for each removed class or module that is still named."""
    if any(_PACKAGES.search(file.path) for file in inspection.change.files):
        return []  # what went may come from a gem now
    gone = inspection.first(_gone(inspection), NAMES, "removed Ruby constants")
    hits = inspection.mentions({entry.simple for entry in gone}, lambda p: p.endswith(_ENDS))
    for entry in gone:
        lines = [hit for held in hits.get(entry.simple, {}).values() for hit in held]
        if not any(_may_define(text, entry.simple) for _, _, text in lines):
            _judge(inspection, entry, lines)
    return [_finding(inspection, entry) for entry in gone if entry.broken]


def _gone(inspection: Inspection) -> Iterator[Removed]:
    """Only names inside a namespace that is still there: any gem may define one at the top."""
    for file in inspection.changed(_ENDS):
        path = file.old_path or file.path
        if file.status == "modified" and not has_line(file, "-", _DECLARES):
            continue
        if not inspection.reads_as_before(file):
            continue
        kept = {one.name for one in inspection.after.outline(file.path).definitions}
        for one in inspection.before.outline(path).definitions:
            named = one.kind in ("class", "module") and one.container and one.simple not in _CORE
            gone = named and (file.status == "deleted" or one.name not in kept)
            if gone and _is_ours(inspection, one.name.partition(".")[0]):
                yield Removed(file, path, one.name, one.name_line)


def _is_ours(inspection: Inspection, namespace: str) -> bool:
    """Whether code outside tests opens the namespace: a test may reopen one of a gem."""
    opens = re.compile(rf"^\s*(?:module|class)\s+{re.escape(namespace)}\b")
    return any(
        opens.search(text) and path.endswith(_ENDS) and not is_test_path(path)
        for path, _, text in inspection.after.grep([namespace])
    )


def _may_define(text: str, simple: str) -> bool:
    """Whether a line may give the constant: a definition, an assignment, a name in quotes."""
    name = re.escape(simple)
    defined = rf"\b(?:class|module)\s+(?:\w+::)*{name}\b|\b{name}\s*(?:\|\|)?=(?![=~>])"
    quoted = rf"(?<!:):{name}\b|[\"'/](?:\w+::)*{name}\b"
    return bool(re.search(f"{defined}|{quoted}", text))


def _judge(inspection: Inspection, entry: Removed, lines: list[Hit]) -> None:
    for path, line, text in lines:
        uses = inspection.after.parsed(path).uses({entry.simple}, [line])
        if not any(_means(inspection, entry, path, line, use.receiver) for use in uses):
            continue
        if _is_guarded(inspection, path, line, text):
            continue
        why = f"it names `{_written(entry.name)}`, which is gone"
        record(entry, path, [Spot(line, line, "", why)], inspection.judged)


def _means(inspection: Inspection, entry: Removed, path: str, line: int, receiver: str) -> bool:
    """`Rack::Session` anywhere, or `Session` inside `module Rack`."""
    container = _written(entry.container)
    if receiver:
        return receiver.removeprefix("::") == container
    around = inspection.after.outline(path).enclosing(line)
    return around is not None and f"{around.name}.".startswith(f"{entry.container}.")


def _is_guarded(inspection: Inspection, path: str, line: int, text: str) -> bool:
    """Whether the line asks first, or the method around rescues or expects a failure."""
    around = inspection.after.outline(path).enclosing(line)
    inside = around is not None and around.kind in ("method", "function")
    start, end = (around.line, around.end_line) if around and inside else (line - 3, line + 3)
    nearby = inspection.after.lines(path)[max(0, start - 1) : end]
    return any(_GUARDED.search(one) for one in (text, *nearby))


def _finding(inspection: Inspection, entry: Removed) -> Finding:
    sites, written = entry.sites, _written(entry.name)
    body = (
        f"`{written}` is gone, but {counted(sites)} still "
        + ("names" if len(sites) == 1 else "name")
        + f" it:\n\n{places(sites)}\n\n"
        "Ruby raises `NameError` there. Smallest fix: change these lines, or keep the name."
    )
    told = Told(
        symbol=written,
        title=f"`{written}` is removed but still named in {counted(sites)}",
        body=body,
        trigger=f"Ruby reaches {sites[0].path}:{sites[0].line}",
    )
    return removal_finding(KIND, entry, told, inspection.before, inspection.after)


def _written(name: str) -> str:
    """`Rack::Session` of `Rack.Session`."""
    return name.replace(".", "::")
