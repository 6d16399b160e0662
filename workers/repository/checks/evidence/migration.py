"""The columns of a model changed, and the change brings no migration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.diff import FileChange
from bot.domain.review import Fact, SourceLine
from workers.repository.checks.inspection import Inspection
from workers.repository.test_paths import is_test_path

KIND = "migration"
_DJANGO = re.compile(r"^\s+\w+\s*(?::[^=]+)?=\s*(?:models\.)?\w+(?:Field|ForeignKey)\(")
_ALCHEMY = re.compile(r"^\s+\w+\s*(?::[^=]+)?=\s*(?:\w+\.)?(?:Column|mapped_column)\(")
_DJANGO_MIGRATION = re.compile(r"(^|/)migrations/\d+_\w+\.py$")
_ALEMBIC_MIGRATION = re.compile(r"(^|/)(versions|revisions)/[\w.-]+\.py$")


def models_without_migration(inspection: Inspection) -> Iterator[Fact]:
    """One fact for each file of models, where the repository keeps migrations of that kind."""
    kinds = (
        ("Django", _DJANGO, _DJANGO_MIGRATION, "models"),
        ("Alembic", _ALCHEMY, _ALEMBIC_MIGRATION, ""),
    )
    for name, column, migration, part in kinds:
        found = [
            (file, lines)
            for file in inspection.change.files
            if part in file.path and (lines := _columns(file, column))
        ]
        brought = any(migration.search(file.path) for file in inspection.change.files)
        if not found or brought or not any(map(migration.search, inspection.after.paths)):
            continue
        for file, lines in found:
            if not is_test_path(file.path) and not inspection.skip(file.path):
                text = f"columns of models changed in {file.path}, without a {name} migration"
                yield Fact(KIND, text, file.path, tuple(lines))


def _columns(file: FileChange, column: re.Pattern[str]) -> list[SourceLine]:
    """The added lines that define a column which the same change does not merely move."""
    gone = {line.text.strip() for hunk in file.hunks for line in hunk.lines if line.kind == "-"}
    return [
        SourceLine(file.path, line.new)
        for hunk in file.hunks
        for line in hunk.lines
        if line.kind == "+" and line.new is not None
        if column.match(line.text) and line.text.strip() not in gone
    ]
