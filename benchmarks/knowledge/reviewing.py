"""One process that understands changes one after the other, as a worker's jobs do.

`python -m benchmarks.knowledge.reviewing`: a line of JSON in, a line of JSON out, for each change.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any

from bot.domain.identifiers import InstallationId, RepositoryId, Sha
from bot.domain.pull_request import PullRef, PullRequest, RepositoryRef
from workers.repository.clones.bare_clones import BareClones
from workers.repository.index.parsers import renew_shared_parsers, shared_parsers
from workers.repository.knowledge import Knowledge, understand

_UP_SECONDS = 0.3
"""A worker started the parser when its last review ended, long ago."""


def main() -> int:
    """Serve until nobody asks any more."""
    for line in sys.stdin:
        asked = json.loads(line)
        answer = _DO[asked["do"]](asked)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return 0


def _fetch(asked: dict[str, Any]) -> dict[str, Any]:
    began = time.monotonic()
    with _clones(asked).open(_pull(asked)):
        return {"seconds": time.monotonic() - began}


def _review(asked: dict[str, Any]) -> dict[str, Any]:
    """Fetch what is missing, know what hangs on the change; as in a job, a fresh parser waits."""
    renew_shared_parsers()
    shared_parsers().get_ready()
    time.sleep(_UP_SECONDS)
    pull = _pull(asked)
    began, worked = time.monotonic(), _processor_seconds()
    with _clones(asked).open(pull) as code:
        knowledge = understand(code, code.changes(), pull.base_tip, lambda path: not path)
        seconds = time.monotonic() - began
    shared_parsers().close()
    worked = _processor_seconds() - worked
    return {"seconds": seconds, "worked": worked, "sites": _sites(knowledge)}


def _processor_seconds() -> float:
    """Of this process and of all that it started and that ended."""
    used = (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _tidy(asked: dict[str, Any]) -> dict[str, Any]:
    """What a worker does for the repository while nobody waits."""
    began = time.monotonic()
    _clones(asked).tidy(_pull(asked).ref.repository, lambda: False)
    return {"seconds": time.monotonic() - began}


def _sites(knowledge: Knowledge) -> list[tuple[str, str, int]]:
    """(changed name, path, line) of each resolved direct use."""
    return [
        (symbol.name.rpartition(".")[2], site.path, site.line)
        for symbol in knowledge.changed
        for site in symbol.sites
        if site.depth == 1
    ]


def _clones(asked: dict[str, Any]) -> BareClones:
    return BareClones(Path(asked["data"]), asked["url"], lambda _: None)


def _pull(asked: dict[str, Any]) -> PullRequest:
    where = RepositoryRef(RepositoryId(1), asked["name"], InstallationId(1))
    return PullRequest(
        ref=PullRef(where, asked["number"]),
        title="", body="", author="ada", state="open", base_branch="main", head_branch="change",
        base_tip=Sha(asked["tip"]), merge_base=Sha(asked["base"]), head=Sha(asked["head"]),
    )  # fmt: skip


_DO = {"fetch": _fetch, "review": _review, "tidy": _tidy}

if __name__ == "__main__":
    sys.exit(main())
