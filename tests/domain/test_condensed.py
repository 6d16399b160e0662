"""Long lists in few lines, and the name of a record for people."""

from __future__ import annotations

from bot.domain.condensed import SiteGroup, file_groups, open_sites, safe_files, site_counts
from bot.domain.jobs import short_key
from bot.domain.review import CallSite, FileCoverage, LedgerEntry


def named(*paths: str, reason: str = "ignored") -> list[tuple[str, str]]:
    files = [FileCoverage(path, "skipped", reason) for path in paths]
    return [(group.name, group.reason) for group in file_groups(files)]


def test_more_than_five_files_of_one_reason_are_one_group() -> None:
    five = ("a/1", "a/2", "a/3", "a/4", "a/5")
    assert named(*five) == [(path, "ignored") for path in five]
    assert named(*five, "a/6") == [("6 files under a/", "ignored")]
    assert named(*five, "b") == [("6 files", "ignored")]
    assert named(*five, "ab/6") == [("6 files", "ignored")]


def test_files_of_two_reasons_are_two_groups() -> None:
    files = [FileCoverage(f"a/{n}", "skipped", str(n % 2)) for n in range(12)]
    assert [(group.name, group.reason) for group in file_groups(files)] == [
        ("6 files under a/", "0"),
        ("6 files under a/", "1"),
    ]


def test_sites_are_counted_by_what_became_of_them() -> None:
    sites = (
        CallSite("a.py", 1, "T1", "safe", ""),
        CallSite("a.py", 2, "T1", "broken", ""),
        CallSite("b.py", 3, "T2", "not_inspected", ""),
    )
    assert site_counts(LedgerEntry("f", "", sites, possible=1_200)) == (
        "3 sites in 2 files: 1 broken, 1 safe, 1 not inspected; 1,200 more by name only"
    )
    assert site_counts(LedgerEntry("f", "", sites[:1])) == "1 site in 1 file: 1 safe"
    assert site_counts(LedgerEntry("f", "", possible=2)) == "no site that resolves; 2 by name only"


def test_what_nobody_looked_at_is_told_by_reason_and_what_is_safe_by_file() -> None:
    places = [("b.py", 9), ("a.py", 3), ("b.py", 2), ("c.py", 1)]
    unseen = [CallSite(path, line, "T1", "not_inspected", "why") for path, line in places]
    many = [CallSite("z.go", line, "T1", "not_inspected", "compiler") for line in range(8)]
    safe = [CallSite(f"{n % 7}.py", n, "T2", "safe", "") for n in range(9)]
    entry = LedgerEntry("f", "", (*unseen, *many, *safe))
    assert open_sites(entry) == (
        SiteGroup("why", ("a.py:3", "b.py:2, 9", "c.py:1")),
        SiteGroup("compiler", ("z.go:0, 1, 2, 3, 4",), more=3),
    )
    assert safe_files(entry) == "0.py (2), 1.py (2), 2.py (1), 3.py (1), 4.py (1) and 2 more files"


def test_a_key_for_people_is_head_and_trigger() -> None:
    head = "a1" * 20
    guid = "0b64e7f0-1c2d-4e5f-8a9b-0123456789ab"
    assert short_key(f"1/2/7/{head}/auto") == "a1a1a1a1a1a1/auto"
    assert short_key(f"1/2/7/{head}/rerequest-{guid}") == "a1a1a1a1a1a1/rerequest-0b64e7f0"
    assert short_key(f"1/2/7/{head}/terminal-1764000000000") == (
        "a1a1a1a1a1a1/terminal-1764000000000"
    )
    assert short_key("r1") == "r1"
