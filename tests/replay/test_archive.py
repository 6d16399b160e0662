"""Exports that somebody made by hand: refused in one line, and nothing is written beside them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.domain.conversation import Step
from bot.domain.finding import Category, Fate, Finding, Origin, Severity
from bot.domain.identifiers import Sha
from bot.domain.review import Review
from bot.errors import UserError
from tests.fakes.proposal import propose
from workers.replay import archive
from workers.replay.archive import read_export, write_export
from workers.replay.differences import differences
from workers.replay.export import Export
from workers.repository.clones.packing import Packed


def review(*findings: Finding, note: str = "") -> Review:
    notes = (note,) if note else ()
    return Review("complete", Sha("b" * 40), Sha("a" * 40), "light", findings=findings, notes=notes)


@pytest.fixture
def made(tmp_path: Path) -> Export:
    pack = tmp_path / "code-1.pack"
    pack.write_bytes(b"PACK: bytes that git will look at")
    return Export(
        about={"key": "3/5/7/aaaa/auto", "attempt": 1},
        pull=propose(tmp_path / "there", {"a": "1\n"}, {"a": "2\n"}, body="It \ud800 \0 all.").pull,
        earlier=(review(note="the first"),),
        steps=(Step("model", "hunt", {"digest": "0"}, {"text": "{}"}, 1.5, "hunt@3"),),
        review=review(),
        code=Packed(pack, (Sha("c" * 40),)),
    )


def read(file: Path) -> Export:
    folder = file.parent / "read"
    folder.mkdir()
    return read_export(file, folder)


def test_what_is_written_is_read_again(made: Export, tmp_path: Path) -> None:
    file = tmp_path / "one.zip"
    write_export(made, file)
    again = read(file)
    assert (again.pull, again.earlier, again.steps, again.review, again.code.ends) == (
        made.pull, made.earlier, made.steps, made.review, made.code.ends,
    )  # fmt: skip
    assert again.code.pack.read_bytes() == made.code.pack.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600


def test_two_exports_of_one_review_are_one_file(made: Export, tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        write_export(made, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_folder_that_cannot_be_written_is_named(made: Export, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        write_export(made, tmp_path / "nowhere" / "one.zip")


def tampered(made: Export, tmp_path: Path, other: Mapping[str, bytes]) -> Path:
    """The export with some members replaced or added."""
    file = tmp_path / "one.zip"
    write_export(made, file)
    with zipfile.ZipFile(file) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as again:
        for name, content in {**parts, **other}.items():
            again.writestr(name, content)
    return file


@pytest.mark.parametrize(
    "other",
    [
        {"manifest.json": b'{"format": 99}'},
        {"manifest.json": b"[]"},
        {"pull_request.json": b"{}"},
        {"pull_request.json": b'{"ref": 7}'},
        {"steps.json": b'[{"kind": "model"}]'},
        {"steps.json": b'[{"kind": "x", "name": "x", "request": 1, "response": 1}]'},
        {"review.json": b'{"record": 2}'},
        {"earlier_reviews.json": b"7"},
        {"steps.json": b"[" * 100_000},
        {f"more/{number}": b"" for number in range(30)},
    ],
    ids=lambda other: next(iter(other)),
)  # fmt: skip
def test_what_is_no_export_is_refused(
    made: Export, tmp_path: Path, other: Mapping[str, bytes]
) -> None:
    with pytest.raises(UserError, match="is no export of a review"):
        read(tampered(made, tmp_path, other))


def test_names_that_climb_out_of_the_folder_are_never_used(made: Export, tmp_path: Path) -> None:
    file = tampered(made, tmp_path, {"../../climbed": b"x", "/climbed": b"x"})
    read(file)
    assert sorted(path.name for path in (tmp_path / "read").iterdir()) == ["code.pack"]
    assert not (tmp_path.parent / "climbed").exists()


def test_what_unpacks_to_more_than_a_review_holds_is_refused(
    made: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_MOST_TEXT_BYTES", 100_000)
    file = tampered(made, tmp_path, {"steps.json": b" " * 5_000_000})
    assert file.stat().st_size < 50_000
    with pytest.raises(UserError, match=r"steps\.json holds more than 100000 bytes"):
        read(file)


def test_a_pack_that_is_too_large_is_refused(
    made: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_PACK_BYTES", 1_000)
    with pytest.raises(UserError, match=r"code\.pack holds more than 1000 bytes"):
        read(tampered(made, tmp_path, {"code.pack": b"x" * 2_000_000}))


def test_a_list_of_members_without_end_is_not_read(made: Export, tmp_path: Path) -> None:
    file = tampered(made, tmp_path, {f"{number:0300}": b"" for number in range(400)})
    with pytest.raises(UserError, match="its list of members is too long"):
        read(file)


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"words", b"\0" * 1000])
def test_a_file_that_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "one.zip"
    file.write_bytes(content)
    with pytest.raises(UserError, match="is no export of a review"):
        read(file)


def finding(title: str, fate: Fate = Fate.POSTED) -> Finding:
    return Finding(
        title, "It breaks.", Severity.P1, Category.DATA, Origin.HUNT, "a.py", 3, fate=fate
    )


def test_each_thing_that_differs_is_told_in_a_line() -> None:
    before = review(finding("one"), finding("two"), finding("two"), note="x")
    after = review(finding("two"), finding("two", Fate.LISTED), finding("three"))
    ids = {f.title: f.id for f in (*before.findings, *after.findings)}
    assert differences(before, before) == []
    assert differences(before, after) == [
        f"finding {ids['one']} is gone: one",
        f"finding {ids['two']} (2) (two): fate posted -> listed",
        f"finding {ids['three']} is new, posted: three",
        'notes: ["x"] -> []',
    ]


def test_another_order_is_a_difference() -> None:
    one, two = finding("one"), finding("two")
    assert differences(review(one, two), review(two, one)) == [
        "the findings stand in another order"
    ]
