"""Releases fetched from a local index by hash and compared; what an index or a package may try."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.release import Breakage, Comparison, Release
from bot.settings import PackageIndexSettings
from tests.fakes.package_index import PackageIndex, package_index, tarred, zipped
from workers.repository.dependencies.artefacts.releases import IndexedReleases

OLD = {
    "thing/__init__.py": "from thing._client import Client\n\ndef get(url, cert=None): ...\n",
    "thing/_client.py": "class Client:\n    def __init__(self, app=None, url=''): ...\n"
    "    def send(self, data): ...\n    def close(self): ...\n",
}
NEW = {
    "thing/__init__.py": "from thing._client import Client\n\ndef get(url): ...\n",
    "thing/_client.py": "class Client:\n    def __init__(self, url=''): ...\n"
    "    def send(self, data, key): ...\n",
}
BROKEN = (
    Breakage("get", "parameter `cert` was removed", "cert"),
    Breakage("_client.Client.__init__", "parameter `app` was removed", "app"),
    Breakage("_client.Client.__init__", "parameter `url` was moved", "url"),
    Breakage("_client.Client.send", "parameter `key` is new and required", "key"),
    Breakage("_client.Client.close", "it was removed", ""),
)


@pytest.fixture
def index() -> Iterator[PackageIndex]:
    with package_index() as running:
        yield running


def releases(index: PackageIndex, folder: Path) -> IndexedReleases:
    """What the operator gets who names this index for both ecosystems."""
    return IndexedReleases(PackageIndexSettings(index.address, index.address), folder / "artefacts")


def thing(version: str, *hashes: str) -> Release:
    """A release of the package `thing`."""
    return Release("python", "thing", version, hashes)


def compared(index: PackageIndex, folder: Path, *hashes: str) -> Comparison:
    """`thing` 1.0 against 2.0; the lock file has these hashes of 2.0."""
    return releases(index, folder).compare(thing("1.0"), thing("2.0", *hashes))


def test_two_wheels_are_compared_by_their_public_names(index: PackageIndex, tmp_path: Path) -> None:
    index.python("thing", "1.0", zipped(OLD))
    digest = index.python("thing", "2.0", zipped(NEW))
    found = compared(index, tmp_path, digest)
    assert (sorted(found.breakages, key=str), found.note) == (sorted(BROKEN, key=str), "")


def test_an_answer_is_remembered_by_the_hashes(index: PackageIndex, tmp_path: Path) -> None:
    index.python("thing", "1.0", zipped(OLD))
    index.python("thing", "2.0", zipped(NEW))
    first = compared(index, tmp_path)
    index.asked.clear()
    again = compared(index, tmp_path)
    assert again == first
    assert index.asked == ["/pypi/thing/1.0/json", "/pypi/thing/2.0/json"]


def test_a_kept_archive_that_was_altered_is_fetched_again(
    index: PackageIndex, tmp_path: Path
) -> None:
    index.python("thing", "1.0", zipped(OLD))
    index.python("thing", "2.0", zipped(NEW))
    first = compared(index, tmp_path)
    for kept in (tmp_path / "artefacts").iterdir():
        kept.write_bytes(b"altered")
    assert compared(index, tmp_path) == first


def test_a_source_archive_is_read_and_its_setup_never_run(
    index: PackageIndex, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"
    hostile = f"open({str(mark)!r}, 'w').close()\n"
    for version, files in (("1.0", OLD), ("2.0", NEW)):
        run = {path: hostile + text for path, text in files.items()}
        source = {"setup.py": hostile, "conftest.py": hostile, "thing/build.py": hostile, **run}
        inside = {f"thing-{version}/src/{path}": text for path, text in source.items()}
        inside[f"thing-{version}/setup.py"] = hostile
        index.python("thing", version, tarred(inside), "sdist")
    found = compared(index, tmp_path)
    assert (len(found.breakages), found.note, mark.exists()) == (5, "", False)


def test_a_parser_that_chokes_costs_the_comparison_alone(
    index: PackageIndex, tmp_path: Path
) -> None:
    index.python("thing", "1.0", zipped(OLD))
    index.python("thing", "2.0", zipped({"thing/__init__.py": "(" * 100_000}))
    found = compared(index, tmp_path)
    assert (found.breakages, found.note != "") == ((), True)


def test_npm_packages_are_compared_by_their_type_declarations(
    index: PackageIndex, tmp_path: Path
) -> None:
    package = json.dumps({"exports": {".": {"import": {"types": "./dist/index.d.ts"}}}})
    old = {
        "package.json": package,
        "dist/index.d.ts": "export * from './shapes';\nexport { hidden as shown } from './inner';\n"
        "export declare function area(of: Shape): number;\nexport declare const version: string;\n",
        "dist/shapes.d.ts": "export interface Shape {\n  sides: number;\n  name: string;\n}\n"
        "export declare class Square implements Shape {\n  constructor(side: number);\n"
        "  private secret;\n}\n",
        "dist/inner.d.ts": "export declare function hidden(): void;\n",
    }
    new = {
        **old,
        "dist/index.d.ts": "export * from './shapes';\n"
        "export declare function area(of: Shape, unit: string): number;\n",
        "dist/shapes.d.ts": "export interface Shape {\n  sides: number;\n}\n"
        "export declare class Square implements Shape {\n  constructor(side: bigint);\n}\n",
    }
    index.npm("@acme/shapes", "1.0.0", old)
    integrity = index.npm("@acme/shapes", "2.0.0", new)
    before, after = (
        Release("npm", "@acme/shapes", "1.0.0"),
        Release("npm", "@acme/shapes", "2.0.0", (integrity,)),
    )
    found = releases(index, tmp_path).compare(before, after)
    assert [(entry.name, entry.what) for entry in found.breakages] == [
        ("version", "it was removed"),
        ("Shape.name", "it was removed"),
        ("shown", "it was removed"),
        (
            "area",
            "it is declared `function area(of: Shape, unit: string): number`, before "
            "`function area(of: Shape): number`",
        ),
        (
            "Square.constructor",
            "it is declared `constructor(side: bigint)`, before `constructor(side: number)`",
        ),
    ]


def test_an_npm_package_without_types_says_so(index: PackageIndex, tmp_path: Path) -> None:
    for version in ("1.0.0", "2.0.0"):
        index.npm("plain", version, {"package.json": "{}", "index.js": ""})
    before, after = Release("npm", "plain", "1.0.0"), Release("npm", "plain", "2.0.0")
    found = releases(index, tmp_path).compare(before, after)
    assert found == Comparison(note="not compared: an entry point declares no exports")


def test_a_hash_that_the_lock_file_does_not_know_is_refused(
    index: PackageIndex, tmp_path: Path
) -> None:
    index.python("thing", "1.0", zipped(OLD))
    index.python("thing", "2.0", zipped(NEW))
    assert compared(index, tmp_path, f"sha256:{'0' * 64}") == Comparison(
        note="no file that the index has of thing 2.0 bears a hash of the lock file"
    )


def test_bytes_of_another_hash_are_refused(index: PackageIndex, tmp_path: Path) -> None:
    address = index.serve("/files/thing.whl", zipped(OLD))
    digests = {"sha256": hashlib.sha256(b"something else").hexdigest()}
    told = {"packagetype": "bdist_wheel", "filename": "a.whl", "url": address, "digests": digests}
    for version in ("1.0", "2.0"):
        index.serve(f"/pypi/thing/{version}/json", json.dumps({"urls": [told]}).encode())
    assert compared(index, tmp_path) == Comparison(note=f"{address}: its sha256 is another")
    assert not (tmp_path / "artefacts").exists()


def test_no_host_is_asked_that_the_operator_did_not_name(
    index: PackageIndex, tmp_path: Path
) -> None:
    with package_index() as foreign:
        there = foreign.serve("/metadata", b"{}")
        index.serve("/pypi/thing/1.0/json", b"", 302, Location=there)
        led_away = compared(index, tmp_path)
        told = {"packagetype": "bdist_wheel", "filename": "a.whl", "url": there}
        told_digest = {**told, "digests": {"sha256": "0" * 64}}
        for version in ("1.0", "2.0"):
            answer = json.dumps({"urls": [told_digest]}).encode()
            index.serve(f"/pypi/thing/{version}/json", answer)
        sent_away = compared(index, tmp_path)
    why = f"{there}: not a host that the operator named"
    assert (led_away, sent_away, foreign.asked) == (Comparison(note=why), Comparison(note=why), [])


def test_a_redirect_on_the_same_host_is_followed_but_not_for_ever(
    index: PackageIndex, tmp_path: Path
) -> None:
    index.python("thing", "2.0", zipped(NEW))
    index.python("moved", "1.0", zipped(OLD))
    index.serve("/pypi/thing/1.0/json", b"", 301, Location="/pypi/moved/1.0/json")
    assert compared(index, tmp_path).note == ""
    index.serve("/pypi/thing/1.0/json", b"", 302, Location="/pypi/thing/1.0/json")
    assert compared(index, tmp_path).note.endswith("more than 3 redirects")


@pytest.mark.parametrize(
    ("status", "headers", "why"),
    [
        (404, {}, "status 404"),
        (500, {}, "status 500"),
        (200, {"Content_Encoding": "gzip"}, "an encoding that was not asked for"),
    ],
)
def test_an_index_that_does_not_answer_costs_nothing_more(
    status: int, headers: dict[str, str], why: str, index: PackageIndex, tmp_path: Path
) -> None:
    address = index.serve("/pypi/thing/1.0/json", b"{}", status, **headers)
    assert compared(index, tmp_path) == Comparison(note=f"{address}: {why}")


def test_an_index_that_is_down_is_named(tmp_path: Path) -> None:
    with package_index() as gone:
        address = gone.address
    settings = PackageIndexSettings(pypi=address)
    found = IndexedReleases(settings, tmp_path).compare(thing("1.0"), thing("2.0"))
    assert found.note == f"{address}/pypi/thing/1.0/json: NewConnectionError"


def test_an_answer_over_the_cap_is_refused(index: PackageIndex, tmp_path: Path) -> None:
    address = index.serve("/pypi/thing/1.0/json", b" " * 8_000_001)
    assert compared(index, tmp_path).note == f"{address}: more than 8,000,000 bytes"


@pytest.mark.parametrize(
    ("release", "why"),
    [
        (Release("python", "../../admin", "1.0"), "'../../admin' is no name that an index has"),
        (Release("npm", "a/../b", "1.0"), "'a/../b' is no name that an index has"),
        (Release("python", "thing", "1.0/../../x"), "'1.0/../../x' is no exact version"),
        (Release("npm", "thing", "^1.0"), "'^1.0' is no exact version"),
        (Release("cargo", "thing", "1.0"), "no index is named for cargo"),
    ],
)
def test_names_of_a_pull_request_cannot_steer_the_address(
    release: Release, why: str, index: PackageIndex, tmp_path: Path
) -> None:
    assert releases(index, tmp_path).compare(release, release) == Comparison(note=why)
    assert index.asked == []
