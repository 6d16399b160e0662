"""What a scripted model reports, in the fewest words; and a script that answers room by room."""

# ruff: noqa: ANN401 - the fields that a test replaces are of any type
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.domain.conversation import ModelRequest
from tests.fakes.scripted_model import Reply, ScriptedModel

NO_DEFECT: dict[str, Any] = {"defects": [], "sites": []}
NO_PROMISE: dict[str, Any] = {"promises": [], "unasked": []}

Answers = Reply | Callable[[ModelRequest], Reply]


def quote(path: str, line: int, text: str, at: str = "head") -> dict[str, Any]:
    """One citation."""
    return {"path": path, "at": at, "line": line, "quote": text}


def defect(path: str, line: int, *quotes: Mapping[str, Any], **other: Any) -> dict[str, Any]:
    """One reported defect; `other` replaces what a test is about."""
    return {
        "title": "Wrong total",
        "what": "The total is wrong.",
        "trigger": "any order",
        "severity": "P1",
        "category": "correctness",
        "kind": "wrong-result",
        "symbol": "",
        "path": path,
        "at": "head",
        "line": line,
        "end_line": line,
        "evidence": list(quotes),
        "fix": "Put it right.",
        "suggestion": None,
        **other,
    }


def promise(text: str, verdict: str, *quotes: Mapping[str, Any], **other: Any) -> dict[str, Any]:
    """One judged promise, quoted from the title unless the test says otherwise."""
    return {
        "text": text,
        "where": "title",
        "quote": text,
        "implied": False,
        "verdict": verdict,
        "why": "It shows.",
        "evidence": list(quotes),
        "defects": [],
        **other,
    }


def checked(number: int, verdict: str = "confirmed", **other: Any) -> dict[str, Any]:
    """One verdict of the verifier."""
    return {
        "number": number,
        "checked": "read it",
        "verdict": verdict,
        "confidence": 0.9,
        "severity": "P1",
        "why": "It fails as told.",
        "evidence": [],
        "same_as": None,
        **other,
    }


def all_confirmed(request: ModelRequest) -> dict[str, Any]:
    """Every finding of a verification is confirmed."""
    return {"results": [checked(number + 1) for number in range(asked_in(request))]}


def asked_in(request: ModelRequest) -> int:
    """How many findings a verification puts."""
    return sum(row.startswith("## ") for row in request.messages[2].content.split("\n"))


def all_still(request: ModelRequest) -> dict[str, Any]:
    """Every earlier finding that is looked at again still stands."""
    return {"results": [looked_again(number + 1, "still") for number in range(asked_in(request))]}


def looked_again(
    number: int, state: str, *quotes: Mapping[str, Any], **other: Any
) -> dict[str, Any]:
    """One word on a finding of an earlier review."""
    return {
        "number": number,
        "checked": "read it",
        "state": state,
        "why": "It is as it was.",
        "evidence": list(quotes),
        **other,
    }


def rooms(
    hunt: Answers = NO_DEFECT,
    intent: Answers = NO_PROMISE,
    verify: Answers = all_confirmed,
    announced: Answers | None = None,
    recheck: Answers = all_still,
    taught: Sequence[Mapping[str, Any]] = (),
) -> ScriptedModel:
    """A model that gives each room its answer, whatever else it is asked there.

    `taught` goes along with each verification that asks for it, `recheck` with a hunt that does.
    """
    none: Answers = {"results": []}
    by_purpose: dict[str, Answers] = {
        "hunt": hunt,
        "intent": intent,
        "verify": verify,
        "recheck": recheck,
        "announced": none if announced is None else announced,
    }

    def script(request: ModelRequest) -> Reply:
        answer = by_purpose[request.purpose.split()[0].rstrip(":")]
        reply = answer(request) if callable(answer) else answer
        asked = request.schema.schema["properties"] if request.schema else {}
        if not isinstance(reply, Mapping):
            return reply
        if "taught" in asked:
            return {**reply, "taught": list(taught)}
        if "rechecked" in asked:
            again = recheck(request) if callable(recheck) else recheck
            return {**reply, "rechecked": again["results"]} if isinstance(again, Mapping) else reply
        return reply

    return ScriptedModel(script)
