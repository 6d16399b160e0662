"""`python -m evals NAME ...`: each measurement is one file with a `main`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from evals import contract_checks, references

MEASUREMENTS: dict[str, Callable[[Sequence[str]], int]] = {
    "checks": contract_checks.main,
    "references": references.main,
}


def main(arguments: Sequence[str]) -> int:
    """Run one measurement; exit status 2 for an unknown name."""
    name = arguments[0] if arguments else ""
    if name not in MEASUREMENTS:
        sys.stderr.write(f"unknown measurement {name!r}; one of: {', '.join(MEASUREMENTS)}\n")
        return 2
    return MEASUREMENTS[name](arguments[1:])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
