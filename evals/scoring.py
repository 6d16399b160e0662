"""The results of one run under each judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.domain.budget import Price
from bot.ports import Model
from evals.judging import Judge
from evals.measures import measures
from evals.result import Result, ResultFolder
from evals.score_tables import Score
from evals.tally import Scored, disagreements


def judged(folder: Path, judges: Mapping[str, Model], jobs: int) -> dict[str, list[Scored]]:
    """Each done case under each judge, by the judge's name, in order.

    Raises:
        UserError: the folder holds no results.
        ModelUnavailable, ModelAnswerInvalid: a judge gave no answer.
    """
    done = [result for result in ResultFolder(folder).results() if result.done]
    return {name: _under(Judge(name, model, folder), done, jobs) for name, model in judges.items()}


def score(
    folder: Path, judges: Mapping[str, Model], jobs: int, price: Price | None = None
) -> Score:
    """The numbers of one run. Raises as `judged` does."""
    under = judged(folder, judges, jobs)
    results = ResultFolder(folder).results()
    one, *others = under.values()
    return Score(
        run=run_name(results),
        judges={name: measures(cases, price) for name, cases in under.items()},
        judged=sum(len(case.matched) for case in one if case.truths),
        disagreed=tuple(disagreements(one, others[0])) if others else (),
        not_done=tuple(
            f"{result.case.id}: {result.why_not}" for result in results if not result.done
        ),
    )


def run_name(results: Sequence[Result]) -> str:
    """Reviewer and model, as the results say."""
    first = results[0]
    return f"{first.reviewer} ({first.model or 'no model'})"


def _under(judge: Judge, results: Sequence[Result], jobs: int) -> list[Scored]:
    words = judge.over(results, jobs)
    return [Scored.of(result, word) for result, word in zip(results, words, strict=True)]
