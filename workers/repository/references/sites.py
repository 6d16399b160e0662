"""The uses of a definition in one file, each with its tier and its kind of edge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from workers.repository.graph import EdgeKind, Site, SiteTier
from workers.repository.outline import KEYWORD, Import, Outline, OutlinedDefinition, Use
from workers.repository.references.builtin_members import is_builtin_member
from workers.repository.references.foreign import is_foreign
from workers.repository.references.meaning import Meaning
from workers.repository.references.meanings import Meanings
from workers.repository.references.package_names import PACKAGED
from workers.repository.references.ruby_words import (
    binding_lines,
    is_constant,
    is_plain_word,
    names_constants,
    names_scope,
    seen_from,
)
from workers.repository.references.scopes import CLASS_SCOPE, type_around
from workers.repository.test_paths import is_test_path

_STANDARD_NAMESPACES = ("std", "boost", "absl")
_MIXIN = re.compile(r"\s*(use|include|extend|prepend)\s")
"""A line of a type's body that makes another's members its own: traits, Ruby's modules."""
_EXPLICIT = frozenset({"python", "javascript", "typescript", "tsx", "go", "php"})
"""Languages in which a top-level name of another file needs an import (or a package) to be seen."""


@dataclass(frozen=True, slots=True)
class Target:
    """A definition whose users are looked for; `name` is qualified."""

    path: str
    name: str
    language: str

    @property
    def simple(self) -> str:
        """The word that stands at a use."""
        return self.name.rpartition(".")[2]

    @property
    def container(self) -> str:
        """The qualified name of what it is a member of; "" for a top-level name."""
        return self.name.rpartition(".")[0]


@dataclass(slots=True)
class SitesInFile:
    """Finds the uses of targets in one file. `unique` are names defined once in the repository.

    `places` are all the definitions and declarations that are one thing with a target.
    """

    meanings: Meanings
    path: str
    unique: frozenset[str]
    depth: int
    places: Mapping[Target, frozenset[Meaning]]
    outline: Outline = field(init=False)
    lines: list[str] = field(init=False)
    _bound: dict[str, tuple[int, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.outline = self.meanings.outline(self.path)
        self.lines = self.meanings.tracer.snapshot.lines(self.path)

    def of(self, target: Target, words: Iterable[str]) -> tuple[list[Site], int]:
        """The resolved sites of a target that is known by these words, and a count of the others.

        One site a line: its best tier.
        """
        imported = self._imports_of(target, words)
        known = {target.simple, *words, *(each.alias for each in imported)} - {"", "default"}
        lines = range(1, len(self.lines) + 1)
        own = {each.name_line for each in self.outline.definitions if each.simple == target.simple}
        best: dict[int, tuple[SiteTier, Use]] = {}
        for use in self.meanings.tracer.snapshot.parsed(self.path).uses(known, lines):
            imports = [each for each in imported if _stands_in(use, each)]
            named = any(each.module for each in imports)
            if use.line in own and not named and self._is_heading(use):
                continue
            tier: SiteTier | None = "T1" if imports else self._tier(target, use)
            if tier is not None and _is_better((tier, use), best.get(use.line)):
                best[use.line] = (tier, use)
        sites = [self._site(target, use, tier) for tier, use in best.values() if tier != "T3"]
        return sites, len(best) - len(sites)

    def _is_heading(self, use: Use) -> bool:
        """Whether this names a definition itself: C++'s `A::m`, JavaScript's `a.m = ...`."""
        received = self.outline.language in ("cpp", "javascript", "typescript", "tsx")
        return not use.is_call and (not use.receiver or received)

    def other_names(self, target: Target, words: Iterable[str]) -> set[str]:
        """The names under which this file hands the target on, where they differ."""
        carries = self.outline.language == "python"
        named = {
            each.alias
            for each in self._imports_of(target, words)
            if each.exported or (carries and each.name)
        }
        return named - {"", "default", target.simple}

    def _imports_of(self, target: Target, words: Iterable[str]) -> list[Import]:
        """The imports (and exports) of this file that name the target itself."""
        wanted = {target.simple, "default", "", *words}
        return [
            entry
            for entry in self.outline.imports
            if {entry.name, entry.alias} & wanted and self._names(entry, target)
        ]

    def _names(self, entry: Import, target: Target) -> bool:
        origin = self.meanings.tracer.origin(self.path, entry)
        if origin is not None and not origin.name and entry.name != "*":
            origin = self.meanings.tracer.required(origin.paths[0])
        return origin is not None and origin.name == target.name and target.path in origin.paths

    def _tier(self, target: Target, use: Use) -> SiteTier | None:
        """How this use resolves to the target; None where it is something else."""
        other = self._is_other_kind(target, use) or self._is_namesake(target, use)
        if use.receiver == KEYWORD or other:
            return None
        others = [
            each
            for each in self.outline.imports
            if each.module and each.name == use.name and _stands_in(use, each) and not use.receiver
        ]
        if others:  # the word stands in an import of another file's name, or of one not found
            known = (self.meanings.tracer.origin(self.path, each) for each in others)
            return None if any(known) else self._by_name(target, use)
        if use.receiver and not use.receiver.endswith("\\"):
            return self._through(target, use)
        return self._bare(target, use)

    def _is_other_kind(self, target: Target, use: Use) -> bool:
        """In PHP a field and a method may share a name: `$this->x` never means `x()`.

        In Ruby a constant and a method may.
        """
        found = self.meanings.find(target.path, target.name)
        if self.outline.language == "ruby" and found is not None and is_constant(use):
            return found.kind == "method"
        if self.outline.language != "php" or found is None or not use.receiver:
            return False
        return (found.kind == "method") != use.is_call and found.kind in ("method", "field")

    def _is_namesake(self, target: Target, use: Use) -> bool:
        """Where a type has a field and a method of one name (Java's `size`), only a call is it."""
        outline = self.meanings.outline(target.path)
        kinds = [each.kind for each in outline.definitions if each.name == target.name]
        method = bool(kinds) and kinds[-1] == "method"
        return "field" in kinds and "method" in kinds and use.is_call != method

    def _bare(self, target: Target, use: Use) -> SiteTier | None:
        """A name without a receiver; a word of Ruby that may be a variable resolves to nothing."""
        tier = self._by_scope(target, use)
        if tier in ("T1", "T2") and self._may_be_variable(use):
            return "T3" if not target.container or self._is_bound_above(use) else tier
        return tier

    def _by_scope(self, target: Target, use: Use) -> SiteTier | None:
        """Bound by scope, by import, or as a member of the type."""
        if self.meanings.is_local(self.path, use.line, use.name):
            return None
        found = self.meanings.named(self.path, use.line, use.receiver + use.name)
        if any(self._is(target, each) for each in found):
            return "T1"
        if target.container and self.outline.language in CLASS_SCOPE:
            around = type_around(self.outline, use.line)
            inherited = around and self.meanings.member(Meaning(self.path, around), use.name)
            if any(self._is(target, each) for each in inherited or ()):
                return "T2"
        if found or use.name != target.simple:
            return None
        if target.container and self.outline.language == "python":
            return None
        return self._by_name(target, use)

    def _through(self, target: Target, use: Use) -> SiteTier | None:
        """A member of something: T1 where that is a module or a type, T2 for an instance."""
        receivers = self.meanings.receiver(self.path, use.line, use.receiver)
        for each in receivers:
            if any(self._is(target, reached) for reached in self.meanings.member(each, use.name)):
                return "T2" if each.instance else "T1"
        if self._is_extension(target, use):
            return "T2"
        if not receivers and self.outline.language == "ruby" and names_constants(use.receiver):
            return self._under_constants(target, use)
        if not receivers and self._is_qualified(target, use):
            return "T1" if self.outline.language in PACKAGED else "T2"
        excluded = receivers and all(self._excludes(target, r, use.name) for r in receivers)
        return None if excluded or use.name != target.simple else self._by_name(target, use)

    def _under_constants(self, target: Target, use: Use) -> SiteTier | None:
        """In a namespace of Ruby that is not found: that of the target, or one of a gem."""
        if names_scope(use.receiver, target.container):
            return "T1" if use.receiver.startswith("::") else self._by_name(target, use)
        return None if is_constant(use) else "T3"

    def _is_extension(self, target: Target, use: Use) -> bool:
        """Whether the target adds itself to other types, and is seen from here."""
        found = self.meanings.definition(Meaning(target.path, target.name))
        if found is None or not found.extends:
            return False
        seen = target.container.partition(".")[0] or use.name
        return Meaning(target.path, seen) in self.meanings.named(self.path, use.line, seen)

    def _is_qualified(self, target: Target, use: Use) -> bool:
        """Whether what stands before the name is its package or, as C++ writes it, a namespace.

        C++: the included files must define the name; the namespace itself is not compared.
        """
        whole = f"{use.receiver}.{use.name}"
        found: tuple[Meaning, ...] = ()
        if self.outline.language in PACKAGED:
            found = self.meanings.at(self.path, use.line, whole)
        elif self.outline.language == "cpp" and "." not in use.receiver and not target.container:
            standard = use.receiver.partition("::")[0] in _STANDARD_NAMESPACES
            found = () if standard else self.meanings.named(self.path, use.line, use.name)
        return any(self._is(target, each) for each in found)

    def _excludes(self, target: Target, receiver: Meaning, name: str) -> bool:
        """Whether that receiver can have no member that is the target."""
        if not receiver.name:
            return True
        owner, closed = self.meanings.hierarchy.owner(receiver, name)
        if target.container:
            chain, _ = self.meanings.hierarchy.chain(Meaning(target.path, target.container))
            if any((each.path, each.name) == (receiver.path, receiver.name) for each in chain):
                return False  # a call on the base type may reach the target
        return owner is not None or closed

    def _by_name(self, target: Target, use: Use) -> SiteTier:
        """A name defined once is resolved, unless others may have it or an import must say so."""
        language = self.outline.language
        member = bool(target.container) and (bool(use.receiver) or language not in _EXPLICIT)
        if (
            use.name in self.unique
            and not self._may_be_variable(use)
            and (member or language not in _EXPLICIT)
            and not is_builtin_member(language, use.name)
            and not is_foreign(self.meanings, self.path, use.line, use.receiver or use.name)
        ):
            return "T1"
        return "T3"

    def _may_be_variable(self, use: Use) -> bool:
        return self.outline.language == "ruby" and is_plain_word(use)

    def _is_bound_above(self, use: Use) -> bool:
        """Whether a line between the head of the method (or type) around and this one binds it."""
        if use.name not in self._bound:
            self._bound[use.name] = tuple(binding_lines(self.lines, use.name))
        start = seen_from(self.outline, use.line)
        return any(start <= line <= use.line for line in self._bound[use.name])

    def _is(self, target: Target, meaning: Meaning) -> bool:
        return replace(meaning, instance=False) in self.places[target]

    def _site(self, target: Target, use: Use, tier: SiteTier) -> Site:
        return site_at(
            self.meanings, self.path, use.line, tier, self.depth, self._edge(target, use)
        )

    def _edge(self, target: Target, use: Use) -> EdgeKind:
        if not use.is_call and any(entry.line == use.line for entry in self.outline.imports):
            return "imports"
        mixes_in = _MIXIN.match(self.lines[use.line - 1]) is not None
        for entry in self.outline.definitions:
            if _extends(entry, use, mixes_in):
                found = self.meanings.definition(Meaning(target.path, target.name))
                kind = found.kind if found is not None else ""
                contract = kind in ("interface", "trait", "module") and entry.kind != kind
                return "implements" if contract else "subclasses"
        return "calls" if use.is_call else "reads"


def _stands_in(use: Use, entry: Import) -> bool:
    """Whether the word is the name, here or there, of what is imported on this line."""
    named = use.name in (entry.name, entry.alias)
    return named and entry.line == use.line and use.receiver != KEYWORD


def _is_better(one: tuple[SiteTier, Use], other: tuple[SiteTier, Use] | None) -> bool:
    """Of two uses on one line the surer counts; of two as sure, the call."""
    if other is None:
        return True
    return (one[0], not one[1].is_call) < (other[0], not other[1].is_call)


def _extends(entry: OutlinedDefinition, use: Use, mixes_in: bool) -> bool:
    """Whether a use stands in the list of what a type extends, or is mixed in in its body."""
    head = entry.end_line if mixes_in else entry.name_line + entry.signature.count("\n")
    named = (re.split(r"[^\w$]", base) for base in entry.bases)
    return entry.name_line <= use.line <= head and any(use.name in words for words in named)


def site_at(
    meanings: Meanings, path: str, line: int, tier: SiteTier, depth: int, edge: EdgeKind
) -> Site:
    """A site with what stands around its line."""
    snapshot = meanings.tracer.snapshot
    inside = meanings.outline(path).enclosing(line)
    commit = snapshot.commit_of(path)
    return Site(
        path=path,
        line=line,
        text=snapshot.lines(path)[line - 1].strip(),
        tier=tier,
        inside=inside.name if inside is not None else "",
        is_test=is_test_path(path),
        depth=depth,
        commit=None if commit == snapshot.commit else commit,
        edge=edge,
    )
