"""What was not found out about a change, and what of that keeps its review from being whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.diff import ChangeSet
from bot.domain.plural import plural
from workers.repository.contracts.changed_symbols import OUTLINES, Touched
from workers.repository.contracts.ledger import is_followed
from workers.repository.graph import ChangedSymbol
from workers.repository.outline import VALUES
from workers.repository.test_paths import is_test_path

CALLERS = "callers"
CHECKS = "contract checks"
_MOST_NAMED = 5
_LOCAL = ("private", "static")


@dataclass(frozen=True, slots=True)
class Gaps:
    """`not_done` goes into the coverage receipt, and the review is partial; `told` stays a note."""

    not_done: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def gaps_of(
    change: ChangeSet,
    touched: Touched,
    changed: Sequence[ChangedSymbol],
    late: Collection[str],
    cuts: Sequence[str],
) -> Gaps:
    """Sort what was not found out by one rule: may it hide a broken user of a changed contract?

    Not done, so that nobody calls the change clean:

    - a file of code that stood there before could not be outlined, though its language has a
      grammar (too large, the parser died, no time): none of its contracts was compared;
    - a syntax error hides whether a definition still stands;
    - the callers of a changed contract were not followed: too many files hold its name, too many
      names changed, or all that is known are lines of files that no parser could read;
    - the time was used up before outlines, callers or contract checks were through.

    Only told: the same in tests, in files that are new (nobody relies on them yet) and of names
    that no other file can see; values; callers of callers; calling files that no parser could read
    (their lines stand in the ledger, not inspected); whatever else is context for a model. A
    language without a grammar is told in its file's line: a model reads the diff as it is.

    Args:
        change: the whole change.
        touched: what `changed_symbols` found.
        changed: the same symbols with their users, as far as those were followed.
        late: the steps that found no time left.
        cuts: notes on names and files that were not followed; told where no contract is concerned.
    """
    new = {file.path for file in change.files if file.status in ("added", "copied")}
    aside = {file.path for file in change.files if file.path in new or is_test_path(file.path)}
    contracts = [symbol for symbol in changed if concerns_others(symbol)]
    lost = [step for step in (OUTLINES, CALLERS, CHECKS) if step in late]
    if not contracts:
        lost = [step for step in lost if step != CALLERS]
    unread = [why for path, why in touched.unread.items() if path not in aside]
    doubts = list(_doubts([each for each in touched.doubtful if each[0] not in aside]))
    callers = [] if CALLERS in lost else list(dict.fromkeys(_unfollowed(contracts)))
    return Gaps(
        not_done=(
            *([_late(", ".join(lost))] if lost else []),
            *_first(unread, "changed files that could not be outlined"),
            *_first(doubts, "changed files that do not parse"),
            *_uncompared([path for path in touched.uncompared if path not in aside]),
            *_first(callers, "changed contracts whose callers were not all followed"),
        ),
        told=(
            *(why for path, why in touched.unread.items() if path in aside),
            *(cuts if not callers else ()),
            *(_late(step) for step in late if step not in lost),
        ),
    )


def concerns_others(symbol: ChangedSymbol) -> bool:
    """Whether code elsewhere may break by this change; tests apart, which fail where they run."""
    followed = is_followed(symbol) and symbol.concerns_users and symbol.kind not in VALUES
    return followed and not is_test_path(symbol.path) and not _is_local(symbol)


def _is_local(symbol: ChangedSymbol) -> bool:
    """Whether no other file can name it, before the change or after."""
    if symbol.contracts is None:
        return False
    words = [contract.visibility for contract in symbol.contracts]
    if symbol.language in ("typescript", "tsx") and "." not in symbol.name:
        return not any(words)  # a module's own; a plain script's may be global
    return all(word in _LOCAL for word in words)


def _late(steps: str) -> str:
    return f"{steps}: not done, the time for knowing the repository was used up"


def _doubts(doubtful: Sequence[tuple[str, str]]) -> Iterator[str]:
    files: dict[str, list[str]] = {}
    for path, name in doubtful:
        files.setdefault(path, []).append(name)
    for path, names in files.items():
        yield f"{path}: it does not parse, so it could not be told whether it defines {_few(names)}"


def _uncompared(paths: Sequence[str]) -> Iterator[str]:
    if paths:
        files = plural(len(paths), "changed file")
        yield f"what exactly changed could not be read in {files}, only which definitions"


def _unfollowed(contracts: Sequence[ChangedSymbol]) -> Iterator[str]:
    unasked = [symbol.name for symbol in contracts if symbol.unfollowed.unasked]
    if unasked:
        yield f"callers of {_few(unasked)}: not looked for, too many names changed"
    for symbol in contracts:
        unread, unparsed = symbol.unfollowed.files, _only_unparsed(symbol)
        if unread:
            files = plural(unread, "file")
            yield f"callers of `{symbol.name}`: {files} with the name were not read"
        elif unparsed:
            yield f"callers of `{symbol.name}`: none known, and {unparsed} could not be parsed"


def _only_unparsed(symbol: ChangedSymbol) -> str:
    """The first file that may use it, where all that may are files that did not parse; else ""."""
    if any(site.depth == 1 for site in symbol.sites):
        return ""
    return next((site.path for site in symbol.unparsed if not site.is_test), "")


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _first(rows: Sequence[str], what: str) -> Iterator[str]:
    """The first rows as they are, of the others how many."""
    yield from rows[:_MOST_NAMED]
    if len(rows) > _MOST_NAMED:
        yield f"{len(rows) - _MOST_NAMED} more {what}"
