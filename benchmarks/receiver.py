"""How fast a delivery is acknowledged: the real receiver, a real Valkey, append-only file on.

The client is a process of its own but shares the machine, so the figures are a lower bound.
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import Measure
from benchmarks.processes import log_file, running
from bot.store.embedded import embedded_url, server_command, wait_until_up

_SECRET = "a-benchmark"  # noqa: S105 - of this run only
_SECONDS = 8.0


def measures() -> list[Measure]:
    """Closed loops of 1 and 16 connections, and 100 deliveries a second."""
    with _receiver() as port:
        _load(port, "closed", 4, 1.0)  # the first requests import and connect
        one = _load(port, "closed", 1, _SECONDS)
        sixteen = _load(port, "closed", 16, _SECONDS)
        steady = _load(port, "open", 100, _SECONDS)
    return [
        *_closed("1 connection", one, None),
        *_closed("16 connections", sixteen, 500),
        _milliseconds("acknowledged in, 100 a second, p50", steady, 50),
        _milliseconds("acknowledged in, 100 a second, p99", steady, 99, 100),
    ]


@contextmanager
def _receiver() -> Iterator[int]:
    """Store and receiver, started as `plumbline serve` does; the port."""
    with (
        tempfile.TemporaryDirectory(prefix="plumbline-") as folder,
        log_file("receiver") as log,
        running(server_command(Path(folder)), log=log),
        socket.create_server(("127.0.0.1", 0), backlog=512) as listening,
    ):
        wait_until_up(embedded_url(Path(folder)), 20)
        environment = {"PLUMBLINE_DATA_DIR": folder, "PLUMBLINE_WEBHOOK_SECRET": _SECRET}
        descriptor = listening.fileno()
        command = [sys.executable, "-m", "bot.webhook", str(descriptor)]
        with running(command, environment, descriptors=(descriptor,), log=log):
            port = int(listening.getsockname()[1])
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30).close()
            yield port


def _load(port: int, kind: str, count: int, seconds: float) -> list[float]:
    """Seconds per answer. Raises CalledProcessError when one was refused."""
    command = [sys.executable, "-m", "benchmarks.load", str(port), _SECRET, kind, str(count)]
    done = subprocess.run([*command, str(seconds)], stdout=subprocess.PIPE, check=True)
    return [float(each) for each in json.loads(done.stdout)]


def _closed(load: str, times: list[float], least: float | None) -> list[Measure]:
    rate = len(times) / _SECONDS
    return [
        Measure(f"acknowledgements, {load}", rate, "/s", "at least", least),
        _milliseconds(f"acknowledged in, {load}, p50", times, 50),
        _milliseconds(f"acknowledged in, {load}, p99", times, 99),
    ]


def _milliseconds(
    name: str, times: list[float], percentile: int, most: float | None = None
) -> Measure:
    value = statistics.quantiles(times, n=100)[percentile - 1] * 1e3
    return Measure(name, value, "ms", "at most", most, digits=1)
