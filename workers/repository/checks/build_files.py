"""Lines of workflows, container files, makefiles and manifests that need a file of the repository.

Each rule is strict: a line that may only filter, clean or make the file does not need it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_WORKFLOW = re.compile(
    r"(^|/)(\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.circleci/config\.yml"
    r"|azure-pipelines\.yml|\.travis\.yml|appveyor\.yml)$"
)
_DOCKERFILE = re.compile(r"(^|/)(Dockerfile[^/]*|[^/]+\.[Dd]ockerfile|Containerfile)$")
_COMPOSE = re.compile(r"(^|/)(docker-)?compose[^/]*\.ya?ml$")
_MAKEFILE = re.compile(r"(^|/)((GNU)?[Mm]akefile|[^/]+\.mk|justfile|tox\.ini)$")
_PACKAGE = re.compile(r"(^|/)package\.json$")
_PROSE = re.compile(r"\.(md|mdx|rst|adoc|txt)$")
_HISTORY = re.compile(r"(change|history|release|news)[^/]*\.\w+$|(^|/)requirements", re.IGNORECASE)

_HARMLESS = re.compile(
    r"^\s*(#|//|::)|hashFiles|\|\| *(true|:)|\brm\b|\brmdir\b|\bexists\b|\[+ +!? *-\w"
    r"|\btest +-\w|2> */dev/null|>|--out|-o |--ignore|--exclude|--omit|--deselect"
)
_STEP = re.compile(
    r"^\s*(- +)?(run|script|command|before_script|dockerfile|cache-dependency-path):"
)
_KEY = re.compile(r"""^\s*(- +)?["']?[\w.-]+["']? *:( |$)""")
_ITEM = re.compile(r"^\s*- ")
_COMMAND = re.compile(
    r"(^|[\s\"'&|;:])(\./|(python[\d.]*|node|bash|sh|ruby|php|deno|bun|tsx|ts-node|source|cat|cp"
    r"|pip install -r|docker build -f|make -f|npx|pytest|coverage run|perl|uv run) )"
)
_COPIES = re.compile(r"^\s*(COPY|ADD)\s+(?!.*--from)", re.IGNORECASE)
_MOUNTS = re.compile(r"^\s*(- *[\"']?\.?/?[\w./-]+:|(dockerfile|env_file|file): )")
_FIELDS = re.compile(r'^\s*"(main|module|types|typings|bin|browser)" *:')
_SCRIPT = re.compile(r'^\s*"[\w:.-]+" *: *"[^"]*\b(node|tsx?|ts-node|bash|sh) ')


def is_prose(path: str) -> bool:
    """Documentation that tells what is, not what was."""
    return bool(_PROSE.search(path)) and not _HISTORY.search(path)


def _workflow(text: str) -> bool:
    if _STEP.search(text):
        return bool(_COMMAND.search(text) or "cache-dependency-path" in text)
    return not _KEY.search(text) and not _ITEM.search(text) and bool(_COMMAND.search(text))


def _dockerfile(text: str) -> bool:
    return bool(_COPIES.search(text))


def _compose(text: str) -> bool:
    return bool(_MOUNTS.search(text))


def _makefile(text: str) -> bool:
    return bool(_COMMAND.search(text)) and not re.match(r"^[\w./-]+ *:", text)


def _package(text: str) -> bool:
    return bool(_FIELDS.search(text) or _SCRIPT.search(text))


_RULES: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (_WORKFLOW, _workflow),
    (_DOCKERFILE, _dockerfile),
    (_COMPOSE, _compose),
    (_MAKEFILE, _makefile),
    (_PACKAGE, _package),
)


def reads_path(path: str, text: str) -> bool | None:
    """Whether this line of a build file fails without the file it names; None: no build file."""
    for pattern, needs in _RULES:
        if pattern.search(path):
            return needs(text) and not _HARMLESS.search(text)
    return None
