"""Cases out of a project's own history: changes that later commits name as what broke something.

The truth is what the mending commit says and touches. It is never complete, and a revert may have
had other reasons than a defect: read the cases before you trust numbers from them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.domain.diff import ChangeSet
from bot.domain.finding import Severity
from bot.errors import LimitExceeded, RangeError
from evals.case import Case, Truth
from evals.mining.blame import BlameKind, blames_of
from evals.mining.history import History, PastCommit, read_history
from evals.unified_diff import unified_diff
from workers.repository.clones.git import GitFailed
from workers.repository.clones.local import open_local
from workers.repository.file_kinds import file_kind

_MOST_FILES = 60
_MOST_LINES = 3_000
_MOST_WHAT = 1_500
_MOST_NAMED = 8
_MOST_DIFF = 2_000
_FEWEST_WORDS = 6  # that a mending commit must say beyond its title for a revert to be a truth
_FEWEST_LINES = 10  # that a clean case changes: a new version number proves nothing
_MENDED = "\nMended in: "
_BARE = re.compile(
    r"^[*\s-]*(?:this\s+)?(?:partially\s+)?reverts?\b[^\n]*$"
    r"|^(?:[\w-]+-by|fixes|cc|change-id|closes|git-svn-id):.*$"
    r"|^\(cherry picked from .*$|^--HG--$|^extra : .*$",
    re.IGNORECASE | re.MULTILINE,
)
"""Lines of a message that say nothing of the defect: git's own, and trailers."""


@dataclass(frozen=True, slots=True)
class Mined:
    """Cases, newest first, and how often each thing was met, in words."""

    cases: tuple[Case, ...]
    met: Counter[str]


@dataclass
class _Suspect:
    """One blamed change with those that mend it."""

    commit: PastCommit
    mended: list[tuple[BlameKind, PastCommit]] = field(default_factory=list)


def mine(folder: Path, revision: str, commits: int, most: int, clean: int) -> Mined:
    """At most `most` blamed changes and `clean` others of the newest `commits` of a repository.

    Raises:
        RangeError, GitFailed: no repository is there, or it has no such revision.
    """
    history = History(read_history(folder, revision, commits))
    met = Counter({"commits read": len(history.commits)})
    suspects = _suspects(history, met)
    miner = _Miner(folder, met)
    found: list[Case] = []
    for suspect in suspects.values():
        if len(found) == most:
            met["left out: enough cases"] += 1
        elif (case := miner.blamed(suspect)) is not None:
            found.append(case)
    innocent = [commit for commit in history.commits if commit.sha not in suspects]
    found += miner.clean(innocent, clean)
    return Mined(tuple(found), met)


def _suspects(history: History, met: Counter[str]) -> dict[str, _Suspect]:
    """By SHA, in the order in which they are met; one that is blamed twice is one suspect."""
    suspects: dict[str, _Suspect] = {}
    for commit in history.commits:
        blames = blames_of(commit.message)
        if len(commit.parents) > 1:
            if blames:
                met["blames in merges (told by their own commits)"] += len(blames)
            continue
        for blame in blames:
            met[f"blames: {blame.kind}"] += 1
            culprit = history.blamed(blame, commit)
            if culprit is None:
                met["left out: the blamed change is not in this history"] += 1
            else:
                suspect = suspects.setdefault(culprit.sha, _Suspect(culprit))
                if all(commit.sha != mender.sha for _, mender in suspect.mended):
                    suspect.mended.append((blame.kind, commit))
    return suspects


class _Miner:
    """Makes cases of commits, and counts why others give none."""

    def __init__(self, folder: Path, met: Counter[str]) -> None:
        self._folder = folder.absolute()
        self._met = met

    def blamed(self, suspect: _Suspect) -> Case | None:
        """The case of a blamed change."""
        commit = suspect.commit
        change = self._fit(commit)
        if change is None:
            return None
        truths: dict[str, Truth] = {}
        kinds: list[BlameKind] = []
        for kind, mender in suspect.mended:
            truth = self._truth(kind, mender, change)
            if truth is None:
                continue
            if (mended := truth.what.partition(_MENDED)[2]) in truths:  # such as a backport
                self._met["left out: the same mending again"] += 1
                continue
            truths[mended] = truth
            kinds.append(kind)
        if not truths:
            return None
        self._met[f"cases: {kinds[0]}"] += 1
        return self._case(commit, kinds[0], tuple(truths.values()))

    def clean(self, commits: Sequence[PastCommit], most: int) -> Iterator[Case]:
        """Changes that nobody blamed, spread evenly over the older half of a history.

        The older ones had more time to be found out.
        """
        older = commits[len(commits) // 2 :]
        step = max(1, len(older) // (4 * most)) if most else 1
        made = 0
        for commit in older[::step]:
            if made == most:
                return
            change = self._fit(commit, quietly=True)
            if change is not None and change.lines >= _FEWEST_LINES:
                made += 1
                self._met["cases: clean"] += 1
                yield self._case(commit, "clean", ())

    def _case(self, commit: PastCommit, kind: str, truth: tuple[Truth, ...]) -> Case:
        title, body = commit.words
        return Case(
            id=f"{kind}-{commit.sha[:12]}",
            repo=str(self._folder),
            base=commit.parents[0],
            head=commit.sha,
            title=title,
            body=body,
            truth=truth,
            kind=kind,
        )

    def _fit(self, commit: PastCommit, quietly: bool = False) -> ChangeSet | None:
        """What it changes, where that is a change to review; else None, counted."""
        change = self._change(commit) if 1 <= len(commit.parents) <= 2 else None
        why = ""
        if change is None:
            why = "a root, of many parents, or cut off by a shallow clone"
        elif not _code(change):
            why = "changes no code"
        elif len(change.files) > _MOST_FILES or change.lines > _MOST_LINES:
            why = f"more than {_MOST_FILES} files or {_MOST_LINES} lines"
        if why and not quietly:
            self._met[f"left out: {why}"] += 1
        return None if why else change

    def _truth(self, kind: BlameKind, mender: PastCommit, change: ChangeSet) -> Truth | None:
        mending = self._change(mender)
        touched = [] if mending is None else _code(mending)
        said = _BARE.sub("", mender.message.partition("\n")[2]).strip()
        if mending is None or not touched:
            self._met["left out: the mending holds no code"] += 1
            return None
        if kind == "revert" and len(said.split()) < _FEWEST_WORDS:
            self._met["left out: a revert that gives no reason"] += 1
            return None
        own = set(_code(change))
        first = next((path for path in touched if path in own), touched[0])
        return Truth(
            file=first,
            what=_what(kind, f"{mender.subject}\n{said}", touched, mending),
            severity=Severity.P1,
            outside=own.isdisjoint(touched),
        )

    def _change(self, commit: PastCommit) -> ChangeSet | None:
        """Against its first parent; None where that cannot be read."""
        if not commit.parents:
            return None
        try:
            with open_local(self._folder, commit.parents[0], commit.sha) as code:
                return code.changes()
        except (RangeError, GitFailed, LimitExceeded):
            return None


def _what(kind: BlameKind, said: str, touched: Sequence[str], mending: ChangeSet) -> str:
    """What the mending commit says, where it mends, and how: messages alone are often too short.

    A revert only turns the change around, so its lines would tell a judge nothing.
    """
    told = f"{said.strip()[:_MOST_WHAT]}{_MENDED}{', '.join(touched[:_MOST_NAMED])}"
    if kind == "revert":
        return told
    code = tuple(file for file in mending.files if file.path in touched)
    return f"{told}\n{unified_diff(replace(mending, files=code), _MOST_DIFF)}"


def _code(change: ChangeSet) -> list[str]:
    """The source files of a change, most changed lines first."""
    files = [file for file in change.files if file_kind(file) == "source"]
    files.sort(key=lambda file: -(file.additions + file.deletions))
    return [file.path for file in files]
