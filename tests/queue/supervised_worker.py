"""`performing_worker` under a supervisor: `python -m tests.queue.supervised_worker URL FOLDER`."""

from __future__ import annotations

import sys

from workers.queue.supervisor import Program, Supervisor


def main(url: str, folder: str) -> int:
    """Keep it running until told to stop."""
    supervisor = Supervisor(lambda line: print(line, flush=True), grace_seconds=5)  # noqa: T201
    supervisor.take_charge()
    command = (sys.executable, "-m", "tests.queue.performing_worker", url, folder, "all")
    supervisor.start(Program("worker", command, silent_seconds=3), "is tried hard")
    return supervisor.watch()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
