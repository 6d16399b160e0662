"""A field that changed lines write and other files read ties them, though no call does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.git_repository import Content
from tests.fakes.proposal import Proposal, propose
from workers.context.fragment import Fragment
from workers.context.shared_names import shared_name_fragments, telling_names
from workers.context.sources import Sources
from workers.review.reading_policy import path_rule

BASE: dict[str, Content] = {
    "send.py": "def publish(self, policy):\n    return self.connection.ensure(policy)\n",
    "connect.py": "class Connection:\n    def open(self):\n        self.transport_options = {}\n",
    "engine.py": "def engine(c):\n    opts = c.transport_options\n    return create(**opts)\n",
    "docs/notes.md": "Set transport_options to what you like.\n",
    "tests/test_engine.py": "def test(c):\n    assert c.transport_options == {}\n",
}
HEAD: dict[str, Content] = {
    "send.py": (
        "def publish(self, policy):\n"
        "    self.connection.transport_options.update(policy)\n"
        "    return self.connection.ensure(policy)\n"
    )
}


def _shared(proposal: Proposal, never_send: tuple[str, ...] = ()) -> list[Fragment]:
    with proposal.code() as code:
        change = code.changes()
        sources = Sources(code, path_rule(never_send))
        shown = {"send.py": frozenset({1, 2, 3})}
        return shared_name_fragments(change.files, sources, change.head, shown)


def test_few_readers_are_shown_with_what_surrounds_them(tmp_path: Path) -> None:
    connect, engine = _shared(propose(tmp_path, BASE, HEAD))
    assert (connect.title, connect.about) == (
        "connect.py: also names transport_options",
        frozenset({"send.py"}),
    )
    assert engine.text == (
        "    1 | def engine(c):\n    2 |     opts = c.transport_options\n"
        "    3 |     return create(**opts)"
    )


def test_of_many_readers_each_file_has_a_line_those_that_hand_it_on_first(tmp_path: Path) -> None:
    read = "x = 1\nopt = c.transport_options\nopen(x, **c.transport_options, n={n})\n"
    many = {f"store/s{n}.py": read.format(n=n) for n in range(20)}
    (lines,) = [f for f in _shared(propose(tmp_path, {**BASE, **many}, HEAD)) if "other" in f.title]
    rows = lines.text.split("\n")
    assert lines.title == "other lines with the name transport_options"
    assert rows[0] == "store/s0.py:3: open(x, **c.transport_options, n=0)"
    assert len({row.partition(":")[0] for row in rows[:-1]}) == 16
    assert rows[-1] == "[27 more lines; 22 files of code hold the name]"  # prose apart


def test_a_name_that_the_whole_repository_holds_says_nothing(tmp_path: Path) -> None:
    everywhere = {f"f{n}.py": "c.transport_options = 1\n" for n in range(40)}
    assert _shared(propose(tmp_path, {**BASE, **everywhere}, HEAD)) == []


def test_a_name_that_nobody_here_makes_is_a_librarys(tmp_path: Path) -> None:
    """Who else uses `byteLength` of the language has nothing to do with this change."""
    base = {"a.js": "let n = 1\n", "b.js": "let m = x.byteLength\n"}
    assert _shared(propose(tmp_path, base, {"a.js": "let n = y.byteLength\n"})) == []


def test_what_is_withheld_gives_no_line(tmp_path: Path) -> None:
    (only,) = _shared(propose(tmp_path, BASE, HEAD), never_send=("engine.py",))
    assert only.title == "connect.py: also names transport_options"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("    self.connection.transport_options.update(policy)", "transport_options"),
        ("socket._meta = null", "_meta"),
        ('os.environ["SHOP_LIMIT"]', "SHOP_LIMIT"),
        ("total = total + 1  # and so on", ""),
        ("# the transport_options of old", ""),
    ],
)
def test_telling_names(tmp_path: Path, line: str, names: str) -> None:
    proposal = propose(tmp_path, {"a.py": "x = 1\n"}, {"a.py": f"x = 1\n{line}\n"})
    told = telling_names(proposal.changes().files, known={"update", "connection", "environ"})
    assert list(told) == names.split()
