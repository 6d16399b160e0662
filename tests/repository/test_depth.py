"""Callers of callers, down to the depth that is asked for."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.git_repository import GitRepository
from workers.repository.clones.local import open_local
from workers.repository.knowledge import Knowledge, understand

CHAIN = {
    "a.py": "def a():\n    return 1\n",
    "b.py": "from a import a\n\n\ndef b():\n    return a()\n",
    "c.py": "from b import b\n\n\ndef c():\n    return b()\n",
    "d.py": "from c import c\nfrom a import a\n\n\ndef d():\n    a()\n    return c()\n",
    "e.py": "from d import d\n\n\ndef e():\n    return d() + e()\n",
    "test_d.py": "from d import d\n\n\ndef test_d():\n    assert d()\n",
    "f.py": "from test_d import test_d\n\ntest_d()\n",
}


def known(folder: Path, files: dict[str, str], depth: int) -> Knowledge:
    repository = GitRepository(folder / "repository.git")
    base = repository.commit(files)
    head = repository.commit({"a.py": "def a():\n    return 2\n"}, branch="topic", parent=base)
    with open_local(repository.path, base, head) as code:
        return understand(code, code.changes(), base, lambda _path: False, depth)


def test_a_chain_is_followed_to_its_depth_and_not_through_tests(tmp_path: Path) -> None:
    [symbol] = known(tmp_path, CHAIN, 4).changed
    assert [(site.depth, site.path, site.line) for site in symbol.sites] == [
        (1, "b.py", 1),
        (1, "b.py", 5),
        (1, "d.py", 2),
        (1, "d.py", 6),
        (2, "c.py", 1),
        (2, "c.py", 5),
        (2, "e.py", 1),
        (2, "e.py", 5),
        (2, "test_d.py", 1),
        (2, "test_d.py", 5),
        (3, "d.py", 1),
        (3, "d.py", 7),
    ]
    assert [site.via for site in symbol.sites if site.path == "d.py"] == [
        None,
        None,
        ("c.py", "c"),
        ("c.py", "c"),
    ]


def test_a_caller_by_its_constructor_has_those_for_callers_who_make_one(tmp_path: Path) -> None:
    files = {
        "a.py": CHAIN["a.py"],
        "b.py": "from a import a\n\n\nclass B:\n    def __init__(self):\n        self.a = a()\n",
        "c.py": "from b import B\n\n\ndef c(b: B):\n    return b.a\n",
        "d.py": "from b import B\n\n\ndef d():\n    return B()\n",
    }
    [symbol] = known(tmp_path, files, 2).changed
    assert [(site.depth, site.path, site.line) for site in symbol.sites] == [
        (1, "b.py", 1),
        (1, "b.py", 6),
        (2, "d.py", 5),
    ]


def test_the_first_level_alone(tmp_path: Path) -> None:
    [symbol] = known(tmp_path, CHAIN, 1).changed
    assert {site.depth for site in symbol.sites} == {1}


def test_definitions_that_call_each_other_end(tmp_path: Path) -> None:
    around = {
        "a.py": "from b import b\n\n\ndef a():\n    return b()\n",
        "b.py": "from a import a\n\n\ndef b():\n    return a()\n",
    }
    symbols = known(tmp_path, around, 10).changed
    assert [site.line for site in symbols[0].sites if site.path == "b.py"] == [1, 5]


def test_callers_that_are_too_many_to_follow_are_counted(tmp_path: Path) -> None:
    users = "".join(f"def u{number}():\n    return a()\n\n\n" for number in range(45))
    files = {"a.py": CHAIN["a.py"], "u.py": f"from a import a\n\n\n{users}"}
    notes = known(tmp_path, files, 2).notes
    assert "callers at depth 2: 5 of 45 callers not followed" in notes
