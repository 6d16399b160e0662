"""One conversation about one change: the whole of a baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.domain.conversation import Message
from bot.domain.pull_request import PullRequest
from bot.domain.review import Review
from bot.errors import LimitExceeded, ModelError
from bot.ports import Code, Model, Trace, Watch
from evals.baselines.answer import BaselineAnswer, as_review, failed
from evals.prompt_folder import FOLDER
from evals.unified_diff import unified_diff
from workers.model.budget import Budget
from workers.model.conversation import Question, Session, ask
from workers.model.prompts import load_prompt
from workers.model.redaction import redact
from workers.model.tools import Toolbox

Baseline = Literal["diff-only", "agent"]

_MOST_DIFF_CHARACTERS = 300_000
_MOST_WORDS = 20_000
_ROUNDS: dict[Baseline, int] = {"diff-only": 1, "agent": 40}


@dataclass(frozen=True, slots=True)
class Subject:
    """One pull request, its code, and what may be spent on it."""

    pull: PullRequest
    code: Code
    budget: Budget


def baseline_review(
    kind: Baseline, subject: Subject, model: Model, trace: Trace, watch: Watch
) -> Review:
    """What this baseline says of a change. A model that gives no answer makes a failed review."""
    pull, code, budget = subject.pull, subject.code, subject.budget
    change = code.changes()
    toolbox = Toolbox(code, change.base, change.head) if kind == "agent" else None
    prompt = load_prompt(kind.replace("-", "_"), FOLDER)
    diff, _ = redact(unified_diff(change, _MOST_DIFF_CHARACTERS))
    text = prompt.render(title=pull.title, body=pull.body[:_MOST_WORDS], diff=diff)
    question = Question(
        room="answer",
        purpose=f"baseline: {kind}",
        messages=(Message("user", text),),
        answer=BaselineAnswer,
        prompt_version=prompt.tag,
        tools=toolbox is not None,
        max_rounds=_ROUNDS[kind],
        max_output_tokens=12_000,
    )
    try:
        answer = ask(question, Session(model, toolbox, budget, trace, watch))
    except (ModelError, LimitExceeded) as error:
        return failed(str(error), change, budget)
    return as_review(answer.comments, change, budget)
