"""What a killed program leaves running ends; nothing else does."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets one adopt them")

_SUPERVISOR = """
import json, os, signal, subprocess, sys, time
from pathlib import Path
from workers.queue.supervisor import Program, Supervisor

# A worker, which starts git in a session of its own, which starts what speaks HTTP.
git = "import subprocess, sys, time; subprocess.Popen(['sleep', '60']); time.sleep(60)"
worker = "import subprocess, sys, time; "
worker += "subprocess.Popen([sys.executable, '-c', sys.argv[1]], start_new_session=True); "
worker += "time.sleep(60)"

def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

def child(pid):
    while True:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if found:
            return int(found[0])
        time.sleep(0.02)

def ticks(count):
    for _ in range(count):
        supervisor._tend()
        time.sleep(0.05)

stranger = subprocess.Popen(["sleep", "60"])
supervisor = Supervisor(lambda line: None, 1)
supervisor.take_charge()
supervisor.start(Program("one", (sys.executable, "-c", worker, git)), "")
supervisor.start(Program("other", (sys.executable, "-c", worker, git)), "")
one, other = (each.process.pid for each in supervisor._children)
ticks(3)
family = [one, child(one), child(child(one))]
others = [stranger.pid, other, child(other), child(child(other))]
os.kill(one, signal.SIGKILL)
ticks(5)
print(json.dumps([[alive(pid) for pid in family], [alive(pid) for pid in others]]), flush=True)
supervisor.stop()
print(json.dumps([alive(pid) for pid in others]))
stranger.kill()
"""


def test_with_a_program_ends_what_it_had_started_in_whatever_session() -> None:
    done = subprocess.run([sys.executable, "-c", _SUPERVISOR], stdout=subprocess.PIPE, check=True)
    while_running, after_the_end = map(json.loads, done.stdout.splitlines())

    assert while_running == [[False, False, False], [True, True, True, True]]
    assert after_the_end == [True, False, False, False]
