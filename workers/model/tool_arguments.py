"""The tools' names, arguments and descriptions; one class is both the schema and its check."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.conversation import ToolSpec

At = Literal["head", "base"]
_AT = "head: with the change; base: before it"


class ToolArguments(BaseModel):
    """Arguments of one tool. Unknown ones are refused: a misspelt bound would be ignored."""

    model_config = ConfigDict(extra="forbid")


class ReadFile(ToolArguments):
    """Read lines of one file, with their line numbers."""

    path: str = Field(description="path from the repository's root")
    start_line: int = Field(default=1, description="first line, counted from 1")
    end_line: int | None = Field(default=None, description="last line; at most 400 lines a call")
    at: At = Field(default="head", description=_AT)


class Search(ToolArguments):
    """Find lines that match a POSIX extended regular expression, in text files."""

    pattern: str = Field(max_length=300)
    under: str = Field(default="", description="only below this folder or file")
    at: At = Field(default="head", description=_AT)


class FindDefinition(ToolArguments):
    """Find where a function, class, type, constant or variable is defined, with its first lines."""

    name: str = Field(description="the bare name, e.g. `parse`, or with its owner, `Config.parse`")
    at: At = Field(default="head", description=_AT)


class FindReferences(ToolArguments):
    """Find every line that names a symbol: callers, overrides, imports, tests, configuration."""

    name: str = Field(description="the bare name")
    under: str = Field(default="", description="only below this folder or file")
    at: At = Field(default="head", description=_AT)


class ListFiles(ToolArguments):
    """List the files below a folder."""

    under: str = Field(default="", description="the folder; empty for the root")
    at: At = Field(default="head", description=_AT)


class FileHistory(ToolArguments):
    """List the commits that touched a file before this change, newest first."""

    path: str


TOOLS: dict[str, type[ToolArguments]] = {
    "read_file": ReadFile,
    "search": Search,
    "find_definition": FindDefinition,
    "find_references": FindReferences,
    "list_files": ListFiles,
    "file_history": FileHistory,
}


def tool_specs() -> tuple[ToolSpec, ...]:
    """All tools, in a fixed order: the list is part of the prefix that providers cache."""
    return tuple(
        ToolSpec(name, kind.__doc__ or "", _parameters(kind)) for name, kind in TOOLS.items()
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
