"""Each manifest and lock file: every requirement and locked package with its line, as recorded."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.repository.projects import DATA, sections
from workers.repository.dependencies.formats import LARGEST_BYTES, format_of, read_listing
from workers.repository.dependencies.listing import Listing, Locked, Requirement, Unreadable

SAMPLES = {
    path: text
    for family in ("python", "node", "compiled", "scripts", "deployment")
    for path, text in sections((DATA / "dependencies" / f"{family}.txt").read_text()).items()
}


def listed(path: str, text: str | bytes) -> Listing:
    """What the file of this name says."""
    form = format_of(path)
    assert form is not None, f"{path!r} is no manifest or lock file"
    return read_listing(form, text.encode() if isinstance(text, str) else text)


def told(path: str, text: str) -> dict[str, object]:
    """A listing as short lines, each with the line of the file that it is about."""
    listing = listed(path, text)
    lines = text.split("\n")
    return {
        "ecosystem": listing.ecosystem,
        "requirements": [_requirement(entry, lines) for entry in listing.requirements],
        "locked": [_locked(entry, lines) for entry in listing.locked],
        "direct": None if listing.direct is None else sorted(listing.direct),
        "includes": list(listing.includes),
        "notes": list(listing.notes),
    }


def _requirement(entry: Requirement, lines: list[str]) -> str:
    parts = [entry.name, entry.constraint or "any", entry.scope, entry.source, *entry.hashes]
    return f"{entry.line}: {' | '.join(filter(None, parts))}   <- {lines[entry.line - 1].strip()}"


def _locked(entry: Locked, lines: list[str]) -> str:
    parts = [entry.name, entry.version, entry.source, *entry.hashes]
    parts += [f"wanted {text}" for text in entry.wanted]
    parts += [f"namespace {text}" for text in entry.namespaces]
    return f"{entry.line}: {' | '.join(filter(None, parts))}   <- {lines[entry.line - 1].strip()}"


@pytest.mark.parametrize("path", SAMPLES)
def test_a_file_is_read_as_recorded(path: str) -> None:
    golden = json.loads((DATA / "dependencies" / "golden.json").read_text())
    assert told(path, SAMPLES[path]) == golden[path]


FAMILIES: dict[str, list[str]] = {}
for _path, _text in SAMPLES.items():
    FAMILIES.setdefault(listed(_path, _text).ecosystem, []).append(_path)


def _mangled(family: str) -> st.SearchStrategy[tuple[str, bytes]]:
    """A sample of this ecosystem with a piece cut out, doubled or overwritten."""
    piece = st.one_of(
        st.binary(max_size=8),
        st.sampled_from([b"{", b"[", b'"', b"\\", b"]]", b"&a *a", b"<!", b":"]),
    )

    def mangle(path: str, start: float, length: int, put: bytes, times: int) -> tuple[str, bytes]:
        whole = SAMPLES[path].encode()
        at = int(start * len(whole))
        return path, whole[:at] + put * times + whole[at + length :]

    return st.builds(
        mangle,
        st.sampled_from(FAMILIES[family]),
        st.floats(0, 1),
        st.integers(0, 40),
        piece,
        st.sampled_from([0, 1, 3, 200]),
    )


@pytest.mark.parametrize("family", FAMILIES)
@given(data=st.data())
def test_a_mangled_file_is_a_listing_or_unreadable(family: str, data: st.DataObject) -> None:
    path, content = data.draw(_mangled(family))
    try:
        listing = listed(path, content)
    except Unreadable:
        return
    rows = content.count(b"\n") + 1
    lines = [entry.line for entry in listing.requirements]
    lines += [entry.line for entry in listing.locked]
    assert all(1 <= line <= rows for line in lines)


LAUGHS = "<!DOCTYPE p [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><project><v>&b;</v></project>"
HOSTILE: dict[str, tuple[str, str | bytes, str]] = {
    "an entity": ("pom.xml", LAUGHS, "its XML declares a document type or an entity"),
    "deep XML": ("pom.xml", "<a>" * 500, "its XML is too deep or has too many elements"),
    "deep JSON": ("package.json", "[" * 100_000, "its JSON is too deep or has too many values"),
    "deep YAML": ("compose.yaml", "[" * 500, "its YAML is too deep or has too many values"),
    "deep TOML": ("uv.lock", "a = " + "[" * 5_000, "it is not TOML"),
    "a key of parts": ("uv.lock", "a." * 100_000 + "b = 1", "its TOML has a key of too many parts"),
    "no UTF-8": ("package.json", b"\xff{}", "it is not UTF-8"),
    "a huge file": (
        "yarn.lock",
        b"#" * (LARGEST_BYTES + 1),
        "it has 2,000,001 bytes, the cap is 2,000,000",
    ),
    "no JSON": ("package-lock.json", "<<<<<<< HEAD\n{}", "it is not JSON"),
    "an empty file": ("composer.lock", "", "it is not JSON"),
    "no YAML": ("pnpm-lock.yaml", "a: [1\nb: }", "it is not YAML"),
    "an open comment": ("bun.lock", "/*" * 500_000, "it is not JSON"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_ends_in_one_typed_error_that_quotes_nothing(name: str) -> None:
    path, content, why = HOSTILE[name]
    with pytest.raises(Unreadable) as raised:
        listed(path, content)
    assert str(raised.value) == why


def test_aliases_that_multiply_are_walked_once() -> None:
    rows = ["a0: &a0 {image: 'busybox:1'}"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 40)]
    assert listed("compose.yaml", "\n".join(rows)).requirements == (Requirement("busybox", "1", 1),)


def test_a_template_of_kubernetes_files_is_no_manifest() -> None:
    template = "image: {{ .Values.image }}\n{{- if .Values.more }}\nimage: busybox:1\n{{- end }}\n"
    assert listed("k8s/templates/web.yaml", template) == Listing("image")


def test_entries_over_the_cap_are_cut_and_told() -> None:
    listing = listed("go.sum", "".join(f"m/{n} v1.0.0 h1:x\n" for n in range(20_001)))
    assert (len(listing.locked), listing.notes) == (
        20_000,
        ("only the first 20,000 of 20,001 entries are read",),
    )
