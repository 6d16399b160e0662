"""The contract checks: what they say in full, and what keeps them silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository.projects import known, quotes

PACKAGE = {"pkg/__init__.py": ""}


def found(folder: Path, library: str, changed: str, user: str) -> list[str]:
    """The titles raised when pkg/lib.py goes from one text to another and user.py stays."""
    before = {**PACKAGE, "pkg/lib.py": library, "user.py": user}
    return [finding.title for finding in known(folder, before, {"pkg/lib.py": changed}).findings]


GONE = "def kept():\n    pass\n"
LIBRARY = "def run(a):\n    return a\n\n\n" + GONE
REMOVED = ["`run` is removed but still used in 1 place"]


@pytest.mark.parametrize(
    "user",
    [
        "from pkg.lib import run\n",
        "import pkg.lib\npkg.lib.run(1)\n",
        "import pkg.lib as p\np.run(1)\n",
        "from pkg import lib\nlib.run(1)\n",
        "def late():\n    from pkg.lib import run as walk\n    return walk(1)\n",
    ],
)
def test_a_removed_function_is_found_however_it_is_named(user: str, tmp_path: Path) -> None:
    assert found(tmp_path, LIBRARY, GONE, user) == REMOVED


@pytest.mark.parametrize(
    "user",
    [
        "try:\n    from pkg.lib import run\nexcept ImportError:\n    run = None\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pkg.lib import run\n",
        "import sys\nif sys.version_info < (3, 0):\n    from pkg.lib import run\n",
        "import pytest, pkg.lib\nwith pytest.raises(AttributeError):\n    pkg.lib.run(1)\n",
        "import pkg.lib as p\nif hasattr(p, 'run'):\n    p.run(1)\n",
        "import pkg.lib as p\ndef f(p):\n    return p.run(1)\n",
        "from elsewhere.lib import run\n",
        "import pytest\npytest.importorskip('pkg')\nfrom pkg.lib import run\n",
        "import pkg.lib\npkg.lib.run = len\n",
        "# from pkg.lib import run\n'from pkg.lib import run'\n",
    ],
)
def test_guards_against_false_alarms_on_a_removed_name(user: str, tmp_path: Path) -> None:
    assert found(tmp_path, LIBRARY, GONE, user) == []


@pytest.mark.parametrize(
    "changed",
    [
        "def __getattr__(name):\n    return len\n",
        "from os import *\n",
        "globals()['run'] = len\n",
        "try:\n    import run\nexcept ImportError:\n    run = None\n",
        "def set_it():\n    global run\n    run = len\n",
    ],
)
def test_a_module_that_may_still_make_the_name_is_left_alone(changed: str, tmp_path: Path) -> None:
    assert found(tmp_path, LIBRARY, changed, "from pkg.lib import run\n") == []


def test_a_read_in_the_own_file_is_found(tmp_path: Path) -> None:
    library = LIBRARY + "\n\ndef user():\n    return run(1)\n"
    changed = GONE + "\n\ndef user():\n    return run(1)\n"
    assert found(tmp_path, library, changed, "") == REMOVED


def test_a_name_moved_behind_a_reexport_is_no_removal(tmp_path: Path) -> None:
    before = {**PACKAGE, "pkg/lib.py": LIBRARY, "user.py": "from pkg.lib import run\n"}
    after = {"pkg/new.py": LIBRARY, "pkg/lib.py": "from pkg.new import run\n"}
    assert known(tmp_path, before, after).findings == ()


def test_a_package_that_left_the_repository_may_be_installed(tmp_path: Path) -> None:
    before = {"lib.py": LIBRARY, "user.py": "import lib\n"}
    assert known(tmp_path, before, {"lib.py": None}).findings == ()


BOUND = "def run(a, b):\n    return a\n"
CHANGED = ["`run` changed its parameters, 1 place still calls it the old way"]


@pytest.mark.parametrize(
    ("before", "after", "call", "expected"),
    [
        ("a", "a, b", "run(1)", CHANGED),
        ("a, b=1", "a", "run(1, 2)", CHANGED),
        ("a, b=1", "a, *, b=1", "run(1, 2)", CHANGED),
        ("a, b=1", "a, c=1", "run(1, b=2)", CHANGED),
        ("a", "a, *, b", "run(1)", CHANGED),
        ("a", "a, /", "run(a=1)", CHANGED),
        ("a", "a, b=1", "run(1)", []),
        ("a", "*a, **b", "run(1)", []),
        ("a", "a, b", "run(*x)", []),
        ("a", "a, b", "run(**x)", []),
        ("a", "a, b", "run()", []),
        ("a", "a: int", "run(1)", []),
        ("a, b", "a", "run(1)", []),
    ],
)
def test_a_call_is_reported_only_if_it_bound_before_and_no_longer_does(
    before: str, after: str, call: str, expected: list[str], tmp_path: Path
) -> None:
    library, changed = (f"def run({text}):\n    return 1\n" for text in (before, after))
    assert (
        found(tmp_path, library, changed, f"from pkg.lib import run\nx = []\n{call}\n") == expected
    )


@pytest.mark.parametrize("mark", ["@cache\n", "@contextmanager\n", "@overload\n"])
def test_a_decorated_function_is_left_alone(mark: str, tmp_path: Path) -> None:
    library, changed = (mark + f"def run({text}):\n    return 1\n" for text in ("a", "a, b"))
    assert found(tmp_path, library, changed, "from pkg.lib import run\nrun(1)\n") == []


CLASS = "class Box:\n    def put(self, a{0}):\n        return a\n"


@pytest.mark.parametrize(
    ("user", "raised"),
    [
        ("from pkg.lib import Box\nBox().put(1)\n", True),
        ("from pkg.lib import Box\ndef f():\n    box = Box()\n    box.put(1)\n", True),
        ("from pkg.lib import Box\ndef f(box: Box):\n    box.put(1)\n", True),
        (
            "from pkg.lib import Box\ndef f():\n    box = Box()\n    box = 1\n    box.put(1)\n",
            False,
        ),
        ("def f(box):\n    box.put(1)\n", False),
        (
            "from pkg.lib import Box\nclass Own(Box):\n    def put(self, a):\n        return a\n"
            "def f(box: Box):\n    box.put(1)\n",
            False,
        ),
    ],
)
def test_a_method_is_followed_only_to_a_typed_receiver(
    user: str, raised: bool, tmp_path: Path
) -> None:
    assert bool(found(tmp_path, CLASS.format(""), CLASS.format(", b"), user)) is raised


def test_a_finding_tells_all_and_quotes_exactly(tmp_path: Path) -> None:
    before = {
        **PACKAGE,
        "pkg/lib.py": "def run(a):\n    return a\n",
        "user.py": "from pkg.lib import run\n\nrun(\n    1,\n)\n",
    }
    knowledge = known(tmp_path, before, {"pkg/lib.py": "def run(a, b):\n    return a\n"})
    [finding] = knowledge.findings
    assert finding.body == (
        "`run` now takes `(a, b)`, before `(a)`. These calls fitted and no longer do; Python "
        "raises `TypeError` when they run:\n\n- `user.py:3`: it does not pass `b`\n\n"
        "Smallest fix: adapt these calls, or give the new parameter a default."
    )
    assert (finding.severity, finding.path, finding.line, finding.side, finding.kind) == (
        "P1",
        "pkg/lib.py",
        1,
        "RIGHT",
        "signature",
    )
    assert [(path, line, quote) for path, _, line, quote in quotes(knowledge)] == [
        ("pkg/lib.py", 1, "def run(a):"),
        ("pkg/lib.py", 1, "def run(a, b):"),
        ("user.py", 3, "run(\n    1,\n)"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "calls", "fix"),
    [
        ("a", "a, b", "run(1)", "give the new parameter a default"),
        ("a", "a, *, b", "run(1)", "give the new parameter a default"),
        ("a, b, c", "a, b", "run(1, 2, 3)", "keep taking the old arguments"),
        ("a, b=1", "a, c=1", "run(1, b=2)", "keep taking the old arguments"),
        ("a, b=1", "a, *, c", "run(1)\nrun(1, 2)", "keep taking the old arguments"),
    ],
)
def test_a_default_is_proposed_only_where_it_mends_every_call(
    before: str, after: str, calls: str, fix: str, tmp_path: Path
) -> None:
    library, changed = (f"def run({text}):\n    return 1\n" for text in (before, after))
    user = f"from pkg.lib import run\n{calls}\n"
    files = {**PACKAGE, "pkg/lib.py": library, "user.py": user}
    [finding] = known(tmp_path, files, {"pkg/lib.py": changed}).findings
    assert finding.body.endswith(f"\n\nSmallest fix: adapt these calls, or {fix}.")


def test_only_tests_broken_is_a_lesser_matter(tmp_path: Path) -> None:
    before = {**PACKAGE, "pkg/lib.py": LIBRARY, "tests/check.py": "from pkg.lib import run\n"}
    [finding] = known(tmp_path, before, {"pkg/lib.py": GONE}).findings
    assert finding.severity == "P2"


def test_changed_files_that_do_not_parse_are_named(tmp_path: Path) -> None:
    before = {**PACKAGE, "pkg/lib.py": LIBRARY, "user.py": "from pkg.lib import run\n"}
    after = {
        "pkg/lib.py": "def run(:\n",
        "new.py": "x = = 1\n",
        "fine.py": "x = 1\n",
        "user.py": None,
        "vendor/old.py": "print 1\n",
        "notes.md": "x = = 1\n",
    }
    assert known(tmp_path, before, after).unparsed == ("new.py", "pkg/lib.py")


def test_syntax_that_this_python_lacks_is_told_not_passed(tmp_path: Path) -> None:
    before = {**PACKAGE, "pkg/lib.py": LIBRARY, "user.py": "from pkg.lib import run\nx = = 1\n"}
    knowledge = known(tmp_path, before, {"pkg/lib.py": GONE})
    assert knowledge.findings == ()
    assert "user.py: not checked, this Python cannot parse it" in knowledge.notes
