"""Which language a path is written in. A new language is one file here and one line below."""

from __future__ import annotations

from workers.repository.outlines import go, java, javascript, python, ruby, rust, typescript
from workers.repository.outlines.language import LanguageRules

BY_SUFFIX: dict[str, LanguageRules] = {
    **dict.fromkeys((".py", ".pyi"), python.RULES),
    **dict.fromkeys((".js", ".jsx", ".mjs", ".cjs"), javascript.RULES),
    **dict.fromkeys((".ts", ".mts", ".cts"), typescript.RULES),
    ".tsx": typescript.TSX_RULES,
    ".go": go.RULES,
    ".java": java.RULES,
    **dict.fromkeys((".rb", ".rake"), ruby.RULES),
    ".rs": rust.RULES,
}


def language_of(path: str) -> LanguageRules | None:
    """The rules for this path's suffix, if there are any."""
    name = path.rpartition("/")[2]
    _, dot, suffix = name.rpartition(".")
    return BY_SUFFIX.get(dot + suffix)
