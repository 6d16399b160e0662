"""Test cases as the common runners name them, read line by line from a test file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PYTHON = re.compile(r"^(\s*)(?:async\s+)?def\s+(test\w*)\s*\(")
_SCRIPT = re.compile(r"""^(\s*)(?:x?it|x?test|xspecify|specify)(?:\.\w+)*\s*\(\s*(["'`])(.+?)\2""")
_GO = re.compile(r"^()func\s+(Test\w+)\s*\(")
_RUBY = re.compile(
    r"""^(\s*)(?:def\s+(test_\w+)|x?it\s+["'](.+?)["']\s+do|x?test\s+["'](.+?)["'])"""
)
_JVM = re.compile(
    r"^(\s*)(?:public\s+|internal\s+)?(?:suspend\s+)?(?:void|fun)\s+(`[^`]+`|\w+)\s*\("
)
_PHP = re.compile(r"^(\s*)(?:public\s+)?function\s+(test\w+)\s*\(")
_PATTERNS: dict[str, re.Pattern[str]] = {
    ".py": _PYTHON,
    **dict.fromkeys((".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts"), _SCRIPT),
    ".go": _GO,
    ".rb": _RUBY,
    **dict.fromkeys((".java", ".kt"), _JVM),
    ".php": _PHP,
}
_SKIPS = re.compile(
    r"@(pytest\.mark\.|unittest\.|mark\.)?(skip|xfail|expectedFailure)|@(Ignore|Disabled)\b"
    r"|\b(it|test|describe|specify)\.(skip|todo)\b|^\s*(xit|xtest|xspecify|pending)\b"
    r"|\bt\.Skip(Now|f)?\(|\bmarkTestSkipped\(|\bpytest\.(skip|xfail)\(|^\s*skip\b"
)
_CONDITION = re.compile(r"skip(if|unless)|^\s*(if|elif|unless|case)\b", re.IGNORECASE)
_CLOSING = re.compile(r"^\s*(\}|\)|end\b|pass\b|\.\.\.|#|//|\{|\"\"\"|$)")
_DECORATOR = re.compile(r"^\s*@")


@dataclass(frozen=True, slots=True)
class WrittenTest:
    """One case: its name, the line of its head, and its text with what stands directly above."""

    name: str
    line: int
    above: str
    head: str
    body: str

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join((self.above, self.head, self.body))


def written_tests(path: str, lines: Sequence[str]) -> dict[str, WrittenTest]:
    """Name to case; a name that stands twice means its last case."""
    pattern = _PATTERNS.get("." + path.rpartition(".")[2])
    if pattern is None:
        return {}
    heads = [(at, head) for at, text in enumerate(lines) if (head := pattern.match(text))]
    found: dict[str, WrittenTest] = {}
    for number, (at, head) in enumerate(heads):
        above = _above(lines, at)
        if pattern is _JVM and "@Test" not in above and "@ParameterizedTest" not in above:
            continue
        stop = heads[number + 1][0] if number + 1 < len(heads) else len(lines)
        body = _body(lines, at + 1, stop, len(head[1].expandtabs()))
        name = next(group for group in reversed(head.groups()) if group)
        found[name] = WrittenTest(name, at + 1, above, lines[at], body)
    return found


def begins_test(path: str, line: str) -> bool:
    """Whether a line may be the head of a case, whatever stands above it."""
    pattern = _PATTERNS.get("." + path.rpartition(".")[2])
    return pattern is not None and pattern.match(line) is not None


def _above(lines: Sequence[str], at: int) -> str:
    """The decorators or annotations right above a head."""
    start = at
    while start and _DECORATOR.match(lines[start - 1]):
        start -= 1
    return "\n".join(lines[start:at])


def _body(lines: Sequence[str], start: int, stop: int, indent: int) -> str:
    """The lines below a head that are indented deeper, after a brace on a line of its own."""
    end = start + int(start < stop and lines[start].strip() == "{")
    while end < stop and (not lines[end].strip() or _indent(lines[end]) > indent):
        end += 1
    return "\n".join(lines[start:end])


def _indent(line: str) -> int:
    text = line.expandtabs()
    return len(text) - len(text.lstrip())


def is_skipped(case: WrittenTest) -> bool:
    """Skipped whatever happens; a condition on platform or version is none."""
    for line in (*case.above.split("\n"), case.head, *case.body.split("\n")[:1]):
        if _SKIPS.search(line) and not _CONDITION.search(line):
            return True
    return False


def is_empty(case: WrittenTest) -> bool:
    """A body that does nothing. A head with code on its own line is not read as empty."""
    inline = case.head.rstrip().endswith((":", "{", "do", "=>", ")"))
    return inline and all(_CLOSING.match(line) for line in case.body.split("\n"))
