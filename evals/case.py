"""A case: one change, what its author says of it, and what is known to be wrong with it.

Cases come as a file (one JSON object a line, or one array), as a folder that holds `case.json`
with the project before (`base/`) and the files that the change lays over it (`change/`), or as a
folder of such folders.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.finding import Severity
from bot.errors import UserError

_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
_STRICT = ConfigDict(frozen=True, extra="forbid")


class Truth(BaseModel):
    """One defect that the change brings in.

    `outside`: it shows only with code that the diff does not hold. `quote` is a line of `file`, at
    the head, that shows it; a case that was mined has none.
    """

    model_config = _STRICT

    file: str
    what: str
    severity: Severity
    outside: bool = False
    quote: str = ""


class Case(BaseModel):
    """One change to review. `truth` is empty for a clean one.

    `repo` is a folder, a git bundle or an address; a relative one is meant from where the case
    stands. In folder form it is the case's own folder, `base` and `head` are empty, and `removed`
    names the files that the change deletes. `kind` is a word to group by.
    """

    model_config = _STRICT

    id: str = Field(pattern=_ID)
    repo: str = ""
    base: str = ""
    head: str = ""
    title: str
    body: str = ""
    truth: tuple[Truth, ...] = ()
    kind: str = ""
    removed: tuple[str, ...] = ()

    @property
    def in_folder(self) -> bool:
        """Whether its two commits have still to be written from `base/` and `change/`."""
        return not self.base


def load_cases(path: Path) -> list[Case]:
    """The cases of a file or a folder, in its order.

    Raises:
        UserError: nothing is there, an entry is no case, or two have one id.
    """
    if not path.exists():
        raise UserError(f"{str(path)!r} does not exist. Name a file or a folder of cases.")
    cases = _of_folder(path) if path.is_dir() else _of_file(path)
    if not cases:
        raise UserError(f"{str(path)!r} holds no case. A folder of a case holds case.json.")
    ids = [case.id for case in cases]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    if twice:
        raise UserError(f"{str(path)!r}: two cases have the id {twice[0]!r}. Name one otherwise.")
    return cases


def _of_folder(path: Path) -> list[Case]:
    own = path / "case.json"
    files = [own] if own.is_file() else sorted(path.glob("*/case.json"))
    return [_case(_json(_text(file), str(file)), file.parent, str(file)) for file in files]


def _of_file(path: Path) -> list[Case]:
    text, name = _text(path), str(path)
    if text.lstrip().startswith("["):
        entries = [(f"{name}[{at}]", raw) for at, raw in enumerate(_json(text, name))]
    else:
        rows = [(f"{name}:{at}", row) for at, row in enumerate(text.splitlines(), 1)]
        entries = [(place, _json(row, place)) for place, row in rows if row.strip()]
    return [_case(raw, path.parent, place) for place, raw in entries]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{str(path)!r} cannot be read as cases ({error}).") from error


def _json(text: str, place: str) -> Any:  # noqa: ANN401 (any JSON value; `_case` checks it)
    try:
        return json.loads(text)
    except ValueError as error:
        raise UserError(f"{place}: not JSON ({error}). One case a line, or one array.") from error


def _case(raw: object, folder: Path, place: str) -> Case:
    try:
        case = Case.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the entry"
        raise UserError(f"{place}: {where}: {first['msg']}. See docs/evaluation.md.") from error
    if bool(case.base) != bool(case.head):
        raise UserError(f"{place}: `base` and `head` go together: give both commits, or neither.")
    return case.model_copy(update={"repo": _repo(case, folder, place)})


def _repo(case: Case, folder: Path, place: str) -> str:
    """An address as it stands; anything else as an absolute path."""
    if "://" in case.repo:
        return case.repo
    if case.base and not case.repo:
        raise UserError(f"{place}: `repo` is missing. Name a folder, a bundle or an address.")
    if not case.base and not (folder / "base").is_dir():
        raise UserError(f"{place}: neither commits nor a folder base/ beside it. Give one of them.")
    return str((folder / case.repo).resolve())
