"""What a Python release breaks: griffe reads both as text; nothing of them is imported."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import griffe

from bot.domain.release import Breakage

_MOST = 400
_KINDS = {
    griffe.BreakageKind.PARAMETER_MOVED: "parameter `{parameter}` was moved",
    griffe.BreakageKind.PARAMETER_REMOVED: "parameter `{parameter}` was removed",
    griffe.BreakageKind.PARAMETER_CHANGED_KIND: "parameter `{parameter}` is passed another way",
    griffe.BreakageKind.PARAMETER_CHANGED_REQUIRED: "parameter `{parameter}` is now required",
    griffe.BreakageKind.PARAMETER_ADDED_REQUIRED: "parameter `{parameter}` is new and required",
    griffe.BreakageKind.OBJECT_REMOVED: "it was removed",
    griffe.BreakageKind.OBJECT_CHANGED_KIND: "it is now a {new}, before a {old}",
    griffe.BreakageKind.CLASS_REMOVED_BASE: "it lost a base class",
    griffe.BreakageKind.RETURN_CHANGED_TYPE: "it returns `{new}`, before `{old}`",
}
"""The other kinds (defaults, values and types of attributes) rarely break a caller: left out."""


def python_breakages(before: Path, after: Path) -> list[Breakage]:
    """Breakages of the public names of every importable top of the older release."""
    logging.getLogger("griffe").setLevel(logging.CRITICAL)
    found: dict[tuple[str, str], Breakage] = {}
    for name in modules_of(before):
        if name in set(modules_of(after)):
            old, new = _load(name, before), _load(name, after)
            _publish(old, name)
            for breakage in griffe.find_breaking_changes(old, new):
                for told in _told(breakage, name):
                    found.setdefault((told.name, told.what), told)
        else:
            found[name, ""] = Breakage(name, "the module was removed")
    return list(found.values())[:_MOST]


def modules_of(folder: Path) -> list[str]:
    """Top-level modules and packages; a source archive has them in its one folder, or in `src`."""
    roots = _root(folder)
    names = {path.parent.name for path in roots.glob("*/__init__.py")}
    names |= {path.stem for path in roots.glob("*.py") if path.stem != "setup"}
    return sorted(name for name in names if name.isidentifier() and name not in ("tests", "test"))


def _root(folder: Path) -> Path:
    inside = [path for path in folder.iterdir() if path.is_dir()]
    is_source = len(inside) == 1 and "-" in inside[0].name and not list(folder.glob("*.py"))
    root = inside[0] if is_source else folder
    return root / "src" if is_source and (root / "src").is_dir() else root


def _load(name: str, folder: Path) -> griffe.Object | griffe.Alias:
    return griffe.load(
        name,
        search_paths=[_root(folder)],
        try_relative_path=False,
        allow_inspection=False,
        store_source=False,
        resolve_aliases=True,
        resolve_external=False,
    )


def _publish(module: griffe.Object | griffe.Alias, top: str) -> None:
    """What a package imports from its own modules is taken as public, unless `__all__` says else.

    Griffe takes it as private; but `from ._client import Client` is how most packages export.
    """
    for member in list(module.members.values()):
        if isinstance(member, griffe.Alias):
            own = member.target_path.startswith(f"{top}.") and not member.name.startswith("_")
            if own and not module.exports:
                member.public = True
        elif member.is_module and not member.name.startswith("_"):
            _publish(member, top)


def _told(breakage: griffe.Breakage, top: str) -> Iterator[Breakage]:
    text = _KINDS.get(breakage.kind)
    if text is None:
        return
    parameter = getattr(breakage.old_value or breakage.new_value, "name", "")
    is_parameter = "PARAMETER" in breakage.kind.name
    what = text.format(
        parameter=str(parameter)[:60],
        old=_value(breakage.old_value),
        new=_value(breakage.new_value),
    )
    path = breakage.obj.path
    yield Breakage(
        path.removeprefix(f"{top}.") or top, what, str(parameter) if is_parameter else ""
    )


def _value(value: object) -> str:
    return str(getattr(value, "value", value))[:80]
