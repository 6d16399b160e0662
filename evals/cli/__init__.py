"""`plumbline eval`, and `python -m evals`: mine cases, run reviewers over them, score, compare.

The program names this package only as text: it does not import who measures it.
"""

from __future__ import annotations

import click

from evals.cli.compare import compare_command, page_command
from evals.cli.mine import mine_command
from evals.cli.run import run_command
from evals.cli.score import score_command


@click.group("eval")
def evaluation() -> None:
    """Measure reviewers over changes of which the defects are known."""


for command in (mine_command, run_command, score_command, compare_command, page_command):
    evaluation.add_command(command)
