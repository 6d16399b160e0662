"""Rank and fit: the shared prompt text of a review, in one pack or, for a large change, several.

A pack holds whole files of the change; what does not fit anywhere is named, never cut in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.identifiers import Sha
from workers.context.budget import EffortLimits, estimated_tokens
from workers.context.diff_view import file_view, shown_lines
from workers.context.fragments import Fragment, fragments, unfolded
from workers.context.sources import Sources
from workers.repository.file_kinds import file_kind
from workers.repository.knowledge import Knowledge

_DIFF_SHARE = 0.7
_ORDER = {"source": 0, "test": 1, "documentation": 2}


@dataclass(frozen=True, slots=True)
class Guideline:
    """A file of the team's rules, at the tip of the base branch."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Pack:
    """One prompt's worth of the change. `left_out` names context that the budget cut."""

    files: tuple[str, ...]
    text: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Packing:
    """All packs, and the changed files that fit into none of them."""

    packs: tuple[Pack, ...]
    cut: tuple[str, ...]


def pack_change(
    change: ChangeSet,
    read: Sequence[FileChange],
    knowledge: Knowledge,
    sources: Sources,
    guidelines: Sequence[Guideline],
    limits: EffortLimits,
) -> Packing:
    """Fit the files to be read, and what hangs on them, into the effort's packs."""
    views = {file.path: _view(change, file, knowledge, sources) for file in _ranked(read)}
    room = int(limits.context_tokens * _DIFF_SHARE)
    groups, cut = _grouped(views, room, limits.packs)
    shown = {file.path: shown_lines(file, unfolded(file, knowledge)) for file in read}
    around = fragments(knowledge, sources, change.head, shown)
    others = _inventory(change)
    packs = tuple(
        _fitted(group, views, around, knowledge, guidelines, others, limits.context_tokens)
        for group in groups
    )
    return Packing(packs, tuple(cut))


def _ranked(read: Sequence[FileChange]) -> list[FileChange]:
    """Code first, then tests, then prose; by path, so that files of one folder share a pack."""
    return sorted(read, key=lambda file: (_ORDER.get(file_kind(file), 0), file.path))


def _view(change: ChangeSet, file: FileChange, knowledge: Knowledge, sources: Sources) -> str:
    old = file.old_path or file.path
    base = sources.lines(change.base, old) if file.status != "added" else None
    head = sources.lines(change.head, file.path) if file.status != "deleted" else None
    return file_view(file, base, head, unfolded(file, knowledge))


def _grouped(views: dict[str, str], room: int, most: int) -> tuple[list[list[str]], list[str]]:
    groups: list[list[str]] = [[]]
    cut: list[str] = []
    used = 0
    for path, view in views.items():
        tokens = estimated_tokens(view)
        if tokens > room:
            cut.append(path)
        elif used + tokens <= room:
            groups[-1].append(path)
            used += tokens
        elif len(groups) < most:
            groups.append([path])
            used = tokens
        else:
            cut.append(path)
    return [group for group in groups if group], cut


def _inventory(change: ChangeSet) -> str:
    """Every changed path, so that a pack knows what else the change touches."""
    rows = [f"{file.status[:1].upper()} {file.path}" for file in change.files[:200]]
    if len(change.files) > 200:
        rows.append(f"... and {len(change.files) - 200} more files")
    return "\n".join(rows)


def _fitted(
    group: list[str],
    views: dict[str, str],
    around: list[Fragment],
    knowledge: Knowledge,
    guidelines: Sequence[Guideline],
    inventory: str,
    limit: int,
) -> Pack:
    mine = set(group)
    fixed = [
        _section("All changed files", inventory),
        _section(
            "The change (old line, new line, mark, text)", "\n\n".join(views[p] for p in group)
        ),
        _section("Facts found by plain code", "\n".join(knowledge.facts)),
        _section("Reported by plain code already: do not report these again", _reported(knowledge)),
        *(_section(f"The team's guidelines: {rule.path}", rule.text) for rule in guidelines),
    ]
    left = limit - sum(estimated_tokens(section) for section in fixed)
    chosen: list[str] = []
    left_out: list[str] = []
    for fragment in around:
        if fragment.about and not fragment.about & mine:
            continue
        text = fragment.rendered()
        left -= (cost := estimated_tokens(text))
        if left < 0:
            left += cost
            left_out.append(fragment.title)
        else:
            chosen.append(text)
    fixed.append(_section("Code around the change, at the head", "\n\n".join(chosen)))
    fixed.append(_section("Also there, not shown for want of room", "\n".join(left_out[:40])))
    return Pack(tuple(group), "\n\n".join(filter(None, fixed)), tuple(left_out))


def _reported(knowledge: Knowledge) -> str:
    return "\n".join(
        f"{finding.title} ({finding.path}:{finding.line}): "
        + ", ".join(f"{item.path}:{item.line}" for item in finding.evidence)
        for finding in knowledge.findings
    )


def _section(title: str, text: str) -> str:
    return f"# {title}\n\n{text}" if text else ""


def applicable_guidelines(
    paths: Sequence[str], wanted: Sequence[str], sources: Sources, tip: Sha, most_lines: int = 200
) -> tuple[Guideline, ...]:
    """The named files at the base tip: as written, and (for a bare name) nearest to each file."""
    found: dict[str, Guideline] = {}
    for name in wanted:
        for candidate in _candidates(name, paths):
            lines = sources.lines(tip, candidate)
            if lines is not None and candidate not in found:
                found[candidate] = Guideline(candidate, "\n".join(lines[:most_lines]).strip())
    return tuple(rule for rule in found.values() if rule.text)


def _candidates(name: str, paths: Sequence[str]) -> list[str]:
    if "/" in name:
        return [name]
    folders = {""}
    for path in paths:
        parts = path.split("/")[:-1]
        folders |= {"/".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
    return [f"{folder}/{name}".lstrip("/") for folder in sorted(folders)][:50]
