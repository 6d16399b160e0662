"""Rank and fit: the shared prompt text of a review, in one pack or, for a large change, several.

A pack holds whole files of the change; what does not fit anywhere is named, never cut in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.finding import Finding
from bot.domain.review import Fact
from workers.context.budget import EffortLimits, within
from workers.context.dependencies import dependency_fragments
from workers.context.diff_view import file_view, shown_lines
from workers.context.fragment import Fragment, also_shown
from workers.context.fragments import fragments, traced_names
from workers.context.grouping import Group, connected, filled, grouped
from workers.context.guidelines import Guideline, Rules
from workers.context.overview import overview
from workers.context.parts import Part, parts_of
from workers.context.shared_names import shared_name_fragments
from workers.context.sources import Sources
from workers.context.unfolding import unfolded
from workers.model.tokens import estimated_tokens
from workers.repository.file_kinds import file_kind
from workers.repository.knowledge import Knowledge

_DIFF_SHARE = 0.7
_GUIDELINES_SHARE = 0.1
_LEARNED_SHARE = 0.15
_LIST_SHARE = 0.04
_TEST_SHARE = 0.12
"""Of the context's tokens: the diff, the guidelines, what people taught, each list, tests."""
_HEADINGS = 60
"""Tokens of the headings that are put in last."""
_REPORTED = (
    "Reported by plain code already: do not report these again "
    "(the same place failing for another reason is yours to report)"
)
TOO_LARGE = "too large for this review's budget"
_ORDER = {"source": 0, "test": 1, "documentation": 2}


@dataclass(frozen=True, slots=True)
class Pack:
    """One prompt's worth of the change: whole files, or parts of such as are larger than a prompt.

    `left_out` names context that the budget cut; `parts` are (path, first line, last line);
    `beyond` outlines the changed files that are not in it as a whole.
    """

    files: tuple[str, ...]
    text: str
    left_out: tuple[str, ...] = ()
    parts: tuple[tuple[str, int, int], ...] = ()
    beyond: str = ""

    def shows(self, path: str, line: int | None) -> bool:
        """Whether this is the prompt that holds the line; without a line, some of the file."""
        return any(
            path == held and (line is None or first <= line <= last)
            for held, first, last in self.parts
        )


@dataclass(frozen=True, slots=True)
class Packing:
    """All packs, and the changed files that were not fitted in whole, each with what of it was."""

    packs: tuple[Pack, ...]
    cut: Mapping[str, str] = field(default_factory=dict)


def pack_change(
    change: ChangeSet,
    read: Sequence[FileChange],
    knowledge: Knowledge,
    sources: Sources,
    rules: Rules,
    limits: EffortLimits,
    read_before: Collection[str] = (),
) -> Packing:
    """Fit the files to be read, and what hangs on them, into the effort's packs.

    Files that name each other share a pack where they fit into one. `read_before` paths were read
    in an earlier review: they fill what room the others leave.
    """
    room = int(limits.context_tokens * _DIFF_SHARE)
    ranked = _ranked(read, _relied_on(knowledge) if limits.packs == 1 else {})
    spans = unfolded(read, knowledge)
    views = {file.path: _view(change, file, spans[file.path], sources, room) for file in ranked}
    parts = {path: parts_of(path, view, room) for path, view in views.items()}
    fresh = [file for file in ranked if file.path not in read_before]
    groups, cut = grouped(connected(fresh, knowledge), parts, room, limits.packs)
    old = (parts[file.path] for file in ranked if file.path in read_before)
    groups = filled(groups, old, room)
    shown = {file.path: shown_lines(file, spans[file.path]) for file in read}
    around = dependency_fragments(knowledge.dependencies, sources)
    near, rest = fragments(knowledge, sources, change.head, shown)
    known = traced_names(knowledge)
    told = also_shown(shown, near)
    around += [*near, *shared_name_fragments(read, sources, change.head, told, known), *rest]
    common = (_inventory(change), _facts(change, knowledge, sources), _reported(knowledge, sources))
    packs = tuple(
        replace(
            _fitted(group.parts, around, common, rules, limits.context_tokens),
            beyond=overview(read, knowledge, _whole(group), limits.context_tokens // 8),
        )
        for group in groups
    )
    return Packing(packs, _told_cut(cut, groups))


def _whole(group: Group) -> frozenset[str]:
    return frozenset(part.path for part in group.parts if part.whole)


def _told_cut(cut: Sequence[Part], groups: Sequence[Group]) -> dict[str, str]:
    """For each file that was not fitted in whole: which lines of it were."""
    told: dict[str, str] = {}
    for path in dict.fromkeys(part.path for part in cut):
        mine = [part for group in groups for part in group.parts if part.path == path]
        shown = ", ".join(f"{part.first}-{part.last}" for part in mine)
        told[path] = f"only lines {shown} were read: {TOO_LARGE}" if shown else TOO_LARGE
    return told


def _ranked(read: Sequence[FileChange], relied_on: Mapping[str, int]) -> list[FileChange]:
    """Code first, then tests, then prose; what most code relies on; by path, so that files of one
    folder share a pack.
    """

    def rank(file: FileChange) -> tuple[int, int, str]:
        return _ORDER.get(file_kind(file), 0), -relied_on.get(file.path, 0), file.path

    return sorted(read, key=rank)


def _relied_on(knowledge: Knowledge) -> Counter[str]:
    """How many places rely on what changed in a file: where one prompt is all, it begins there."""
    reach = Counter[str]()
    for symbol in knowledge.changed:
        reach[symbol.path] += len(symbol.sites)
    return reach


def _view(
    change: ChangeSet,
    file: FileChange,
    spans: Sequence[tuple[int, int]],
    sources: Sources,
    room: int,
) -> str:
    """With the enclosing definitions unfolded, unless that is what makes it too large."""
    old = file.old_path or file.path
    base = sources.lines(change.base, old) if file.status != "added" else None
    head = sources.lines(change.head, file.path) if file.status != "deleted" else None
    view = file_view(file, base, head, spans)
    return view if estimated_tokens(view) <= room else file_view(file, base, head, ())


def _inventory(change: ChangeSet) -> str:
    """Every changed path, so that a pack knows what else the change touches."""
    rows = [f"{file.status[:1].upper()} {file.path}" for file in change.files[:200]]
    if len(change.files) > 200:
        rows.append(f"... and {len(change.files) - 200} more files")
    return "\n".join(rows)


def _fitted(
    parts: Sequence[Part],
    around: list[Fragment],
    common: tuple[str, str, str],
    rules: Rules,
    limit: int,
) -> Pack:
    inventory, facts, reported = (within(text, int(limit * _LIST_SHARE)) for text in common)
    diff = "\n\n".join(part.text for part in parts)
    group = tuple(dict.fromkeys(part.path for part in parts))
    fixed = [
        _section("All changed files", inventory),
        _section("The change (old line, new line, mark, text)", diff),
        _section("Facts found by plain code", facts),
        _section(_REPORTED, reported),
        _section("What this team has taught", within(rules.learned, int(limit * _LEARNED_SHARE))),
        *_rules(rules.guidelines, int(limit * _GUIDELINES_SHARE)),
    ]
    names = int(limit * _LIST_SHARE)
    left = limit - names - sum(estimated_tokens(section) for section in fixed)
    mine = [one for one in around if not one.about or one.about & set(group)]
    chosen, left_out = _chosen(mine, left - _HEADINGS, int(limit * _TEST_SHARE))
    fixed.append(_section("Code around the change, at the head", "\n\n".join(chosen)))
    named = within("\n".join(left_out), names)
    fixed.append(_section("Also there, not shown for want of room", named))
    spans = tuple((part.path, part.first, part.last) for part in parts)
    return Pack(group, "\n\n".join(filter(None, fixed)), tuple(left_out), spans)


def _chosen(around: Sequence[Fragment], room: int, for_tests: int) -> tuple[list[str], list[str]]:
    """(texts that fit, in order of rank; titles of those that do not). Tests have a share.

    What documents them comes last: it takes no room from code.
    """
    chosen: list[Fragment] = []
    left_out: list[str] = []
    for fragment in around:
        cost = _cost(replace(fragment, said=""))
        if cost <= (min(room, for_tests) if fragment.test else room):
            room -= cost
            for_tests -= cost if fragment.test else 0
            chosen.append(fragment)
        else:
            left_out.append(fragment.title)
    texts: list[str] = []
    for fragment in chosen:
        bare = replace(fragment, said="")
        cost = _cost(fragment) - _cost(bare)
        told = fragment if cost <= room else bare
        room -= cost if told is fragment else 0
        texts.append(told.rendered())
    return texts, left_out


def _cost(fragment: Fragment) -> int:
    return estimated_tokens(fragment.rendered() + "\n\n")


def _rules(guidelines: Sequence[Guideline], room: int) -> list[str]:
    """The guidelines, the nearest (last) one least likely to be cut."""
    sections: list[str] = []
    for rule in reversed(guidelines):
        indented = "\n".join(f"    {line}" for line in rule.text.split("\n"))
        text = within(indented, max(room, 0))
        sections.insert(0, _section(f"The team's guidelines: {rule.path}", text))
        room -= estimated_tokens(text)
    return sections


def _facts(change: ChangeSet, knowledge: Knowledge, sources: Sources) -> str:
    """Nothing on withheld files: a fact quotes the code of the file that it is about."""
    names = [file.path for file in change.files if _withheld(file, sources)]
    facts = [
        told
        for fact in knowledge.facts
        if not _is_about(fact, names) and (told := _fact(fact, sources))
    ]
    held = [
        f"Perhaps, says a check that is still being measured (report it if it is so): {told}"
        for told in _told((f for f in knowledge.findings if f.fate), sources)
    ]
    return "\n".join((*facts, *held))


def _is_about(fact: Fact, paths: Sequence[str]) -> bool:
    """What moved stood in another file, which the text names."""
    return fact.path in paths or any(f"({path})" in fact.text for path in paths)


def _fact(fact: Fact, sources: Sources) -> str:
    """One line; "" where every place of it is withheld."""
    places = [str(place) for place in fact.places if not sources.hides(place.path)]
    if fact.places and not places:
        return ""
    return fact.text + (f": {', '.join(places)}" if places else "")


def _withheld(file: FileChange, sources: Sources) -> bool:
    return sources.hides(file.path) or sources.hides(file.old_path or file.path)


def _reported(knowledge: Knowledge, sources: Sources) -> str:
    return "\n".join(_told((f for f in knowledge.findings if f.fate is None), sources))


def _told(findings: Iterable[Finding], sources: Sources) -> list[str]:
    return [
        f"{finding.title} ({finding.path}:{finding.line}): " + ", ".join(_places(finding, sources))
        for finding in findings
        if not sources.hides(finding.path)
    ]


def _places(finding: Finding, sources: Sources) -> list[str]:
    shown = (item for item in finding.evidence if not sources.hides(item.path))
    return [f"{item.path}:{item.line}" for item in shown]


def _section(title: str, text: str) -> str:
    return f"# {title}\n\n{text}" if text else ""
