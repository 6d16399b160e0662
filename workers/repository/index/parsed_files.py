"""Parsed files: recalled where an earlier review kept them, else parsed now and kept."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha1

from bot.domain.identifiers import BlobId
from bot.ports import Code
from workers.repository.index.parsers import shared_parsers
from workers.repository.index.plain_values import Unreadable, packed, unpacked
from workers.repository.outline import Outline
from workers.repository.outlines import Language, language_of, unparsed
from workers.repository.parsed import Parsed


def parse_files(code: Code, contents: Mapping[str, bytes]) -> dict[str, Parsed]:
    """Each path's file, parsed. What could not be parsed carries a note, and is not kept."""
    names = {
        path: fact_names(blob_id(content), language)
        for path, content in contents.items()
        if (language := language_of(path)) and unparsed(path, len(content)) is None
    }
    known = code.recall([name for pair in names.values() for name in pair])
    found = {path: kept for path, pair in names.items() if (kept := _recalled(known, *pair))}
    rest = [(path, content) for path, content in contents.items() if path not in found]
    parsed = dict(zip((path for path, _ in rest), shared_parsers().parse_all(rest), strict=True))
    fresh = {path: parsed[path] for path in names if path in parsed}
    code.keep(
        {
            name: fact
            for path, one in fresh.items()
            if not one.outline.note
            for name, fact in zip(names[path], (packed(one.outline), one.identifiers), strict=True)
        }
    )
    return found | parsed


def blob_id(content: bytes) -> BlobId:
    """git's id of a blob with this content."""
    head = b"blob %d\0" % len(content)
    return BlobId(sha1(head + content, usedforsecurity=False).hexdigest())


def fact_names(oid: BlobId, language: Language) -> tuple[str, str]:
    """What the outline and the identifiers of a blob are kept as."""
    return f"{oid}.{language.name}.outline", f"{oid}.{language.name}.uses"


def _recalled(known: Mapping[str, bytes], outline: str, uses: str) -> Parsed | None:
    if outline not in known or uses not in known:
        return None
    try:
        return Parsed(unpacked(Outline, known[outline]), known[uses])
    except Unreadable:
        return None
