"""Keeps a few programs running: starts them, starts the dead again, kills the hung, ends all in
order.

A program that is watched gets one more argument, the number of a descriptor on which it proves from
time to time that it is well (`pulse`), as a service does to systemd's watchdog.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from workers.queue.orphans import Orphans
from workers.queue.processes import die_with_parent
from workers.queue.pulse import Watch

UNUSABLE_SETTING = 2
"""The exit status of a program that no restart will help."""

START_AFRESH = 3
"""The exit status of a program that asks for a new process: no failure, so at once and quietly."""

_TICK_SECONDS = 0.1
_LONGEST_WAIT_SECONDS = 15.0
_HEALTHY_SECONDS = 10.0
"""What ran for so long, or says that it serves, did not die of its start: it is started again at
once, not ever later."""


@dataclass(frozen=True, slots=True)
class Program:
    """Something to keep running. `ends_last`: the others need it until they ended.

    `silent_seconds`: it is watched, and killed after so long without a proof that it is well.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    descriptors: tuple[int, ...] = ()
    ends_last: bool = False
    silent_seconds: float | None = None


class _Child:
    """A program and the process that runs it now, if any."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.deaths = 0
        self.start_at = 0.0
        self._watch: Watch | None = None

    def start(self) -> None:
        self.started_at = time.monotonic()
        if self.program.silent_seconds is None:
            self.process = self._begin((), self.program.descriptors)
            return
        if self._watch is not None:
            self._watch.close()
        self._watch = Watch()
        theirs = self._watch.theirs
        self.process = self._begin((str(theirs),), (*self.program.descriptors, theirs))
        os.close(theirs)

    def _begin(
        self, more: tuple[str, ...], descriptors: tuple[int, ...]
    ) -> subprocess.Popen[bytes]:
        parent = os.getpid()
        return subprocess.Popen(
            [*self.program.command, *more],
            env={**os.environ, **self.program.environment},
            pass_fds=descriptors,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is for the supervisor, which ends them in order
            preexec_fn=lambda: die_with_parent(parent, signal.SIGTERM),  # noqa: PLW1509 - one thread
        )

    def kill_if_silent(self) -> bool:
        """Kill it when it is watched and has given no proof for too long. Whether it was."""
        most = self.program.silent_seconds
        if self._watch is None or most is None or not self.running:
            return False
        if self._watch.listen() <= most:
            return False
        self._watch.forgive()
        self.send(signal.SIGKILL)
        return True

    def note_death(self) -> int | None:
        """Its exit status if it just died; it will start again, each time a little later."""
        if self.process is None or (status := self.process.poll()) is None:
            return None
        now = time.monotonic()
        self.process = None
        if status == START_AFRESH:
            self.start_at = now
            return status
        healthy = (
            self._watch is not None and self._watch.has_served()
        ) or now - self.started_at > _HEALTHY_SECONDS
        self.deaths = 0 if healthy else self.deaths + 1
        self.start_at = now + min(0.5 * 2**self.deaths, _LONGEST_WAIT_SECONDS)
        return status

    def send(self, sig: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sig)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Runs programs until SIGTERM or SIGINT. `say` prints one line for a person."""

    def __init__(self, say: Callable[[str], None], grace_seconds: float) -> None:
        self._say, self._grace_seconds = say, grace_seconds
        self._children: list[_Child] = []
        self._orphans = Orphans()
        self._told_to_stop = False

    def start(self, program: Program, detail: str) -> None:
        """Start a program and say so."""
        child = _Child(program)
        self._children.append(child)
        child.start()
        process = child.process
        self._say(f"{program.name}: {detail} (pid {process.pid if process else '?'})")

    def take_charge(self) -> None:
        """From now on a first SIGTERM or SIGINT ends everything in order, and with a program that
        dies ends what it had started."""
        self._orphans.adopt()
        for sig in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sig, self._on_signal)

    def watch(self) -> int:
        """Keep everything running until told to stop, then end it; the exit status.

        2: a program said that a setting cannot be used.
        """
        status = 0
        while not self._told_to_stop and status == 0:
            time.sleep(_TICK_SECONDS)
            status = self._tend()
        self.stop()
        return status

    def stop(self) -> None:
        """End all: no new work, a grace period for work that runs; then what the others need."""
        if self._children:
            self._say(f"stopping; running jobs have {self._grace_seconds:g} seconds to finish")
        self._end([child for child in self._children if not child.program.ends_last])
        self._end([child for child in self._children if child.program.ends_last])
        self._children.clear()

    def _tend(self) -> int:
        self._orphans.look()
        died = False
        for child in self._children:
            status = child.note_death()
            if status == UNUSABLE_SETTING:
                return UNUSABLE_SETTING
            if status not in (None, START_AFRESH):
                self._say(f"{child.program.name}: ended with status {status}; starting it again")
            if child.kill_if_silent():
                self._say(f"{child.program.name}: hangs, and was killed; its job will run again")
            died = died or status is not None
        if died:
            self._orphans.end(self._pids())
        for child in self._children:
            if child.process is None and time.monotonic() >= child.start_at:
                child.start()
        return 0

    def _pids(self) -> set[int]:
        return {child.process.pid for child in self._children if child.process is not None}

    def _end(self, children: list[_Child]) -> None:
        for child in children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + self._grace_seconds
        while any(child.running for child in children) and time.monotonic() < deadline:
            time.sleep(_TICK_SECONDS)
        for child in children:
            if child.running:
                self._say(f"{child.program.name}: did not end in time; its job will run again")
                child.send(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
        self._orphans.end(self._pids())

    def _on_signal(self, _number: int, _frame: object) -> None:
        self._told_to_stop = True
