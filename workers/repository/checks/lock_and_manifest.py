"""A manifest and its lock file part: what is locked is not what is asked for.

Documented in docs/checks/lock_and_manifest.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.finding import Category, Evidence, Finding, Origin, Severity
from workers.repository.checks.broken_site import anchor, quote
from workers.repository.checks.inspection import Inspection
from workers.repository.dependencies.disagreement import Disagreement, disagreements
from workers.repository.dependencies.files import Files
from workers.repository.dependencies.formats import lock_names, manifest_names
from workers.repository.snapshot import Snapshot

KIND = "lock_and_manifest"
_MOST = 10
"""Findings of one change: more mean that a whole lock file is stale, which one would tell."""
_COMMANDS = {
    "package-lock.json": ("`npm ci` refuses it", "npm install"),
    "npm-shrinkwrap.json": ("`npm ci` refuses it", "npm install"),
    "pnpm-lock.yaml": ("`pnpm install --frozen-lockfile` refuses it", "pnpm install"),
    "yarn.lock": ("`yarn install --immutable` refuses it", "yarn install"),
    "bun.lock": ("`bun install --frozen-lockfile` refuses it", "bun install"),
    "uv.lock": ("`uv sync --locked` refuses it", "uv lock"),
    "poetry.lock": ("`poetry install` refuses it", "poetry lock"),
    "pdm.lock": ("`pdm install --frozen-lockfile` installs what is not asked for", "pdm lock"),
    "Pipfile.lock": ("`pipenv install --deploy` refuses it", "pipenv lock"),
    "Cargo.lock": ("`cargo build --locked` refuses it", "cargo update"),
    "Gemfile.lock": ("a frozen `bundle install` refuses it", "bundle lock"),
    "composer.lock": ("`composer install` warns or fails", "composer update"),
    "go.sum": ("`go build` refuses it", "go mod tidy"),
}
"""Lock file -> (what happens, the command that mends it)."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A manifest and its lock file; `file` is the one that the change touches."""

    manifest: str
    lock: str
    file: FileChange


def lock_disagreements(inspection: Inspection) -> list[Finding]:
    """One finding for each requirement that its lock file met before the change, and now not."""
    after = inspection.after
    listings = Files(inspection.before, after)
    return [
        _finding(pair, found, after)
        for pair in _pairs(listings, inspection.change, inspection.skip)
        for found in _new(listings, pair)
    ][:_MOST]


def _pairs(files: Files, change: ChangeSet, skip: Callable[[str], bool]) -> list[_Pair]:
    """The manifest carries the finding where the change touches both."""
    found: dict[tuple[str, str], _Pair] = {}
    for file in change.files:
        if file.status == "deleted" or not files.is_ours(file, skip):
            continue
        folder, slash, name = file.path.rpartition("/")
        for manifest in manifest_names(name):
            pair = (f"{folder}{slash}{manifest}", file.path)
            found.setdefault(pair, _Pair(*pair, file))
        for lock in lock_names(name):
            pair = (file.path, f"{folder}{slash}{lock}")
            found[pair] = _Pair(*pair, file)
    return [pair for pair in found.values() if {pair.manifest, pair.lock} <= files.after.paths]


def _new(files: Files, pair: _Pair) -> Iterator[Disagreement]:
    manifest, lock = files.at_head(pair.manifest), files.at_head(pair.lock)
    if manifest is None or lock is None or _is_in_workspace(files.after, pair):
        return
    old_manifest, old_lock = files.at_base(pair.manifest), files.at_base(pair.lock)
    known: set[tuple[str, str]] = set()
    if old_manifest is not None and old_lock is not None:
        old = disagreements(old_manifest, old_lock)
        known = {(entry.wanted.name, entry.wanted.constraint) for entry in old}
    for entry in disagreements(manifest, lock):
        if (entry.wanted.name, entry.wanted.constraint) not in known:
            yield entry


def _is_in_workspace(after: Snapshot, pair: _Pair) -> bool:
    """Go's workspace file keeps hashes of its own."""
    folder = pair.manifest.rpartition("/")[0]
    above = ["/".join(folder.split("/")[:depth]) for depth in range(folder.count("/") + 2)]
    works = {f"{parent}/go.work".lstrip("/") for parent in above}
    return pair.lock.endswith("go.sum") and not works.isdisjoint(after.paths)


def _finding(pair: _Pair, found: Disagreement, after: Snapshot) -> Finding:
    manifest, lock = (path.rpartition("/")[2] for path in (pair.manifest, pair.lock))
    wanted = f"`{found.wanted.name}`"
    asked = f"{wanted} {found.wanted.constraint}".strip()
    held = ", ".join(dict.fromkeys(entry.version.removesuffix("/go.mod") for entry in found.locked))
    happens, command = _COMMANDS.get(lock, ("an install from it gives another version", "lock"))
    title = (
        f"`{lock}` holds {wanted} {held[:80]}, `{manifest}` asks for {found.wanted.constraint[:80]}"
        if held
        else f"`{lock}` lacks {wanted}, which `{manifest}` asks for"
    )
    in_manifest = pair.file.path == pair.manifest
    line = found.wanted.line if in_manifest else found.locked[0].line if found.locked else 1
    return Finding(
        title=title,
        body=(
            f"`{pair.manifest}` asks for {asked}, and `{pair.lock}` "
            + (f"holds {held[:200]}" if held else "does not hold it")
            + f": {happens}.\n\nSmallest fix: run `{command}` and commit the lock file."
        ),
        severity=Severity.P1,
        category=Category.CONTRACT,
        origin=Origin.CHECK,
        path=pair.file.path,
        line=anchor(pair.file, "RIGHT", line),
        confidence=1.0,
        kind=KIND,
        symbol=found.wanted.name,
        trigger=f"somebody installs from {pair.lock}",
        evidence=tuple(_evidence(pair, found, after)),
    )


def _evidence(pair: _Pair, found: Disagreement, after: Snapshot) -> Iterator[Evidence]:
    yield quote(after, pair.manifest, found.wanted.line, found.wanted.line)
    for entry in found.locked[:2]:
        yield quote(after, pair.lock, entry.line, entry.line)
