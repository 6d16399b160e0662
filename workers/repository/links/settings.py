"""Environment variables and configuration keys: named in code, set in files, read elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.repository.links.link import ChangedLine, Role, strings_in

_SHORTEST = 6
_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_LANGUAGE = frozenset({"os.environ", "os.getenv", "process.env", "utf-8", "import.meta.env"})
_OF_THE_PLATFORM = ("GITHUB_", "GH_", "RUNNER_", "CI_")
_KEY = re.compile(r"[a-z][\w-]*(?:[._-][\w-]+)+")
_UNQUOTED = re.compile(
    r"(?:process\.env\.|import\.meta\.env\.|\bENV\s+|\bARG\s+|\$\{?|\benv\.|\bsecrets\.|\bvars\.)"
    r"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"
)
_READS = re.compile(
    r"environ|getenv|get_env|\benv\b|ENV\[|fetch\(|config|setting|option|propert|@Value|feature|flag",
    re.IGNORECASE,
)
_IMPORTS = re.compile(r"\s*(?:import|export|from|use|using|require)\b|.*\brequire\(")
_FILE = re.compile(
    r"(^|/)(\.env[^/]*|[^/]*\.(ya?ml|toml|ini|cfg|conf|properties|env|tf|tfvars)"
    r"|Dockerfile[^/]*|Procfile|app\.json|appsettings[^/]*\.json)$"
)
_WORKFLOW = re.compile(r"(^|/)\.[\w-]+/")
"""Its keys are those of the tool that reads it; its environment is ours."""
_DEFINED = re.compile(
    r"^\s*(?:export\s+|ENV\s+|ARG\s+|-\s+)?(?:name:\s*)?[\"']?([A-Za-z][\w.-]*)[\"']?\s*(?:[:=]|$)"
)


def settings_on(line: ChangedLine) -> Iterator[str]:
    """Setting names on a changed line: of code, or of a file that sets them."""
    for found in _UNQUOTED.finditer(line.text):
        if _is_setting(found[1], set_or_read=False):
            yield found[1]
    if _FILE.search(line.path):
        defined = _DEFINED.match(line.text)
        free = not _WORKFLOW.search(line.path)
        if defined is not None and _is_setting(defined[1], set_or_read=free):
            yield defined[1]
        return
    if _IMPORTS.match(line.text):
        return
    for text in strings_in(line.path, line.text):
        read = bool(re.search(r"[._]", text) and _READS.search(line.text))  # not `content-type`
        if _is_setting(text, read):
            yield text


def _is_setting(text: str, set_or_read: bool) -> bool:
    """An environment variable anywhere; a dotted key only where settings are read or set."""
    if len(text) < _SHORTEST or text in _LANGUAGE or text.startswith(_OF_THE_PLATFORM):
        return False
    return bool(_ENVIRONMENT.fullmatch(text) or (set_or_read and _KEY.fullmatch(text)))


def is_specific(word: str) -> bool:
    """Long and of several words: `PAYMENT_URL`, `mail.retry_limit`; not `user_agent`."""
    if _ENVIRONMENT.fullmatch(word):
        return len(word) >= 10
    return len(word) >= 10 and ("." in word or len(re.findall(r"[._-]", word)) >= 2)


def setting_role(path: str, text: str, word: str) -> Role | None:
    """What a line does with a setting; None where it only looks alike."""
    start = text.find(word)
    defined = _DEFINED.match(text)
    if _FILE.search(path):
        return "defines" if defined is not None and defined[1] == word else "reads"
    quoted = start > 0 and text[start - 1] in "\"'`"
    if quoted or word in _UNQUOTED.findall(text) or _ENVIRONMENT.fullmatch(word):
        return "reads"
    return None
