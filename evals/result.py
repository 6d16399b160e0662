"""What one reviewer said of one case: a JSON file of its own, so that a run can go on later."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.finding import SHOWN, Fate, Severity
from bot.errors import UserError
from evals.case import Case

_CASES = "cases"
MOST_DIFF_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class Comment:
    """One finding as a reader meets it; `number` counts all findings of the review from 1."""

    number: int
    path: str
    line: int | None
    title: str
    body: str
    severity: Severity
    fate: Fate

    @property
    def shown(self) -> bool:
        """Whether a person is to see it, inline or folded."""
        return self.fate in SHOWN


class Result(BaseModel):
    """One case reviewed. `review` is the public object of docs/review.schema.json.

    `error` says why there is no review; `seconds` is wall time; `diff` is the unified diff, cut.
    """

    model_config = ConfigDict(frozen=True)

    schema_version: Literal[1] = 1
    reviewer: str
    model: str
    effort: str = "auto"
    case: Case
    diff: str = ""
    review: Mapping[str, Any] | None = None
    error: str = ""
    seconds: float = 0.0

    @property
    def by(self) -> tuple[str, str, str]:
        """Who reviewed: reviewer, model, effort."""
        return self.reviewer, self.model, self.effort

    @property
    def done(self) -> bool:
        """Whether there is something to score; else the case is tried again by the next run."""
        return self.review is not None and self.review["status"] != "failed"

    @property
    def why_not(self) -> str:
        """Why it is not done."""
        return self.error or "; ".join((self.review or {}).get("notes", ())) or "it failed"

    @property
    def comments(self) -> tuple[Comment, ...]:
        """Every finding, whatever its fate."""
        findings = self.review["findings"] if self.review is not None else ()
        return tuple(
            Comment(
                number=number,
                path=raw["path"],
                line=raw["line"],
                title=raw["title"],
                body=raw["body"],
                severity=Severity(raw["severity"]),
                fate=Fate(raw["fate"]),
            )
            for number, raw in enumerate(findings, start=1)
        )


@dataclass(frozen=True, slots=True)
class ResultFolder:
    """The folder of one run."""

    path: Path

    def kept(self) -> dict[str, Result]:
        """What is there of an earlier run, by case; a file that cannot be read is left out."""
        found: dict[str, Result] = {}
        for file in self._files():
            with suppress(UserError):  # of another version: the case is run again
                result = _read(file)
                found[result.case.id] = result
        return found

    def keep(self, result: Result) -> None:
        """Write it whole or not at all."""
        file = self._file(result.case.id)
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(f".{os.getpid()}.half")
        half.write_text(result.model_dump_json(indent=1) + "\n", encoding="utf-8")
        half.replace(file)

    def results(self) -> list[Result]:
        """All results, by id.

        Raises:
            UserError: there is none, or one cannot be read.
        """
        files = self._files()
        if not files:
            raise UserError(f"{str(self.path)!r} holds no results. Name the --out of a run.")
        return [_read(file) for file in files]

    def _files(self) -> list[Path]:
        return sorted((self.path / _CASES).glob("*.json"))

    def _file(self, case_id: str) -> Path:
        return self.path / _CASES / f"{case_id}.json"


def _read(file: Path) -> Result:
    try:
        return Result.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise UserError(f"{str(file)!r} is no result. Delete it and run the case again.") from error
