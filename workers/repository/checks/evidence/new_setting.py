"""Code reads a new environment variable that no sample of the repository lists."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.review import Fact, SourceLine
from workers.repository.checks.environment import defined_key, is_code, is_sample, reads
from workers.repository.checks.inspection import Inspection
from workers.repository.test_paths import is_test_path

KIND = "new_setting"


def unlisted_settings(inspection: Inspection) -> Iterator[Fact]:
    """One fact for each new variable without a default, where samples list others."""
    new = _new_reads(inspection)
    if not new or not any(map(is_sample, inspection.after.paths)):
        return
    known = set(inspection.before.grep(new))
    before = {key for key in new if any(key in text for _, _, text in known)}
    hits = inspection.mentions(set(new) - before)
    for key, places in new.items():
        lines = [hit for held in hits.get(key, {}).values() for hit in held]
        listed = any(not is_code(path) and defined_key(text) == key for path, _, text in lines)
        if key not in before and not listed:
            text = f"`{key}` is newly read without a default, and no sample or manifest lists it"
            yield Fact(KIND, text, places[0].path, tuple(places))


def _new_reads(inspection: Inspection) -> dict[str, list[SourceLine]]:
    found: dict[str, list[SourceLine]] = {}
    for file in inspection.change.files:
        if not is_code(file.path) or is_test_path(file.path) or inspection.skip(file.path):
            continue
        for hunk in file.hunks:
            for line in hunk.lines:
                for key, need in reads(line.text) if line.kind == "+" else ():
                    if need != "defaulted" and line.new is not None:
                        found.setdefault(key, []).append(SourceLine(file.path, line.new))
    return found
