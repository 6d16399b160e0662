"""The made-up repositories on disk, made once: a bare repository and the truth beside it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.knowledge import dialects, planting
from benchmarks.knowledge.planting import Planted, Target, plant

FOLDER = Path(__file__).parents[2] / ".bench" / "knowledge"
_EDITED_PER_MERGE = 12
_EDITED_PER_CHANGE = 2
_GO_MOD = "module example.com/big\n"


@dataclass(frozen=True, slots=True)
class PlantedChange:
    """One pull request: it gives a planted function one more parameter, and edits two bodies."""

    base: str
    head: str
    tip: str
    target: Target | None


@dataclass(frozen=True, slots=True)
class MadeRepository:
    """A bare repository, its lines, and the changes to review in their order."""

    path: Path
    lines: int
    changes: tuple[PlantedChange, ...]


def made_repository(lines: int) -> MadeRepository:
    """The repository of so many lines; made if it is not there, or another program made it."""
    folder = FOLDER / f"{lines}-{_version()}"
    truth = folder / "truth.json"
    if not truth.exists():
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "acme").mkdir(parents=True)
        truth.write_text(json.dumps(_make(folder / "acme" / "big.git", lines)))
    told = json.loads(truth.read_text())
    changes = tuple(_read_change(raw) for raw in told["changes"])
    return MadeRepository(folder / "acme" / "big.git", told["lines"], changes)


def _version() -> str:
    sources = (dialects.__file__, planting.__file__, __file__)
    return sha256(b"".join(Path(source).read_bytes() for source in sources)).hexdigest()[:12]


def _read_change(raw: dict[str, Any]) -> PlantedChange:
    target = {
        **raw["target"],
        "calls": frozenset((path, line) for path, line in raw["target"]["calls"]),
        "imports": frozenset((path, line) for path, line in raw["target"]["imports"]),
    }
    return PlantedChange(raw["base"], raw["head"], raw["tip"], Target(**target))


class _Writer:
    """Writes commits with `git fast-import`; each has a mark, from 1.

    https://git-scm.com/docs/git-fast-import
    """

    def __init__(self, path: Path) -> None:
        self.mark = 0
        self._marks = path / "made.marks"
        self._process = subprocess.Popen(
            ["git", "-C", str(path), "fast-import", "--quiet", f"--export-marks={self._marks}"],
            stdin=subprocess.PIPE,
        )

    def commit(self, branch: str, parent: int | None, files: Iterable[tuple[str, str]]) -> int:
        """Write files on top of a mark; how many lines they have."""
        self.mark += 1
        when = f"{1_700_000_000 + 60 * self.mark} +0000"
        head = f"commit refs/heads/{branch}\nmark :{self.mark}\n"
        head += f"committer Ada Example <ada@example.com> {when}\ndata 6\nChange\n"
        self._write(head.encode() + (b"" if parent is None else b"from :%d\n" % parent))
        lines = 0
        for path, text in files:
            data = text.encode()
            lines += text.count("\n")
            self._write(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
        return lines

    def end(self) -> dict[int, str]:
        """The commits' ids by mark."""
        self._process.communicate()
        if self._process.returncode:
            raise RuntimeError(f"git fast-import ended with {self._process.returncode}")
        pairs = (line.split() for line in self._marks.read_text().splitlines())
        return {int(mark.removeprefix(":")): sha for mark, sha in pairs}

    def _write(self, data: bytes) -> None:
        if self._process.stdin is None:
            raise RuntimeError("git fast-import was started without a pipe")
        self._process.stdin.write(data)


def _make(path: Path, lines: int) -> dict[str, Any]:
    subprocess.run(["git", "init", "-q", "--bare", str(path)], check=True)
    planted = plant(lines)
    writer = _Writer(path)
    modules = (file for one in planted for file in one.files())
    written = writer.commit("main", None, chain([("go.mod", _GO_MOD)], modules))
    marks = [(*pull, target) for pull, target in _changes(writer, planted)]
    shas = writer.end()
    subprocess.run(["git", "-C", str(path), "repack", "-adq"], check=True)
    changes = [
        asdict(PlantedChange(shas[base], shas[head], shas[tip], None)) | {"target": _raw(target)}
        for base, head, tip, target in marks
    ]
    return {"lines": written, "changes": changes}


def _raw(target: Target) -> dict[str, Any]:
    raw = asdict(target)
    return {**raw, "calls": sorted(target.calls), "imports": sorted(target.imports)}


def _changes(
    writer: _Writer, planted: list[Planted]
) -> Iterator[tuple[tuple[int, int, int], Target]]:
    """(base, head, tip) as marks, and what was changed: one for each target of each language."""
    targets = [one.targets() for one in planted]
    base = writer.mark
    for number in range(len(targets[0])):
        for one, own in zip(planted, targets, strict=True):
            merged = [f for each in planted for f in each.edited(base, _EDITED_PER_MERGE // 4)]
            writer.commit("main", base, merged)
            tip = writer.mark
            change = [one.widened(number), *one.edited(tip, _EDITED_PER_CHANGE)]
            writer.commit(f"change-{tip}", base if number % 2 else tip, change)
            yield (base if number % 2 else tip, writer.mark, tip), own[number]
            base = tip
