"""What holds for every test: no network but this machine, and no settings of whoever runs them."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys

import pytest
from hypothesis import HealthCheck, settings

FOREIGN_PREFIXES = ("OPENAI_", "PLUMBLINE_", "GITHUB_", "AZURE_OPENAI_", "GH_")
FOREIGN_NAMES = frozenset({"XDG_CACHE_HOME", "XDG_STATE_HOME"})
KEPT_NAMES = frozenset({"PLUMBLINE_OCTOKIT_EXAMPLES"})  # where a test finds more examples
DEAD_PROXY = "http://127.0.0.1:9"  # the discard port: nothing listens there
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class NetworkReached(AssertionError):
    """A test tried to leave this machine."""


def pytest_configure() -> None:
    """Take foreign settings away before anything reads them, and close the way out.

    The audit hook sees every connection that Python makes. Programs that tests start (git) are
    pointed at a proxy that is not there; only loopback addresses go past it.
    """
    for name in list(os.environ):
        if name in KEPT_NAMES:
            continue
        if name.startswith(FOREIGN_PREFIXES) or name in FOREIGN_NAMES:
            del os.environ[name]
    for name in PROXIES:
        os.environ[name] = os.environ[name.lower()] = DEAD_PROXY
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "localhost,127.0.0.1,::1"
    sys.addaudithook(_guard)
    settings.register_profile(
        "unhurried",
        deadline=None,  # a busy machine is no failure: speed is measured by the benchmarks
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def _clean_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A test leaves no variable to the next one, and no test reads or writes a person's records."""
    for name in FOREIGN_NAMES:
        monkeypatch.setenv(name, str(tmp_path_factory.getbasetemp() / name.lower()))
    for name in list(os.environ):
        if name.startswith(FOREIGN_PREFIXES):
            monkeypatch.delenv(name)


def _guard(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        connection, address = arguments[0], arguments[1]
        if isinstance(connection, socket.socket) and isinstance(address, tuple):
            _allow(str(address[0]))
    elif event == "socket.getaddrinfo" and arguments[0] is not None:
        host = arguments[0]
        _allow(host.decode() if isinstance(host, bytes) else str(host))


def _allow(host: str) -> None:
    if host in ("", "localhost"):
        return
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        raise NetworkReached(f"tests stay on this machine, but one asked for {host!r}") from None
    if not (address.is_loopback or address.is_unspecified):
        raise NetworkReached(f"tests stay on this machine, but one asked for {host!r}")
