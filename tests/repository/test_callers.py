"""Callers to any depth, and the kinds of edges."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.git_repository import GitRepository
from tests.repository.projects import Files
from workers.repository.clones.local import open_local
from workers.repository.references.callers import find_callers
from workers.repository.references.finding import Found, Target
from workers.repository.references.tracing import Tracer
from workers.repository.snapshot import Snapshot


def callers(folder: Path, files: Files, target: Target, depth: int) -> Found:
    """What relies on the target in a repository of these files."""
    folder.mkdir(exist_ok=True)
    repository = GitRepository(folder / "repository.git")
    head = repository.commit(files)
    with open_local(repository.path, head, head) as code:
        tracer = Tracer(Snapshot(code, head))
        return find_callers(tracer, [target], lambda path: path.startswith("vendor/"), depth)


def told(found: Found, target: Target) -> list[str]:
    """Each site as a short line."""
    return [
        f"{site.path}:{site.line} {site.tier} {site.edge} {site.depth}"
        for site in found.sites[target]
    ]


CHAIN = {
    **{f"s{n}.py": f"from s{n - 1} import f{n - 1}\ndef f{n}(): f{n - 1}()\n" for n in range(1, 6)},
    "s0.py": "def f0(): pass\n",
    "test_s1.py": "from s1 import f1\ndef test_f1(): f1()\n",
    "after_test.py": "from test_s1 import test_f1\ntest_f1()\n",
}


def test_callers_are_followed_as_deep_as_asked_but_not_beyond_tests(tmp_path: Path) -> None:
    target = Target("s0.py", "f0", "python")
    found = callers(tmp_path, CHAIN, target, depth=4)
    assert [line for line in told(found, target) if "calls" in line] == [
        "s1.py:2 T1 calls 1",
        "s2.py:2 T1 calls 2",
        "test_s1.py:2 T1 calls 2",
        "s3.py:2 T1 calls 3",
        "s4.py:2 T1 calls 4",
    ]
    assert found.notes == []


def test_a_circle_of_callers_ends(tmp_path: Path) -> None:
    files = {
        "a.py": "import b\ndef one(): b.two()\n",
        "b.py": "import a\ndef two(): a.one()\n",
    }
    target = Target("a.py", "one", "python")
    found = callers(tmp_path, files, target, depth=8)
    calls = [line for line in told(found, target) if "calls" in line]
    assert calls == ["b.py:2 T1 calls 1", "a.py:2 T1 calls 2"]


def test_more_callers_than_are_followed_are_told(tmp_path: Path) -> None:
    lines = "".join(f"def c{n}(): run()\n" for n in range(45))
    files = {"a.py": f"def run(): pass\n{lines}"}
    found = callers(tmp_path, files, Target("a.py", "run", "python"), depth=2)
    assert found.notes == ["callers at depth 2: 5 of 45 callers not followed"]


def test_edges_of_a_type_that_is_mixed_in_and_extended(tmp_path: Path) -> None:
    files = {
        "lib/countable.rb": "module Countable\n  def count; end\nend\n",
        "lib/basket.rb": "class Basket\n  include Countable\n  def count; super; end\nend\n",
        "lib/gift.rb": "class Gift < Basket\n  def all\n    count\n  end\nend\n",
    }
    module = Target("lib/countable.rb", "Countable", "ruby")
    assert told(callers(tmp_path / "1", files, module, 1), module) == [
        "lib/basket.rb:2 T1 implements 1"
    ]
    method = Target("lib/countable.rb", "Countable.count", "ruby")
    assert told(callers(tmp_path / "2", files, method, 1), method) == [
        "lib/basket.rb:3 T1 overrides 1"
    ]


def test_a_default_export_is_found_under_any_name(tmp_path: Path) -> None:
    files = {
        "src/user-menu.tsx": "export default function UserMenu() { return 1; }\n",
        "src/page.tsx": "import Menu from './user-menu';\nconst a = <Menu />;\n",
        "src/index.ts": "export { default as Bar } from './user-menu';\n",
        "src/app.tsx": "import { Bar } from '.';\nBar();\n",
    }
    target = Target("src/user-menu.tsx", "UserMenu", "tsx")
    assert told(callers(tmp_path, files, target, 1), target) == [
        "src/index.ts:1 T1 imports 1",
        "src/page.tsx:1 T1 imports 1",
        "src/page.tsx:2 T1 calls 1",
        "src/app.tsx:1 T1 imports 1",
        "src/app.tsx:2 T1 calls 1",
    ]


def test_a_name_that_only_seems_to_be_the_same_is_no_site(tmp_path: Path) -> None:
    files = {
        "a.py": "class Box:\n    def weigh(self): pass\nclass Crate:\n    def weigh(self): pass\n",
        "b.py": "from a import Crate\nimport scales\n\ndef run(box: Crate, other, weigh):\n"
        "    box.weigh()\n    scales.weigh()\n    weigh()\n    other.weigh()\n    dict(weigh=1)\n",
    }
    target = Target("a.py", "Box.weigh", "python")
    found = callers(tmp_path, files, target, 1)
    assert told(found, target) == []
    assert found.possible[target] == 2  # what `scales` has, and what `other` is, is not known


FOREIGN = {
    "stream.py": "class Stream:\n    def receive_data(self, data): pass\n",
    "link.py": """from typing import Iterator
from elsewhere import Connection
from stream import Stream

class Link:
    def __init__(self, given, stream):
        self.conn = Connection(given)
        self.spare: Connection | None = None
        self.given = given

    def wire(self) -> Connection:
        return self.conn

    def streams(self) -> Iterator[Stream]:
        yield Stream()

    def run(self):
        for each in self.streams():
            each.receive_data(0)
        self.conn.receive_data(1)
        self.spare.receive_data(2)
        self.wire().receive_data(3)
        self.given.receive_data(4)

def use(link: Link):
    link.conn.receive_data(5)
""",
    "link.go": """package link

import "net"

type Link struct {
	conn net.Conn
	own  *Stream
}

type Stream struct{}

func (s *Stream) ReceiveData(data int) {}

func (l *Link) Run() {
	l.conn.ReceiveData(1)
	l.own.ReceiveData(2)
}
""",
}


def test_what_goes_through_a_field_of_a_foreign_type_means_nothing_here(tmp_path: Path) -> None:
    """Though the repository has one definition of that name."""
    python = Target("stream.py", "Stream.receive_data", "python")
    found = callers(tmp_path / "python", FOREIGN, python, 1)
    assert (told(found, python), found.possible[python]) == (
        ["link.py:19 T2 calls 1", "link.py:23 T1 calls 1"],
        4,
    )
    go = Target("link.go", "Stream.ReceiveData", "go")
    found = callers(tmp_path / "go", FOREIGN, go, 1)
    assert (told(found, go), found.possible[go]) == (["link.go:16 T2 calls 1"], 0)
