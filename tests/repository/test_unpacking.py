"""Archives that nobody vouches for: what is taken from them, and what gets them refused."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.package_index import tarred, zipped
from workers.repository.dependencies.artefacts.unpacking import (
    UnsafeArchive,
    unpack_tar,
    unpack_zip,
)

PYTHON = (".py", ".pyi")


def unpacked(folder: Path, content: bytes) -> dict[str, str]:
    """The files that come out, by path; the folder beside must stay as it is."""
    archive, target = folder / "archive", folder / "target"
    archive.write_bytes(content)
    target.mkdir()
    unpack = unpack_zip if content.startswith(b"PK") else unpack_tar
    try:
        unpack(archive, target, PYTHON)
    finally:
        assert sorted(path.name for path in folder.iterdir()) == ["archive", "target"]
        assert not any(path.is_symlink() for path in target.rglob("*"))
    files = (path for path in target.rglob("*") if path.is_file())
    return {path.relative_to(target).as_posix(): path.read_text() for path in sorted(files)}


def test_sources_alone_come_out(tmp_path: Path) -> None:
    files = {
        "a/__init__.py": "x = 1",
        "a/b.pyi": "y: int",
        "a/c.so": "binary",
        "evil.pth": "import x",
    }
    assert unpacked(tmp_path, zipped(files)) == {"a/__init__.py": "x = 1", "a/b.pyi": "y: int"}


def test_a_source_archive_keeps_its_folder(tmp_path: Path) -> None:
    files = {"a-1.0/setup.py": "raise SystemExit", "a-1.0/a.py": "x = 1", "a-1.0/README": "hello"}
    expected = {"a-1.0/a.py": "x = 1", "a-1.0/setup.py": "raise SystemExit"}
    assert unpacked(tmp_path, tarred(files)) == expected


def _linked(name: str, mode: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        member = zipfile.ZipInfo(name)
        member.external_attr = mode << 16
        archive.writestr(member, "/etc/passwd")
    return made.getvalue()


def _lying_zip() -> bytes:
    """Says that its member unpacks to one byte; ten megabytes come out."""
    whole = bytearray(zipped({"a.py": "0" * 10_000_000}))
    for marker, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = whole.index(marker) + offset
        whole[at : at + 4] = (1).to_bytes(4, "little")
    return bytes(whole)


def _becomes(kind: bytes, link: str = "") -> Callable[[tarfile.TarInfo], None]:
    def change(member: tarfile.TarInfo) -> None:
        member.type, member.linkname, member.size = kind, link, 0

    return change


ATTACKS: dict[str, tuple[bytes, str]] = {
    "zip slip": (zipped({"../evil.py": "x"}), "a path that leaves the archive"),
    "an absolute path in a zip": (zipped({"/tmp/evil.py": "x"}), "a path that leaves the archive"),  # noqa: S108
    "a backslash": (zipped({"..\\evil.py": "x"}), "a path that leaves the archive"),
    "a drive": (zipped({"C:/evil.py": "x"}), "a path that leaves the archive"),
    "a link in a zip": (_linked("a.py", stat.S_IFLNK | 0o777), "a member that is no regular file"),
    "a device in a zip": (
        _linked("a.py", stat.S_IFCHR | 0o666),
        "a member that is no regular file",
    ),
    "a zip bomb": (zipped({"a.py": "0" * 10_000_000}), "it unpacks to more than 5,000,000 bytes"),
    "a zip bomb that lies": (_lying_zip(), "it is no readable zip archive"),
    "too many members": (
        zipped({f"{n}.py": "" for n in range(20_001)}),
        "more than 20,000 members",
    ),
    "two members with one path": (
        tarred({"a.py": "1", "./a.py": "2"}),
        "two members with one path",
    ),
    "a file where a folder is": (
        tarred({"a.py": "1", "a.py/b.py": "2"}),
        "two members with one path",
    ),
    "tar slip": (tarred({"../evil.py": "x"}), "a path that leaves the archive"),
    "a device": (tarred({"a.py": ""}, _becomes(tarfile.CHRTYPE)), "a device or a pipe"),
    "a pipe": (tarred({"a.py": ""}, _becomes(tarfile.FIFOTYPE)), "a device or a pipe"),
    "a symbolic link out": (
        tarred({"a.py": ""}, _becomes(tarfile.SYMTYPE, "../../etc/passwd")),
        "a link that leaves the archive",
    ),
    "a hard link out": (
        tarred({"a.py": ""}, _becomes(tarfile.LNKTYPE, "../archive")),
        "a link that leaves the archive",
    ),
    "a link to an absolute path": (
        tarred({"a.py": ""}, _becomes(tarfile.LNKTYPE, "/etc/passwd")),
        "a link to an absolute path",
    ),
    "a gzip bomb": (gzip.compress(b"0" * 10_000_000), "it is no readable tar archive"),
    "a tar bomb": (
        tarred({f"{n}.bin": "0" * 1_000_000 for n in range(10)}),
        "it unpacks to more than 5,000,000 bytes",
    ),
    "no archive": (b"hello", "it is no readable tar archive"),
    "half a zip": (zipped({"a.py": "x"})[:40], "it is no readable zip archive"),
    "half a tar": (tarred({"a.py": "x" * 9_000})[:60], "it is no readable tar archive"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_archive_that_breaks_a_rule_is_refused_whole(name: str, tmp_path: Path) -> None:
    content, why = ATTACKS[name]
    with pytest.raises(UnsafeArchive) as raised:
        unpacked(tmp_path, content)
    assert str(raised.value) == why


def test_a_link_inside_the_archive_is_left_out(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, kind in (("a.py", tarfile.REGTYPE), ("b.py", tarfile.SYMTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "a.py"
            archive.addfile(member, io.BytesIO())
    assert unpacked(tmp_path, made.getvalue()) == {"a.py": ""}
