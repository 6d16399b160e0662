"""A manifest and its lock file part: what is locked is not what is asked for.

Documented in docs/checks/lock_and_manifest.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.finding import Evidence, Finding
from workers.repository.checks.broken_site import Contract, check_finding, quote
from workers.repository.checks.inspection import Inspection
from workers.repository.dependencies.disagreement import Disagreement, disagreements
from workers.repository.dependencies.files import Files
from workers.repository.dependencies.formats import lock_names, manifest_names
from workers.repository.snapshot import Snapshot

KIND = "lock_and_manifest"
_SHOWN = 6
"""Requirements told and quoted of one pair of files."""
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
_WORKSPACES = {
    "pnpm-lock.yaml": ("pnpm-workspace.yaml", ""),
    **dict.fromkeys(
        ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "bun.lock"),
        ("package.json", '"workspaces"'),
    ),
    "uv.lock": ("pyproject.toml", "[tool.uv.workspace"),
    "Cargo.lock": ("Cargo.toml", "[workspace"),
}
"""Lock file -> (the file that makes a workspace of the folders below, what it then holds)."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A manifest and its lock file; `file` is the one that the change touches."""

    manifest: str
    lock: str
    file: FileChange


def lock_disagreements(inspection: Inspection) -> list[Finding]:
    """One finding for each lock file that met its manifest before the change, and now does not."""
    after = inspection.after
    listings = Files(inspection.before, after)
    return [
        _finding(pair, found, after)
        for pair in _pairs(listings, inspection.change, inspection.skip)
        if (found := list(_new(listings, pair)))
    ]


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
    """Whether a folder above keeps the lock file of all its members: one in a member is left over.

    Go's workspace file keeps hashes of its own, in the same folder too.
    """
    folder, _, lock = pair.lock.rpartition("/")
    parts = folder.split("/") if folder else []
    above = ["/".join((*parts[:depth], "")) for depth in range(len(parts) + 1)]
    if lock == "go.sum":
        return any(f"{parent}go.work" in after.paths for parent in above)
    name, mark = _WORKSPACES.get(lock, ("", ""))
    files = [f"{parent}{name}" for parent in above[:-1] if f"{parent}{name}" in after.paths]
    return any(mark in (after.text(path) or "") for path in files)


def _finding(pair: _Pair, found: Sequence[Disagreement], after: Snapshot) -> Finding:
    """One for all requirements that one lock file does not meet: locking again mends them all."""
    lock = pair.lock.rpartition("/")[2]
    happens, command = _COMMANDS.get(lock, ("an install from it gives another version", "lock"))
    rows = [f"- {_told(pair, entry)}" for entry in found[:_SHOWN]]
    if len(found) > _SHOWN:
        rows.append(f"- and {len(found) - _SHOWN} more")
    return check_finding(
        Contract(KIND, lock, pair.file, "RIGHT", _line(pair, found[0])),
        title=_title(pair, found),
        body=(
            f"`{pair.lock}` does not fit `{pair.manifest}`:\n\n" + "\n".join(rows) + f"\n\n"
            f"So {happens}. Smallest fix: run `{command}` and commit the lock file."
        ),
        trigger=f"somebody installs from {pair.lock}",
        evidence=[proof for one in found[:_SHOWN] for proof in _evidence(pair, one, after)],
    )


def _title(pair: _Pair, found: Sequence[Disagreement]) -> str:
    if len(found) == 1:
        return _told(pair, found[0])
    manifest, lock = (path.rpartition("/")[2] for path in (pair.manifest, pair.lock))
    return f"`{lock}` does not hold what `{manifest}` asks for, in {len(found)} packages"


def _told(pair: _Pair, entry: Disagreement) -> str:
    manifest, lock = (path.rpartition("/")[2] for path in (pair.manifest, pair.lock))
    name, constraint = entry.wanted.name, entry.wanted.constraint[:80]
    if not entry.locked:
        version = f" {constraint}" if lock == "go.sum" else ""
        return f"`{lock}` lacks `{name}`{version}, which `{manifest}` asks for"
    held = ", ".join(dict.fromkeys(locked.version for locked in entry.locked))
    return f"`{lock}` holds `{name}` {held[:80]}, `{manifest}` asks for {constraint}"


def _line(pair: _Pair, entry: Disagreement) -> int:
    if pair.file.path == pair.manifest:
        return entry.wanted.line
    return entry.locked[0].line if entry.locked else 1


def _evidence(pair: _Pair, found: Disagreement, after: Snapshot) -> Iterator[Evidence]:
    yield quote(after, pair.manifest, found.wanted.line, found.wanted.line)
    for entry in found.locked[:2]:
        yield quote(after, pair.lock, entry.line, entry.line)
