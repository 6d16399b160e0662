"""The recording that `make demo` shows is what the program says of the recorded answers, no more.

`UPDATE_RECORDING=1` rewrites it; read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

from bot.domain.finding import Fate
from evals.recording import RECORDING, RecordedModel, as_posted, recorded_answers
from tests.fakes.proposal import REF, example


def test_the_recording_is_what_the_program_says_of_the_answers(tmp_path: Path) -> None:
    review = example(tmp_path).review(RecordedModel(recorded_answers()), effort="standard")
    told = as_posted(review, REF)
    for commit, name in ((review.head, "head"), (review.base, "base")):
        told = told.replace(commit, name).replace(commit[:12], name).replace(commit[:7], name)
    if os.environ.get("UPDATE_RECORDING"):
        RECORDING.write_text(told, encoding="utf-8")
    assert told == RECORDING.read_text(encoding="utf-8")
    assert review.status == "complete"
    assert len(review.with_fate(Fate.POSTED)) == 4
