"""A Protocol Buffers schema changes so that messages written before can no longer be read.

Documented in docs/checks/proto_schema.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.diff import FileChange
from bot.domain.finding import Finding
from workers.repository.checks.broken_site import Contract, check_finding, quote
from workers.repository.checks.inspection import Inspection
from workers.repository.schemas.protobuf import (
    BUILT_IN,
    Field,
    Message,
    ProtoFile,
    Value,
    read_proto,
    wire_type,
)

KIND = "proto_schema"
_UNSTABLE = re.compile(r"(^|\.)v\d+(alpha|beta|test)\d*$|(^|\.)(internal|test|testdata)(\.|$)")


@dataclass(frozen=True, slots=True)
class _Break:
    """What a reader of old messages gets wrong. Lines before and after; 0: there is none."""

    symbol: str
    title: str
    why: str
    old: int
    new: int


def broken_protos(inspection: Inspection) -> list[Finding]:
    """One finding for each field or value whose meaning on the wire changed."""
    found: list[Finding] = []
    for file in inspection.changed(".proto"):
        path = file.old_path or file.path
        if file.status == "deleted" or inspection.late():
            continue
        before = read_proto(inspection.before.text(path) or "")
        after = read_proto(inspection.after.text(file.path) or "")
        if not (before.readable and after.readable):
            inspection.notes.append(f"{file.path}: not checked, it does not read as a proto file")
        elif not _UNSTABLE.search(before.package) and before.package == after.package:
            found += [_finding(inspection, file, one) for one in _breaks(before, after)]
    return found


def _breaks(before: ProtoFile, after: ProtoFile) -> Iterator[_Break]:
    enums = frozenset(name.rpartition(".")[2] for name in (*before.enums, *after.enums))
    for name, old in before.messages.items():
        new = after.messages.get(name)
        if new is not None:
            yield from _of_message(old, new, enums)
    for name, values in before.enums.items():
        yield from _of_enum(name, values, after.enums.get(name, {}))


def _of_message(old: Message, new: Message, enums: frozenset[str]) -> Iterator[_Break]:
    for number, field in new.fields.items():
        was = old.fields.get(number)
        symbol = f"{new.name}.{field.name}"
        if was is not None:
            yield from _of_field(symbol, new, was, field, enums)
        elif field.label == "required" and field.name not in {f.name for f in old.fields.values()}:
            why = "Messages that were written before lack it, and readers refuse them."
            yield _Break(symbol, f"`{symbol}` is newly required", why, 0, field.line)


def _of_field(
    symbol: str, new: Message, was: Field, now: Field, enums: frozenset[str]
) -> Iterator[_Break]:
    before, after = wire_type(was.type, enums), wire_type(now.type, enums)
    if before == after or not BUILT_IN & {before, after}:
        return
    if was.name == now.name:
        why = f"It was `{was.type}` and is `{now.type}`: old bytes are read as another value."
        yield _Break(symbol, f"`{symbol}` changes its type on the wire", why, was.line, now.line)
    else:
        why = (
            f"Number {now.number} was `{was.type} {was.name}` and is `{now.type} {now.name}`: old "
            "messages are read as the new field."
        )
        title = f"Field number {now.number} of `{new.name}` is given to another field"
        yield _Break(symbol, title, why, was.line, now.line)


def _of_enum(name: str, old: dict[str, Value], new: dict[str, Value]) -> Iterator[_Break]:
    for value, was in old.items():
        now = new.get(value)
        if now is not None and now.number != was.number:
            symbol = f"{name}.{value}"
            why = f"It was {was.number} and is {now.number}: old messages mean another value."
            yield _Break(symbol, f"`{symbol}` changes its number", why, was.line, now.line)


def _finding(inspection: Inspection, file: FileChange, one: _Break) -> Finding:
    old_path = file.old_path or file.path
    evidence = [quote(inspection.before, old_path, one.old, one.old)] if one.old else []
    evidence.append(quote(inspection.after, file.path, one.new, one.new))
    return check_finding(
        Contract(KIND, one.symbol, file, "RIGHT", one.new),
        title=one.title,
        body=f"{one.why} Smallest fix: keep the old field as it is and give the new one a number "
        "of its own.",
        trigger="a message that was written before the change is read after it, or the reverse",
        evidence=evidence,
    )
