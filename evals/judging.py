"""A judge model says which comment reports which known defect; its word is kept beside the results.

It reads two lists and no code: whether a comment that matches nothing is true is not asked.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from bot.domain.budget import Allowance
from bot.domain.conversation import Message, Step
from bot.errors import ModelAnswerInvalid
from bot.ports import Model
from evals.case import Truth
from evals.prompt_folder import FOLDER
from evals.result import Comment, Result
from evals.running import QuietWatch
from workers.model.budget import Budget
from workers.model.conversation import Question, Session, ask
from workers.model.prompts import load_prompt

MOST_COMMENTS = 60
_MOST_TEXT = 2_000
_MOST_TRUTH = 5_000  # a mined one holds the lines that mend it
_CALLS = 3
_TOKENS = 500_000
_SECONDS = 600.0


class CommentVerdict(BaseModel):
    """One comment: the number of the defect that it reports, or null."""

    comment: int
    defect: int | None
    why: str


class JudgeAnswer(BaseModel):
    """One verdict a comment."""

    verdicts: list[CommentVerdict]


class Judgement(BaseModel):
    """A judge's word on one result. `asked` is a digest of model and prompt.

    `matches`: for each comment, in order, the index of the truth that it reports, or None.
    """

    asked: str
    prompt: str
    matches: tuple[int | None, ...]
    why: tuple[str, ...]


class _NoTrace:
    """`ports.Trace` of a judge: its word is kept as a judgement instead."""

    def add(self, step: Step) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Judge:
    """One model that judges; `folder` is the results' folder, below which its word is kept."""

    name: str
    model: Model
    folder: Path

    def over(self, results: Sequence[Result], jobs: int) -> list[Judgement]:
        """A judgement of each result, in order; what was judged before is not asked again.

        Raises:
            ModelUnavailable, ModelAnswerInvalid: the judge gave no answer. What it has judged until
                then is kept.
        """
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            return list(pool.map(self._one, results))

    def _one(self, result: Result) -> Judgement:
        truths, comments = result.case.truth, result.comments[:MOST_COMMENTS]
        prompt = load_prompt("judge", FOLDER)
        text = prompt.render(defects=_defects(truths), comments=_comments(_worded_once(comments)))
        asked = hashlib.sha256(f"{self.name}\0{prompt.tag}\0{text}".encode()).hexdigest()
        if not truths or not comments:
            return _nothing(asked, prompt.tag, len(result.comments))
        file = self._file(result)
        kept = _kept(file)
        if kept is not None and kept.asked == asked:
            return kept
        verdicts = self._ask(result.case.id, text, prompt.tag)
        judgement = _judgement(asked, prompt.tag, verdicts, len(truths), result.comments)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(judgement.model_dump_json(indent=1) + "\n", encoding="utf-8")
        return judgement

    def _ask(self, case_id: str, text: str, tag: str) -> JudgeAnswer:
        question = Question(
            room="answer",
            purpose=f"judge: {case_id}",
            messages=(Message("user", text),),
            answer=JudgeAnswer,
            prompt_version=tag,
            tools=False,
            max_rounds=1,
        )
        budget = Budget(Allowance(_CALLS, _TOKENS, _SECONDS))
        session = Session(self.model, None, budget, _NoTrace(), QuietWatch())
        try:
            return ask(question, session)
        except ModelAnswerInvalid as error:
            raise ModelAnswerInvalid(f"the judge {self.name!r}: {error}") from error

    def _file(self, result: Result) -> Path:
        slug = re.sub(r"[^A-Za-z0-9._-]", "_", self.name)[:80]
        return self.folder / "judgements" / slug / f"{result.case.id}.json"


def _worded_once(comments: Sequence[Comment]) -> list[Comment]:
    """The first of those that say the same in the same words: several questions find one defect."""
    first: dict[tuple[str, str], Comment] = {}
    for one in comments:
        first.setdefault((one.title, one.body), one)
    return list(first.values())


def _judgement(
    asked: str, tag: str, answer: JudgeAnswer, truths: int, comments: Sequence[Comment]
) -> Judgement:
    """Numbers that name nothing match nothing; of two verdicts on one comment the first holds."""
    said: dict[int, CommentVerdict] = {}
    for verdict in answer.verdicts:
        said.setdefault(verdict.comment, verdict)
    asked_as = {(one.title, one.body): one.number for one in _worded_once(comments)}
    verdicts = [said.get(asked_as[one.title, one.body]) for one in comments]
    named = [None if verdict is None else verdict.defect for verdict in verdicts]
    return Judgement(
        asked=asked,
        prompt=tag,
        matches=tuple(None if n is None or not 1 <= n <= truths else n - 1 for n in named),
        why=tuple("" if verdict is None else verdict.why[:300] for verdict in verdicts),
    )


def _nothing(asked: str, tag: str, comments: int) -> Judgement:
    """Nothing to match: no model is asked."""
    return Judgement(asked=asked, prompt=tag, matches=(None,) * comments, why=("",) * comments)


def _kept(file: Path) -> Judgement | None:
    try:
        return Judgement.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


def _defects(truths: Sequence[Truth]) -> str:
    rows = (
        json.dumps({"number": number, "file": truth.file, "what": truth.what[:_MOST_TRUTH]})
        for number, truth in enumerate(truths, start=1)
    )
    return "\n".join(rows)


def _comments(comments: Sequence[Comment]) -> str:
    """One JSON object a line: nothing in a comment can pass for the next one."""
    rows = (
        json.dumps(
            {
                "number": one.number,
                "place": _place(one),
                "title": one.title,
                "text": one.body[:_MOST_TEXT],
            }
        )
        for one in comments
    )
    return "\n".join(rows)


def _place(comment: Comment) -> str:
    return comment.path if comment.line is None else f"{comment.path}:{comment.line}"
