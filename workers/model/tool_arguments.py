"""The tools' names, arguments and descriptions; one class is both the schema and its check."""

from __future__ import annotations

from inspect import cleandoc
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.domain.conversation import ToolSpec

At = Literal["head", "base"]
_AT = "head: with the change; base: before it"


Around = Annotated[int, BeforeValidator(lambda wide: min(wide, 8) if type(wide) is int else wide)]
"""A wish for more lines than there may be is no reason to lose the call."""


class ToolArguments(BaseModel):
    """Arguments of one tool. Unknown ones are refused: a misspelt bound would be ignored."""

    model_config = ConfigDict(extra="forbid")


class ReadFile(ToolArguments):
    """Read lines of a file, with their line numbers, and of others in the same call."""

    path: str = Field(description="path from the repository's root")
    start_line: int = Field(default=1, description="first line, counted from 1")
    end_line: int | None = Field(default=None, description="last line; at most 400 lines a part")
    at: At = Field(default="head", description=_AT)
    also: list[str] = Field(
        default_factory=list,
        max_length=7,
        description="other parts at the same commit, each `path` or `path:10-40`",
    )


class Search(ToolArguments):
    """Find lines that match a POSIX extended regular expression, in text files."""

    pattern: str = Field(max_length=300)
    under: str = Field(default="", description="only below this folder or file")
    around: Around = Field(default=0, ge=0, le=8, description="lines to show before and after each")
    at: At = Field(default="head", description=_AT)


class FindDefinition(ToolArguments):
    """Find where a function, class, type, constant or variable is defined, and read it."""

    name: str = Field(description="the bare name, e.g. `parse`, or with its owner, `Config.parse`")
    path: str = Field(default="", description="only in this file")
    at: At = Field(default="head", description=_AT)


class FindReferences(ToolArguments):
    """Find who uses a symbol: callers, overrides, imports, tests, configuration.

    Each line has a tier: T1 resolved to this definition, T2 its type is evident nearby,
    T3 only the name matches (in strings and comments too).
    """

    name: str = Field(description="the bare name, or with its owner, `Config.parse`")
    path: str = Field(default="", description="the file of the definition, where several have it")
    under: str = Field(default="", description="only uses below this folder or file")
    depth: int = Field(default=1, ge=1, le=4, description="2: also who uses the users, and so on")
    at: At = Field(default="head", description=_AT)


class ShowOutline(ToolArguments):
    """List what a file defines: kinds, names, signatures, line ranges; and what it imports."""

    path: str
    at: At = Field(default="head", description=_AT)


class ListFiles(ToolArguments):
    """List the files below a folder."""

    under: str = Field(default="", description="the folder; empty for the root")
    name: str = Field(default="", description="only paths that hold this text")
    at: At = Field(default="head", description=_AT)


class FileHistory(ToolArguments):
    """List the commits that touched a file before this change, and what usually changed with it."""

    path: str


TOOLS: dict[str, type[ToolArguments]] = {
    "read_file": ReadFile,
    "search": Search,
    "find_definition": FindDefinition,
    "find_references": FindReferences,
    "outline": ShowOutline,
    "list_files": ListFiles,
    "file_history": FileHistory,
}


def tool_specs() -> tuple[ToolSpec, ...]:
    """All tools, in a fixed order: the list is part of the prefix that providers cache."""
    return tuple(
        ToolSpec(name, cleandoc(kind.__doc__ or ""), _parameters(kind))
        for name, kind in TOOLS.items()
    )


def _parameters(kind: type[ToolArguments]) -> dict[str, Any]:
    schema = kind.model_json_schema()
    properties = {
        name: {key: value for key, value in spec.items() if key != "title"}
        for name, spec in schema["properties"].items()
    }
    return {
        "type": "object",
        "properties": properties,
        "required": schema.get("required", []),
        "additionalProperties": False,
    }
