"""Runs of the checks, kept line by line so that a measurement can go on later, and their table."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bot.domain.finding import Finding

_NOTES = ("weakened_test",)
"""Checks that never speak up, however well they are measured."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding. `places` are `path:line` of its evidence."""

    kind: str
    title: str
    places: tuple[str, ...]

    @classmethod
    def of(cls, finding: Finding) -> Hit:
        """What is kept of a finding."""
        places = tuple(f"{entry.path}:{entry.line}" for entry in finding.evidence)
        return cls(finding.kind, finding.title, places)

    def names(self, path: str) -> bool:
        """Whether a file is among the evidence."""
        return any(place.rpartition(":")[0] == path for place in self.places)


@dataclass(frozen=True, slots=True)
class Run:
    """The checks over one merged commit, or one with the edit of `put_back` left out."""

    repository: str
    commit: str
    put_back: str
    contracts: int
    seconds: float
    hits: tuple[Hit, ...] = ()
    facts: tuple[str, ...] = ()

    def __str__(self) -> str:
        label = f"without {self.put_back}" if self.put_back else "AS MERGED"
        said = [
            f"{self.commit[:12]} {label}: {hit.kind}: {hit.title} [{', '.join(hit.places)}]"
            for hit in self.hits
        ]
        return "\n".join(said)


def kept_runs(file: Path) -> Iterator[Run]:
    """The runs of an earlier, perhaps interrupted, measurement; a torn last line is left out."""
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    for line in lines:
        if line.endswith("}"):
            raw = json.loads(line)
            hits = tuple(
                Hit(hit["kind"], hit["title"], tuple(hit["places"])) for hit in raw["hits"]
            )
            yield Run(**{**raw, "hits": hits, "facts": tuple(raw["facts"])})


def keep(file: Path, run: Run) -> None:
    """Append one run."""
    with file.open("a", encoding="utf-8") as kept:
        kept.write(json.dumps(asdict(run)) + "\n")


def tables(runs: Iterable[Run]) -> str:
    """Two Markdown tables: by repository, without what is only ever a note, and by check."""
    by_repository: dict[str, list[Run]] = defaultdict(list)
    kept = list(runs)
    for run in kept:
        by_repository[run.repository].append(_without_notes(run))
    whole = [run for held in by_repository.values() for run in held]
    rows = [_repository_row(name, held) for name, held in sorted(by_repository.items())]
    kinds = sorted({hit.kind for run in kept for hit in run.hits})
    return "\n".join(
        [
            "| repository | commits | changed contracts | commits with a hit | incomplete "
            "| caught | only elsewhere | CPU seconds p50 / p90 / max |",
            "|---|---|---|---|---|---|---|---|",
            *rows,
            _repository_row("all", whole),
            "",
            "| check | hits as merged | incomplete changes caught by it | hits in those |",
            "|---|---|---|---|",
            *(_kind_row(kind, kept) for kind in kinds),
        ]
    )


def _without_notes(run: Run) -> Run:
    return replace(run, hits=tuple(hit for hit in run.hits if hit.kind not in _NOTES))


def _repository_row(name: str, runs: Sequence[Run]) -> str:
    merged = [run for run in runs if not run.put_back]
    partial = [run for run in runs if run.put_back]
    caught = sum(any(hit.names(run.put_back) for hit in run.hits) for run in partial)
    elsewhere = sum(bool(run.hits) for run in partial) - caught
    seconds = sorted(run.seconds for run in merged) or [0.0]
    times = [seconds[len(seconds) // 2], seconds[len(seconds) * 9 // 10], seconds[-1]]
    cells = [
        name,
        str(len(merged)),
        str(sum(run.contracts for run in merged)),
        str(sum(bool(run.hits) for run in merged)),
        str(len(partial)),
        f"{caught} ({caught / max(len(partial), 1):.0%})",
        str(elsewhere),
        " / ".join(f"{value:.2f}" for value in times),
    ]
    return f"| {' | '.join(cells)} |"


def _kind_row(kind: str, runs: Sequence[Run]) -> str:
    def hits(run: Run) -> list[Hit]:
        return [hit for hit in run.hits if hit.kind == kind]

    merged = sum(len(hits(run)) for run in runs if not run.put_back)
    caught = [[hit for hit in hits(run) if hit.names(run.put_back)] for run in runs if run.put_back]
    return f"| `{kind}` | {merged} | {sum(map(bool, caught))} | {sum(map(len, caught))} |"
