"""`python -m evals NAME ...`: what `plumbline eval` does, and measurements of ours.

`checks`: the contract checks over real history; `references`: beside a language server.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from evals import contract_checks, references
from workers.cli.main import run

MEASUREMENTS: dict[str, Callable[[Sequence[str]], int]] = {
    "checks": contract_checks.main,
    "references": references.main,
}


def main(arguments: Sequence[str]) -> int:
    """Run one measurement; every way to fail is one line and a fixed exit status."""
    measure = MEASUREMENTS.get(arguments[0]) if arguments else None
    return run(["eval", *arguments]) if measure is None else measure(arguments[1:])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
