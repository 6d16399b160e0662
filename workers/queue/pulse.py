"""A worker's proof to its supervisor that it is well; what hangs cannot give it, and is killed.

One end of a pipe is the worker's (`Pulse`), the other the supervisor's (`Watch`). They cover what
no timer inside the process can: C code that never lets go of the interpreter's lock (a regular
expression that backtracks for hours), and work that outlives its time because it swallowed the
exception that was to end it.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress

EVERY_SECONDS = 1.0

SILENT_SECONDS = 30.0
"""How long the supervisor waits for the next proof. Nothing that a job calls should keep the lock
for a second; on a machine with twenty times the work that it can do, that takes twenty."""

_STARTING, _SERVING = b".", b"+"
_MOST_PROOFS = 1 << 16
_LONGEST_STEP_SECONDS = 1.0
_IMPORT_SECONDS = 60.0
"""So much later the first proof may come: it takes imports, on a machine where much else starts."""


class Pulse:
    """Writes one byte a second, from a thread, while the main thread keeps its promises."""

    def __init__(self, descriptor: int | None = None) -> None:
        """`descriptor`: the pipe to the supervisor; None: nobody listens."""
        self._descriptor = descriptor
        self._proof = _STARTING
        self._due_at = 0.0

    def start(self, seconds: float) -> None:
        """Begin, with a first promise."""
        self.promise(seconds)
        if self._descriptor is not None:
            os.set_blocking(self._descriptor, False)
            threading.Thread(target=self._go_on, daemon=True, name="pulse").start()

    def promise(self, seconds: float) -> None:
        """The main thread will promise again within so many seconds, or it hangs."""
        self._due_at = time.monotonic() + seconds

    def serve(self) -> None:
        """What comes from now on is no failure to start."""
        self._proof = _SERVING
        self._prove()

    def _go_on(self) -> None:
        while True:
            if time.monotonic() < self._due_at:
                self._prove()
            time.sleep(EVERY_SECONDS)

    def _prove(self) -> None:
        if self._descriptor is not None:
            with suppress(BlockingIOError, BrokenPipeError):  # the supervisor is stopped, or dead
                os.write(self._descriptor, self._proof)


class Watch:
    """The supervisor's side, for one process. `theirs` is the descriptor for it to inherit."""

    def __init__(self) -> None:
        self._ours, self.theirs = os.pipe()
        os.set_blocking(self._ours, False)
        self._looked_at = time.monotonic()
        self._silence = -_IMPORT_SECONDS
        self._served = False

    def listen(self) -> float:
        """Seconds without a proof, to be asked again and again.

        They count in small steps: who stood still itself, as in a container that was paused, could
        hear nobody.
        """
        now = time.monotonic()
        self._silence += min(now - self._looked_at, _LONGEST_STEP_SECONDS)
        self._looked_at = now
        with suppress(BlockingIOError):  # no more have come
            while proofs := os.read(self._ours, _MOST_PROOFS):
                self._silence = 0.0
                self._served = self._served or _SERVING in proofs
        return self._silence

    def forgive(self) -> None:
        """Count from now."""
        self._silence = 0.0

    def has_served(self) -> bool:
        """Whether it ever said so, with its last word too."""
        self.listen()
        return self._served

    def close(self) -> None:
        """Nobody is watched any more."""
        os.close(self._ours)
