"""The impact of a change for programs: docs/impact.schema.json."""

from __future__ import annotations

import json
from typing import Any

from bot.domain.finding import Finding
from bot.domain.review import Fact
from workers.cli.output.impact.tree import (
    ChangedContract,
    Impact,
    MovedPackage,
    User,
    UserLine,
)
from workers.repository.companions import Companion
from workers.repository.graph import Definition
from workers.repository.links import Link

SCHEMA = 1


def render_impact_json(impact: Impact) -> str:
    """The object as indented text."""
    return json.dumps(impact_to_json(impact), indent=2, ensure_ascii=False) + "\n"


def impact_to_json(impact: Impact) -> dict[str, Any]:
    """The public object, schema 1: whole, nothing cut. Keys are only ever added to a schema."""
    return {
        "schema": SCHEMA,
        "base": impact.base,
        "head": impact.head,
        "depth": impact.depth,
        "files": impact.files,
        "contracts": [_contract(one) for one in impact.contracts],
        "bodies": [_contract(one) for one in impact.bodies],
        "not_shown": dict(impact.quiet),
        "findings": [_finding(one) for one in impact.findings],
        "facts": [_fact(one) for one in impact.facts],
        "packages": [_package(one) for one in impact.packages],
        "links": [_link(one) for one in impact.links],
        "companions": [_companion(one) for one in impact.companions],
        "notes": list(dict.fromkeys(impact.notes)),
    }


def _contract(contract: ChangedContract) -> dict[str, Any]:
    return {
        "name": contract.name,
        "kind": contract.kind,
        "path": contract.path,
        "line": contract.line,
        "change": contract.change,
        "before": _definition(contract.before),
        "after": _definition(contract.after),
        "says": list(contract.says),
        "broken": contract.broken,
        "users": [_user(one) for one in contract.users],
        "tests": [_user(one) for one in contract.tests],
        "possible": contract.possible,
    }


def _definition(definition: Definition | None) -> dict[str, Any] | None:
    if definition is None:
        return None
    return {
        "name": definition.name,
        "path": definition.path,
        "line": definition.line,
        "end_line": definition.end_line,
        "signature": definition.signature,
    }


def _user(user: User) -> dict[str, Any]:
    return {
        "path": user.path,
        "inside": user.inside,
        "depth": user.depth,
        "test": user.is_test,
        "lines": [_line(line) for line in user.lines],
        "users": [_user(one) for one in user.users],
    }


def _line(line: UserLine) -> dict[str, Any]:
    return {
        "line": line.line,
        "text": line.text,
        "tier": line.tier,
        "edge": line.edge,
        "status": line.status,
        "why": line.why,
        "commit": line.commit,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "title": finding.title,
        "severity": finding.severity.value,
        "kind": finding.kind,
        "path": finding.path,
        "line": finding.line,
        "side": finding.side,
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "kind": fact.kind,
        "text": fact.text,
        "path": fact.path,
        "places": [{"path": place.path, "line": place.line} for place in fact.places],
    }


def _package(package: MovedPackage) -> dict[str, Any]:
    bump = package.bump
    users = package.users
    return {
        "ecosystem": bump.ecosystem,
        "package": bump.package,
        "move": bump.move,
        "before": bump.before,
        "after": bump.after,
        "step": bump.step,
        "may_break": bump.may_break,
        "direct": bump.direct,
        "places": [{"path": place.path, "line": place.line} for place in bump.places],
        "warnings": list(bump.warnings),
        "imported_by": list(users.files) if users is not None else [],
        "names_used": list(users.names) if users is not None else [],
        "broken": [{"name": entry.name, "what": entry.what} for entry in package.broken],
    }


def _link(link: Link) -> dict[str, Any]:
    key = link.key
    return {
        "kind": key.kind,
        "word": key.word,
        "change": key.change,
        "path": key.path,
        "line": key.line,
        "tier": link.tier,
        "places": [
            {"path": one.path, "line": one.line, "text": one.text, "role": one.role}
            for one in link.places
        ],
        "more": link.more,
        "detail": link.detail,
    }


def _companion(companion: Companion) -> dict[str, Any]:
    return {
        "path": companion.path,
        "companion": companion.companion,
        "together": companion.together,
        "commits": companion.commits,
    }
