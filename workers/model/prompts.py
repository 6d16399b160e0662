"""Prompts are files: `prompts/NAME.md`, a version in front, `{{placeholders}}` inside.

    ---
    version: 3
    ---
    Find the defects in {{diff}}.

The tag `NAME@3` goes into the record of every call, so that a review can be replayed and compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).with_name("prompts")

_FRONT = re.compile(r"---\nversion: ([1-9][0-9]*)\n---\n+")
_PLACEHOLDER = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")


class PromptError(ValueError):
    """A prompt file is missing or malformed, or was given the wrong values: a programming error."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. `template` still holds its placeholders."""

    name: str
    version: int
    template: str

    @property
    def tag(self) -> str:
        """What the record calls it, e.g. `hunt@3`."""
        return f"{self.name}@{self.version}"

    @property
    def placeholders(self) -> frozenset[str]:
        """The names that `render` needs."""
        return frozenset(_PLACEHOLDER.findall(self.template))

    def render(self, **values: str) -> str:
        """The text with every placeholder filled; a value is never searched for placeholders.

        Raises:
            PromptError: a value is missing, or belongs to no placeholder.
        """
        missing = sorted(self.placeholders - values.keys())
        unknown = sorted(values.keys() - self.placeholders)
        if missing or unknown:
            raise PromptError(
                f"prompt {self.tag!r}: values missing for {missing}, not asked for: {unknown}"
            )
        return _PLACEHOLDER.sub(lambda match: values[match[1]], self.template)


@lru_cache(maxsize=64)
def load_prompt(name: str, folder: Path = FOLDER) -> Prompt:
    """Read `NAME.md`.

    Raises:
        PromptError: there is no such file, or it has no version, or a brace pair names nothing.
    """
    path = folder / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PromptError(f"there is no prompt {name!r}: expected the file {path}") from error
    front = _FRONT.match(text)
    if front is None:
        raise PromptError(f"{path} must start with the lines '---', 'version: 1' and '---'")
    template = text[front.end() :].rstrip("\n")
    stray = re.search(r"\{\{.{0,30}", _PLACEHOLDER.sub("", template))
    if stray:
        raise PromptError(f"{path}: {stray[0]!r} is not a placeholder such as {{{{diff}}}}")
    return Prompt(name=name, version=int(front[1]), template=template)
