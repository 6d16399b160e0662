"""Parsed files: recalled where an earlier review kept them, else parsed now and kept."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha1

from bot.domain.identifiers import BlobId
from bot.ports import Code
from workers.repository.index.parsers import shared_parsers
from workers.repository.index.plain_values import Unreadable
from workers.repository.outlines import Language, language_of, unparsed
from workers.repository.parsed import Parsed


def parse_files(code: Code, contents: Mapping[str, bytes]) -> dict[str, Parsed]:
    """Each path's file, parsed. What could not be parsed carries a note, and is not kept."""
    names = {
        path: fact_name(blob_id(content), language)
        for path, content in contents.items()
        if (language := language_of(path)) and unparsed(path, len(content)) is None
    }
    known = code.recall(names.values())
    found = {
        path: kept
        for path, name in names.items()
        if (kept := _unpacked(known.get(name), contents[path]))
    }
    rest = [(path, content) for path, content in contents.items() if path not in found]
    parsed = dict(zip((path for path, _ in rest), shared_parsers().parse_all(rest), strict=True))
    code.keep(
        {
            names[path]: one.pack()
            for path, one in parsed.items()
            if path in names and not one.outline.note
        }
    )
    return found | parsed


def blob_id(content: bytes) -> BlobId:
    """git's id of a blob with this content."""
    head = b"blob %d\0" % len(content)
    return BlobId(sha1(head + content, usedforsecurity=False).hexdigest())


def fact_name(oid: BlobId, language: Language) -> str:
    """What a blob's parsed file is kept as."""
    return f"{oid}.{language.name}"


def _unpacked(data: bytes | None, source: bytes) -> Parsed | None:
    try:
        return Parsed.unpack(data, source) if data else None
    except Unreadable:
        return None
