"""Poetry's way to write versions, as a Python specifier (https://python-poetry.org/docs/dependency-specification/)."""

from __future__ import annotations

import re

_TERM = re.compile(r"^(\^|~(?!=)|==?|!=|[<>]=?|~=)?\s*v?(\d[\w.+!*-]*)$")

_LONGEST = 200


def as_specifier(written: str) -> str | None:
    """`^1.2` as `>=1.2,<2`; "" is any version; None where it cannot be said as one specifier."""
    text = written.strip()
    if len(text) > _LONGEST:
        return None
    if text in ("", "*"):
        return ""
    if "|" in text:
        return None
    terms = [_one(part.strip()) for part in re.split(r"\s*,\s*|\s+(?=[\^~<>=!])", text) if part]
    return None if None in terms else ",".join(term for term in terms if term)


def _one(text: str) -> str | None:
    found = _TERM.match(text)
    if found is None:
        return None
    mark, version = found[1] or "==", found[2]
    if mark not in ("^", "~"):
        return f"{'==' if mark == '=' else mark}{version}"
    parts = [int(part) for part in re.match(r"\d+(?:\.\d+)*", version)[0].split(".")]  # type: ignore[index]  # _TERM begins with a digit
    return f">={version},<{_caret(parts) if mark == '^' else _tilde(parts)}"


def _caret(parts: list[int]) -> str:
    """The first part that is not zero may not change."""
    index = next((at for at, part in enumerate(parts) if part), len(parts) - 1)
    return ".".join(str(part) for part in (*parts[:index], parts[index] + 1))


def _tilde(parts: list[int]) -> str:
    index = 1 if len(parts) > 1 else 0
    return ".".join(str(part) for part in (*parts[:index], parts[index] + 1))
