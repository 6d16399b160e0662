"""The receiver's process: `python -m bot.webhook FD`, an open socket that listens already.

The supervisor binds the socket once, so a restart of the receiver refuses no connection.
"""

from __future__ import annotations

import socket
import sys

import uvicorn

from bot.errors import UserError
from bot.process_log import log_to_stderr
from bot.webhook.app import app_from_environment
from bot.webhook.connections import ImpatientProtocol


def main(listening: socket.socket) -> None:
    """Serve until told to stop. Exit status 2: a setting cannot be used."""
    log_to_stderr()
    try:
        app = app_from_environment()
    except UserError as error:
        sys.stderr.write(f"plumbline: {error}\n")
        sys.exit(2)
    config = uvicorn.Config(
        app,
        http=ImpatientProtocol,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        limit_concurrency=1000,
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
