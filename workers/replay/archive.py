"""An export as a zip file. One that is read may be hostile.

No name in it is ever used as a path: its few members are asked for by the names below, each is read
up to a bound, and the code goes through `git index-pack` into a repository of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from bot.domain.conversation import Step
from bot.domain.identifiers import Sha
from bot.domain.pull_request import PullRequest
from bot.domain.record_codec import decode, encode
from bot.domain.review_json import record_from_json, record_to_json
from bot.errors import UserError
from workers.replay.export import Export
from workers.repository.clones.packing import MOST_PACK_BYTES, Packed

FORMAT = 1
_MANIFEST, _PULL, _EARLIER = "manifest.json", "pull_request.json", "earlier_reviews.json"
_STEPS, _REVIEW, _CODE = "steps.json", "review.json", "code.pack"
_TEXTS = (_MANIFEST, _PULL, _EARLIER, _STEPS, _REVIEW)
_MOST_TEXT_BYTES = 256 * 1024**2
_MOST_MEMBERS = 20
_MOST_LISTED_BYTES = 64 * 1024
_LONGEST_ENDING = 64 * 1024 + 22
_MOST_STEPS = 10_000
_MOST_EARLIER = 1_000
_MADE_AT = (1980, 1, 1, 0, 0, 0)  # the oldest time that a zip file can hold: ours are in the record
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def write_export(export: Export, file: Path) -> None:
    """Write it whole or not at all, for its owner's eyes alone. Raises UserError."""
    aside = file.with_name(f".{file.name}.{uuid4().hex}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream, zipfile.ZipFile(stream, "w") as made:
            for name, value in _documents(export).items():
                text = json.dumps(value, indent=1, sort_keys=True) + "\n"
                made.writestr(_entry(name, zipfile.ZIP_DEFLATED), text)
            with export.code.pack.open("rb") as pack, made.open(_entry(_CODE), "w") as member:
                shutil.copyfileobj(pack, member)
        aside.replace(file)
    except OSError as error:
        raise UserError(f"{str(file)!r} cannot be written ({error.strerror}).") from error
    finally:
        aside.unlink(missing_ok=True)


def _entry(name: str, compression: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MADE_AT)
    entry.compress_type = compression
    entry.external_attr = 0o600 << 16
    return entry


def _documents(export: Export) -> dict[str, Any]:
    about = {**export.about, "format": FORMAT, "ends": list(export.code.ends)}
    return {
        _MANIFEST: about,
        _PULL: encode(export.pull),
        _EARLIER: [record_to_json(review) for review in export.earlier],
        _STEPS: [asdict(step) for step in export.steps],
        _REVIEW: record_to_json(export.review),
    }


def read_export(file: Path, folder: Path) -> Export:
    """Read an export; its pack is put into `folder`.

    Raises:
        UserError: it cannot be read, or is no export of this version.
    """
    try:
        _check_directory(file)
        with zipfile.ZipFile(file) as opened:
            _check_members(opened)
            found = {name: _document(opened, name) for name in _TEXTS}
            pack = folder / _CODE
            with opened.open(_CODE) as member, pack.open("xb") as stream:
                _copy(member, stream)
        return _export(found, pack)
    except OSError as error:
        raise UserError(f"{str(file)!r} cannot be read ({error.strerror or error}).") from error
    except (*_BROKEN, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise UserError(f"{str(file)!r} is no export of a review: {error}.") from error


def _check_directory(file: Path) -> None:
    """Before Python reads the list of members whole: it may be as large as the file.

    https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.15 and 4.3.16
    """
    with file.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - _LONGEST_ENDING))
        ending = stream.read()
    at = ending.rfind(b"PK\5\6")
    listed = int.from_bytes(ending[at + 12 : at + 16], "little")
    if at >= 0 and (listed > _MOST_LISTED_BYTES or b"PK\6\7" in ending):
        raise ValueError("its list of members is too long")


def _check_members(opened: zipfile.ZipFile) -> None:
    names = opened.namelist()
    if len(names) > _MOST_MEMBERS or len(set(names)) != len(names):
        raise ValueError(f"it has {len(names)} members, or two of one name")


def _document(opened: zipfile.ZipFile, name: str) -> Any:  # noqa: ANN401 - a JSON value
    with opened.open(name) as member:
        text = member.read(_MOST_TEXT_BYTES + 1)
    if len(text) > _MOST_TEXT_BYTES:
        raise ValueError(f"{name} holds more than {_MOST_TEXT_BYTES} bytes")
    return json.loads(text)


def _copy(member: IO[bytes], stream: IO[bytes]) -> None:
    """Whatever size the file claims, what comes out of it is counted."""
    left = MOST_PACK_BYTES
    while piece := member.read(1 << 20):
        left -= len(piece)
        if left < 0:
            raise ValueError(f"{_CODE} holds more than {MOST_PACK_BYTES} bytes")
        stream.write(piece)


def _export(found: dict[str, Any], pack: Path) -> Export:
    about = found[_MANIFEST]
    if about.get("format") != FORMAT:
        raise ValueError(f"its format is {about.get('format')!r}, this program reads {FORMAT}")
    return Export(
        about=about,
        pull=decode(PullRequest, found[_PULL]),
        earlier=tuple(record_from_json(raw) for raw in _few(found[_EARLIER], _MOST_EARLIER)),
        steps=tuple(_step(raw) for raw in _few(found[_STEPS], _MOST_STEPS)),
        review=record_from_json(found[_REVIEW]),
        code=Packed(pack, tuple(Sha(str(end)) for end in about["ends"])),
    )


def _few(values: list[Any], most: int) -> Iterable[Any]:
    if len(values) > most:
        raise ValueError(f"it holds a list of {len(values)}, at most {most} are read")
    return values


def _step(raw: dict[str, Any]) -> Step:
    step = Step(**raw)
    if not isinstance(step.request, dict) or not isinstance(step.response, dict):
        raise ValueError(f"the step {step.name!r} is not as it was recorded")
    return step
