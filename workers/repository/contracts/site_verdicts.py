"""What plain code can tell of one use of a changed contract: broken, safe, or not decided. Pure.

A use is called safe only where each difference that concerns it is proven harmless there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.review import CallSite, SiteStatus
from workers.repository.contracts.argument_binding import Bound, bind
from workers.repository.contracts.aspects import Aspect
from workers.repository.contracts.contract import Call, Contract
from workers.repository.contracts.wording import said
from workers.repository.graph import ChangedSymbol, Site
from workers.repository.references.finding import is_constructor

COMPILED = ("go", "java", "kotlin", "rust", "c", "cpp", "csharp", "typescript", "tsx")
_COMPILER = "its compiler decides"
_UNDECIDED = "no static check decides this use"
_UNREAD = "it is no call that plain code can read"
_BY_EDGE = {
    "overrides": "it overrides the definition, and may have to follow",
    "implements": "it implements the definition, and may have to follow",
    "subclasses": "it inherits the definition",
    "mentions": "it names the definition in a text",
}
_ADAPTED = {"moved": "it names the new place", "renamed": "it uses the new name"}
_REFUSED = ("ruby", "php")
"""Where a call that does not fit fails when it runs, and no check of its own judges that."""
_BINDING = frozenset(
    "parameter_added parameter_removed parameter_renamed parameter_kind parameters_reordered"
    " default".split()
)
_COMPILED_ASPECTS = frozenset(
    "visibility modifier base type returned_type header parameter_added parameter_removed"
    " parameter_renamed parameter_type parameter_kind parameters_reordered member_added"
    " member_removed member_changed async".split()
)
_RESULT = frozenset("returned_null returned_nothing returned_size returned_keys".split())


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status and its reason."""

    status: SiteStatus
    why: str


def settled_by_check(symbol: ChangedSymbol, site: CallSite) -> CallSite:
    """A check's verdict; its "safe" speaks of arguments, so other differences stay open."""
    if site.status != "safe" or symbol.change in ("removed", "renamed", "moved"):
        return site
    rest = [a for a in _concerning(symbol) if a.kind not in _BINDING and a.kind != "parameter_type"]
    if not rest:
        return site
    return replace(site, status="not_inspected", why=f"{site.why}, but {_open(symbol, rest)}")


def verdict(symbol: ChangedSymbol, site: Site, calls: Iterable[Call]) -> Verdict:
    """`calls` are those of the site's file that stand on its line."""
    if symbol.change in ("removed", "renamed", "moved") and not site.adapted:
        compiled = symbol.language in COMPILED
        return Verdict("not_inspected", _COMPILER if compiled else _UNDECIDED)
    if site.edge in _BY_EDGE:
        return Verdict("not_inspected", _BY_EDGE[site.edge])
    call = _the_call(symbol, site, calls)
    proven = [_ADAPTED[symbol.change]] if site.adapted else []
    open_aspects = [a for a in _concerning(symbol) if not (site.adapted and a.kind == "place")]
    if call is not None and symbol.contracts is not None:
        found = _by_arguments(symbol, *symbol.contracts, call, site)
        if found is not None and found.status == "broken":
            return found
        open_aspects = _take_proven(symbol, call, found, open_aspects, proven)
        if found is not None and found.status == "not_inspected" and open_aspects:
            return found
    if not open_aspects and proven:
        return Verdict("safe", "; ".join(dict.fromkeys(proven)))
    return Verdict("not_inspected", _open(symbol, open_aspects))


def _concerning(symbol: ChangedSymbol) -> list[Aspect]:
    return [aspect for aspect in symbol.aspects if aspect.concerns_users]


def _open(symbol: ChangedSymbol, aspects: Sequence[Aspect]) -> str:
    """Who decides what plain code cannot."""
    if not aspects:
        return _UNDECIDED
    if symbol.language in COMPILED and all(a.kind in _COMPILED_ASPECTS for a in aspects):
        return _COMPILER
    if all(aspect.kind in _BINDING for aspect in aspects):
        return _UNREAD
    first = next((a for a in aspects if a.kind not in _COMPILED_ASPECTS), aspects[0])
    return f"not decided by plain code: {said([first], symbol.language)[0]}"


def _the_call(symbol: ChangedSymbol, site: Site, calls: Iterable[Call]) -> Call | None:
    """The one call of this name on the line; two, or a mere mention, decide nothing."""
    owner, _, simple = f".{symbol.name}".rpartition(".")
    owner = owner.rpartition(".")[2]
    names = {simple, owner, "new", "super"} if is_constructor(symbol.name) else {simple}
    found = [call for call in calls if call.line == site.line and call.name in names]
    if len(found) != 1 or (symbol.language == "python" and found[0].receiver == owner != ""):
        return None
    return found[0]


def _by_arguments(
    symbol: ChangedSymbol, old: Contract, new: Contract, call: Call, site: Site
) -> Verdict | None:
    """Whether the call still fills the same parameters; None where that is not the question."""
    if old.parameters is None or new.parameters is None or not _asks_arguments(symbol):
        return None
    if call.spread:
        return Verdict("not_inspected", "it passes arguments whose number its text does not say")
    if symbol.language == "python" and new.decorators:
        return None
    was, now = (bind(side.parameters or (), call, symbol.language) for side in (old, new))
    return _fit(symbol, site, call, was, now)


def _fit(symbol: ChangedSymbol, site: Site, call: Call, was: Bound, now: Bound) -> Verdict:
    if was.misfit and now.misfit:
        return Verdict("not_inspected", "it did not fit before either")
    if now.misfit:
        proven = site.tier == "T1" and symbol.language in _REFUSED
        return Verdict("broken", now.misfit) if proven else _misfits(symbol, now)
    doubt = _other_fill(symbol, was, now) or _other_default(symbol, now)
    if doubt:
        return Verdict("not_inspected", doubt)
    how = "adapted" if was.misfit else "still fits"
    return Verdict("safe", f"{how}: {_passes(call)}")


def _misfits(symbol: ChangedSymbol, now: Bound) -> Verdict:
    why = _COMPILER if symbol.language in COMPILED else f"likely broken, not proven: {now.misfit}"
    return Verdict("not_inspected", why)


def _asks_arguments(symbol: ChangedSymbol) -> bool:
    return any(aspect.kind in _BINDING for aspect in symbol.aspects)


def _other_fill(symbol: ChangedSymbol, was: Bound, now: Bound) -> str:
    """An argument that now fills another parameter, where the call fitted before."""
    renamed = {a.before: a.after for a in symbol.aspects if a.kind == "parameter_renamed"}
    filled = {argument: name for name, argument in now.filled.items()}
    for name, argument in () if was.misfit else was.filled.items():
        if filled.get(argument) != renamed.get(name, name):
            other = f"`{filled[argument]}`" if argument in filled else "nothing"
            return f"what it passes for `{name}` now fills {other}"
    return ""


def _other_default(symbol: ChangedSymbol, now: Bound) -> str:
    """A parameter that the call leaves out, and that is something else now."""
    for aspect in symbol.aspects:
        if aspect.kind == "default" and aspect.name not in now.filled:
            return f"it relies on a default: {said([aspect])[0]}"
        if aspect.kind == "parameter_added" and _js_lacks(aspect, symbol, now):
            return f"it does not pass `{aspect.name}`, which is new"
    return ""


def _js_lacks(aspect: Aspect, symbol: ChangedSymbol, now: Bound) -> bool:
    """JavaScript lets a call leave out what is required: it is undefined then."""
    return symbol.language == "javascript" and bool(aspect.before) and aspect.name not in now.filled


def _passes(call: Call) -> str:
    named = ", ".join(f"`{name}`" for name in call.keywords)
    counted = f"{call.positional} by place"
    return f"it passes {counted}" + (f", {named} by name" if named else "")


def _take_proven(
    symbol: ChangedSymbol,
    call: Call,
    arguments: Verdict | None,
    aspects: Sequence[Aspect],
    proven: list[str],
) -> list[Aspect]:
    """The aspects that stay open; the reasons for the others are added to `proven`."""
    left: list[Aspect] = []
    for aspect in aspects:
        reason = _reason(symbol, call, arguments, aspect)
        if reason:
            proven.append(reason)
        else:
            left.append(aspect)
    return left


def _reason(symbol: ChangedSymbol, call: Call, arguments: Verdict | None, aspect: Aspect) -> str:
    """Why this difference does no harm at this call; "" where that is not proven."""
    if aspect.kind in _BINDING:
        return arguments.why if arguments is not None and arguments.status == "safe" else ""
    if aspect.kind in _RESULT and not call.used:
        return "its result is not used"
    if aspect.kind == "returned_size" and call.unpacked:
        fits = aspect.after == str(call.unpacked) and _only_tuples(symbol)
        return f"it takes {call.unpacked} values" if fits else ""
    if aspect.kind == "async" and aspect.after and call.awaited:
        return "it is awaited"
    return ""


def _only_tuples(symbol: ChangedSymbol) -> bool:
    after = symbol.contracts[1].returned if symbol.contracts is not None else ()
    return all(shape.kind == "tuple" for shape in after)
