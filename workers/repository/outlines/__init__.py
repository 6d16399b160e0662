"""Which language a path is written in. A new language is one file here and one line below.

Grammars are loaded by processes that parse (`workers.repository.index.parser`), nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from workers.repository.outline import SIZE_CAP_BYTES, Outline

if TYPE_CHECKING:
    from workers.repository.outlines.language import LanguageRules


@dataclass(frozen=True, slots=True)
class Language:
    """A language by name; its rules stand in a file of this folder."""

    name: str
    module: str
    constant: str = "RULES"

    def rules(self) -> LanguageRules:
        """Its rules. Loads tree-sitter."""
        module = import_module(f"{__name__}.{self.module}")
        found: LanguageRules = getattr(module, self.constant)
        return found


BY_SUFFIX: dict[str, Language] = {
    **dict.fromkeys((".py", ".pyi"), Language("python", "python")),
    **dict.fromkeys((".js", ".jsx", ".mjs", ".cjs"), Language("javascript", "javascript")),
    **dict.fromkeys((".ts", ".mts", ".cts"), Language("typescript", "typescript")),
    ".tsx": Language("tsx", "typescript", "TSX_RULES"),
    ".go": Language("go", "go"),
    ".java": Language("java", "java"),
    **dict.fromkeys((".rb", ".rake", ".gemspec", ".ru"), Language("ruby", "ruby")),
    ".php": Language("php", "php"),
    ".rs": Language("rust", "rust"),
    **dict.fromkeys((".kt", ".kts"), Language("kotlin", "kotlin")),
    ".c": Language("c", "c"),
    ".h": Language("cpp", "cpp", "HEADER_RULES"),
    **dict.fromkeys(
        (".cc .cpp .cxx .c++ .hh .hpp .hxx .inl .ipp .tpp .txx").split(), Language("cpp", "cpp")
    ),
    ".cs": Language("csharp", "csharp"),
}


def language_of(path: str) -> Language | None:
    """The language of this path's suffix, if it is known."""
    name = path.rpartition("/")[2]
    _, dot, suffix = name.rpartition(".")
    return BY_SUFFIX.get(dot + suffix)


def unparsed(path: str, size: int) -> Outline | None:
    """The empty outline, with its note, of a file that is not given to a parser."""
    language = language_of(path)
    if language is None:
        return Outline(note=f"{path}: no grammar for this kind of file")
    if size > SIZE_CAP_BYTES:
        told = f"{size:,} bytes, the cap is {SIZE_CAP_BYTES:,}"
        return Outline(language.name, note=f"{path}: too large to outline ({told})")
    return None
