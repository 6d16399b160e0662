"""Parser processes: what they answer, and what a review sees when one dies or hangs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repository.projects import known
from workers.repository.index.parsers import Parsers, renew_shared_parsers, shared_parsers
from workers.repository.outline import Outline, OutlinedDefinition, Use
from workers.repository.outlines.walker import parse

HERE = Path(__file__).parents[3]
SOURCE = b"def run():\n    return helper(1)\n"


@pytest.fixture
def parsers() -> Iterator[Parsers]:
    ours = Parsers(seconds=2.0)
    yield ours
    ours.close()


def test_another_process_answers_what_this_one_would(parsers: Parsers) -> None:
    parsed, here = parsers.parse("a.py", SOURCE), parse("a.py", SOURCE)

    assert parsed.outline == here.outline
    assert parsed.outline.definitions == (
        OutlinedDefinition("run", "function", 1, 1, 2, "def run():"),
    )
    assert parsed.uses({"helper"}, [2]) == (Use("helper", "", 2, True),)
    assert parsed.uses({"helper"}, [1]) == ()


def test_many_files_come_back_in_their_order_from_two_processes(parsers: Parsers) -> None:
    sources = [(f"m{n}.py", f"def f{n}(): pass\n".encode()) for n in range(40)]

    names = [parsed.outline.definitions[0].name for parsed in parsers.parse_all(sources)]

    assert names == [f"f{n}" for n in range(40)]
    assert 1 <= len(parsers.pids) <= 2


def test_a_parser_that_crashed_is_replaced_and_one_file_says_so(parsers: Parsers) -> None:
    parsers.parse("a.py", SOURCE)
    [pid] = parsers.pids
    os.kill(pid, signal.SIGKILL)

    lost = parsers.parse("b.py", SOURCE).outline
    after = parsers.parse("c.py", SOURCE).outline

    assert lost == Outline("python", note="b.py: could not be parsed: the parser died")
    assert [entry.name for entry in after.definitions] == ["run"]
    assert parsers.pids != [pid]


def test_a_parser_that_hangs_is_ended_at_its_deadline() -> None:
    parsers = Parsers(seconds=0.2)
    parsers.get_ready()
    [pid] = parsers.pids
    os.kill(pid, signal.SIGSTOP)

    late = parsers.parse("b.py", b"#" * 500_000).outline

    assert late == Outline("python", note="b.py: could not be parsed: the parser took too long")
    assert parsers.pids == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_parsers_that_keep_dying_are_not_started_for_ever(parsers: Parsers) -> None:
    for _ in range(5):
        parsers.parse("a.py", SOURCE)
        for pid in parsers.pids:
            os.kill(pid, signal.SIGKILL)
        parsers.parse("a.py", SOURCE)

    note = parsers.parse("b.py", SOURCE).outline.note

    assert note == "b.py: could not be parsed: the parser died too often"


def test_files_that_no_time_is_left_for_say_so(parsers: Parsers) -> None:
    notes = [one.outline.note for one in parsers.parse_all([("a.py", b""), ("b.cob", b"")], 0.0)]

    assert notes == [
        "a.py: not parsed: no time was left",
        "b.cob: no grammar for this kind of file",
    ]


def test_what_no_parser_reads_starts_none(parsers: Parsers) -> None:
    notes = [
        parsers.parse(path, source).outline.note
        for path, source in (("a.cob", b"DISPLAY 'x'."), ("big.py", b"#" * 600_001))
    ]

    assert notes == [
        "a.cob: no grammar for this kind of file",
        "big.py: too large to outline (600,001 bytes, the cap is 600,000)",
    ]
    assert parsers.pids == []


def test_a_parser_knows_no_secret_and_imports_nothing_of_the_folder_it_is_started_in(
    parsers: Parsers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "workers").mkdir()
    (tmp_path / "workers" / "__init__.py").write_text("raise SystemExit('theirs was run')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "a secret")

    assert parsers.parse("a.py", SOURCE).outline.note == ""
    if sys.platform == "linux":
        [pid] = parsers.pids
        assert b"a secret" not in Path(f"/proc/{pid}/environ").read_bytes()
        assert b"workers.repository.index.parser" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_parser_is_of_the_same_program_as_whoever_started_it(tmp_path: Path) -> None:
    """Two copies on one machine, as while one is replaced by the next."""
    copy = tmp_path / "copy"
    for package in ("bot", "workers"):
        shutil.copytree(HERE / package, copy / package, ignore=shutil.ignore_patterns("*.pyc"))
    rules = copy / "workers" / "repository" / "outlines" / "python.py"
    rules.write_text(rules.read_text("utf-8").replace('name="python"', 'name="python 4"'))
    script = (
        "from workers.repository.index.parsers import shared_parsers\n"
        "print(shared_parsers().parse('a.py', b'x = 1').outline.language)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=copy, stdout=subprocess.PIPE, text=True, check=True
    )
    assert done.stdout == "python 4\n"


def test_a_parser_ends_with_whoever_started_it(tmp_path: Path) -> None:
    script = (
        "import os, signal\n"
        "from workers.repository.index.parsers import shared_parsers\n"
        "shared_parsers().parse('a.py', b'x = 1')\n"
        "print(*shared_parsers().pids, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=False)
    parser = int(done.stdout)

    assert _ends(parser)


def test_the_next_job_has_parsers_that_no_file_of_this_one_has_touched_or_killed() -> None:
    for _ in range(5):  # after which none is started any more
        shared_parsers().parse("a.py", SOURCE)
        for pid in shared_parsers().pids:
            os.kill(pid, signal.SIGKILL)
        shared_parsers().parse("a.py", SOURCE)
    assert "died too often" in shared_parsers().parse("a.py", SOURCE).outline.note

    renew_shared_parsers()
    assert shared_parsers().parse("a.py", SOURCE).outline.note == ""
    [pid] = shared_parsers().pids
    renew_shared_parsers()
    assert _ends(pid)


def test_a_parser_that_has_read_nothing_waits_for_the_next_job() -> None:
    shared_parsers().close()
    shared_parsers().get_ready()
    [pid] = shared_parsers().pids
    renew_shared_parsers()
    assert shared_parsers().pids == [pid]
    shared_parsers().parse("a.py", SOURCE)
    renew_shared_parsers()
    assert shared_parsers().pids == []
    assert _ends(pid)


def test_a_review_survives_a_parser_and_says_what_it_could_not_read(tmp_path: Path) -> None:
    before = {"pkg/__init__.py": "", "pkg/a.py": "def run():\n    return 1\n"}
    shared_parsers().parse("a.py", SOURCE)
    for pid in shared_parsers().pids:
        os.kill(pid, signal.SIGKILL)

    knowledge = known(tmp_path, before, {"pkg/a.py": "def run(x):\n    return x\n"})

    assert knowledge.not_done == ("pkg/a.py: could not be parsed: the parser died",)


def test_a_worker_loads_no_grammar() -> None:
    script = (
        "import sys, workers.jobs.perform, workers.bootstrap\nprint('tree_sitter' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True)

    assert done.stdout == b"False\n"


def test_a_file_made_to_take_long_costs_its_deadline_only() -> None:
    nested = Parsers(seconds=0.3).parse("deep.py", b"(" * 100_000)  # many seconds by itself

    assert nested.outline.note == "deep.py: could not be parsed: the parser took too long"


def _ends(pid: int) -> bool:
    """Whether a process that is not our child ends within five seconds."""
    waiting = f"import os, time\nwhile os.path.exists('/proc/{pid}/fd/0'): time.sleep(0.01)"
    if sys.platform != "linux":
        return True
    return subprocess.run([sys.executable, "-c", waiting], timeout=5, check=False).returncode == 0
