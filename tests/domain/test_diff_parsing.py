"""git's diff text to values: golden files, and properties through real git."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.diff import ChangeSet, FileChange
from bot.domain.diff_parsing import DiffCaps, DiffError, parse_diff
from bot.domain.identifiers import Sha
from tests.fakes.git_repository import GitRepository
from workers.repository.clones.local import open_local

DATA = Path(__file__).parent.parent / "data" / "diffs"
BASE, HEAD = Sha("b" * 40), Sha("c" * 40)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.diff")), ids=lambda path: str(path.stem))
def test_golden(path: Path) -> None:
    """Each recorded output of git means what the file beside it says."""
    changes = parse_diff(path.read_bytes(), BASE, HEAD)
    assert _plain(changes) == json.loads(path.with_suffix(".json").read_text())


def test_there_are_golden_files() -> None:
    assert len(list(DATA.glob("*.diff"))) >= 10


def _plain(changes: ChangeSet) -> object:
    return json.loads(json.dumps(asdict(changes)))


_NONE, _ONE, _TWO = b"0" * 40, b"1" * 40, b"2" * 40
ADDED = b"""\
:000000 100644 %s %s A\ta
:000000 100644 %s %s A\tb

diff --git a/a b/a
new file mode 100644
index 0000000..1111111
--- /dev/null
+++ b/a
@@ -0,0 +1,3 @@
+one
+two
+three
diff --git a/b b/b
new file mode 100644
index 0000000..2222222
--- /dev/null
+++ b/b
@@ -0,0 +1 @@
+b
""" % (_NONE, _ONE, _NONE, _TWO)


def _shape(changes: ChangeSet) -> list[tuple[str, bool, list[str]]]:
    return [
        (c.path, c.truncated, [line.text for hunk in c.hunks for line in hunk.lines])
        for c in changes.files
    ]


@pytest.mark.parametrize(
    ("caps", "shape"),
    [
        (DiffCaps(), [("a", False, ["one", "two", "three"]), ("b", False, ["b"])]),
        (DiffCaps(files=1), [("a", False, ["one", "two", "three"]), ("b", True, [])]),
        (DiffCaps(file_lines=2), [("a", True, ["one", "two"]), ("b", False, ["b"])]),
        (DiffCaps(lines=3), [("a", False, ["one", "two", "three"]), ("b", True, [])]),
        (DiffCaps(line_characters=3), [("a", True, ["one", "two", "thr"]), ("b", False, ["b"])]),
    ],
)
def test_caps_keep_every_file_listed(
    caps: DiffCaps, shape: list[tuple[str, bool, list[str]]]
) -> None:
    changes = parse_diff(ADDED, BASE, HEAD, caps)
    assert _shape(changes) == shape
    assert bool(changes.notes) == any(truncated for _, truncated, _ in shape)


def test_a_cut_hunk_carries_only_what_it_still_shows() -> None:
    changes = parse_diff(ADDED, BASE, HEAD, DiffCaps(file_lines=2))
    hunk = changes.files[0].hunks[0]
    assert [hunk.carries("RIGHT", line) for line in (1, 2, 3)] == [True, True, False]


def test_output_that_was_cut_still_lists_every_file() -> None:
    for end in range(ADDED.index(b"\n\n") + 2, len(ADDED)):
        changes = parse_diff(ADDED[:end], BASE, HEAD, complete=False)
        assert [change.path for change in changes.files] == ["a", "b"]
        assert changes.files[1].truncated


def test_half_of_a_file_that_became_a_link_counts_as_cut() -> None:
    raw = (DATA / "file_becomes_link.diff").read_bytes()
    half = raw[: raw.rindex(b"diff --git ") + 20]
    (change,) = parse_diff(half, BASE, HEAD, complete=False).files
    assert (change.path, change.truncated, change.hunks) == ("a", True, ())


def test_a_list_of_files_that_was_cut_is_refused() -> None:
    with pytest.raises(DiffError, match="the list of files itself was cut"):
        parse_diff(ADDED[:60], BASE, HEAD, complete=False)


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense",
        b":100644 100644 1 2 X\ta\n",
        b":100644 100644 1 2 M\n",
        ADDED.replace(b"+three\n", b""),
        ADDED.replace(b"@@ -0,0 +1,3 @@", b"@@ what @@"),
        ADDED + b"diff --git a/c b/c\n",
        ADDED[: ADDED.index(b"diff --git a/b")],
    ],
)
def test_what_git_does_not_print_is_refused(raw: bytes) -> None:
    with pytest.raises(DiffError):
        parse_diff(raw, BASE, HEAD)


def test_nothing_changed() -> None:
    assert parse_diff(b"", BASE, HEAD) == ChangeSet(BASE, HEAD, ())


LINES = st.lists(
    st.sampled_from(
        [
            *["a\n", "b\n", "\n", "-- x\n", "++ y\n", "@@ -1 +1 @@\n", "diff --git a/x b/x\n"],
            *["\\ No newline\n", " c\r\n", "é\u2028\n", "\f\n"],
        ]
    ),
    max_size=30,
)
TEXT = st.tuples(LINES, st.sampled_from(["", "end"])).map(
    lambda parts: "".join(parts[0]) + parts[1]
)
NAMES = st.sampled_from(["a", "b", "d/a", "d/b c", 'q"\t\n\\', "é", "\udcff"])
FILES = st.dictionaries(NAMES, TEXT, max_size=4)


@settings(max_examples=60, deadline=None)
@given(old=FILES, new=FILES)
def test_hunks_applied_to_the_base_give_the_head(old: dict[str, str], new: dict[str, str]) -> None:
    with TemporaryDirectory() as made:
        repository = GitRepository(Path(made) / "r.git")
        base = repository.commit(old)
        head = repository.commit({**dict.fromkeys(old, None), **new})
        with open_local(repository.path, base, head) as code:
            changes = code.changes()
            for change in changes.files:
                before = code.read(base, change.old_path) if change.old_path else b""
                after = b"" if change.status == "deleted" else code.read(head, change.path)
                assert before is not None
                assert after is not None
                assert _apply(before.decode(), change) == after.decode()
            changed = {path for c in changes.files for path in (c.path, c.old_path) if path}
            same = set(code.paths(base)) & set(code.paths(head)) - changed
            assert all(code.read(base, path) == code.read(head, path) for path in same)
            assert {p for p in code.paths(head) if p not in code.paths(base)} <= changed


def _apply(text: str, change: FileChange) -> str:
    """The head's text by the hunks alone; each context and removed line must stand in the base."""
    old = re.findall(r"[^\n]*\n|[^\n]+", text)
    made: list[str] = []
    at = 0
    for hunk in change.hunks:
        start = hunk.old_start - 1 if hunk.old_count else hunk.old_start
        made += old[at:start]
        at = start
        for line in hunk.lines:
            whole = line.text + ("" if line.no_newline else "\n")
            if line.old is not None:
                assert (line.old, whole) == (at + 1, old[at])
                at += 1
            if line.new is not None:
                made.append(whole)
                assert line.new == len(made)
    return "".join(made + old[at:])
