"""``whykeeper serve --in-process``: pipe, daemon and host in one process.

For clients whose sandbox lets a server open no socket or start no process. The pipe talks to the
session over a pair of connected sockets, so that everything else is as it is elsewhere.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from whykeeper.checkout import client_checkout, working_directory
from whykeeper.daemon.ownership import ALONE
from whykeeper.daemon.refusing import RefusingHost
from whykeeper.daemon.running import import_daemon, product_host, take_lock
from whykeeper.daemon.starting import Link, hello, introduce
from whykeeper.locations import Locations, locations
from whykeeper.pipe import Pipe
from whykeeper_indexers.errors import DaemonError, WhykeeperError

if TYPE_CHECKING:
    from whykeeper.daemon.protocols import HostFactory

__all__ = ["main"]

_STOP_LIMIT_S = 20.0
_FOREVER_S = float("inf")


def main(repo: str | None, env: Mapping[str, str], host_factory: HostFactory | None = None) -> int:
    """Serve one client on standard input and output from this process.

    Args:
        repo: The checkout that was asked for.
        env: This process's environment.
        host_factory: Makes what is behind the session; whykeeper's own by default.

    Returns:
        The process's exit code: 1 when another process owns the data folder.
    """
    source, target = _divert_standard_streams()
    places = locations(env)
    checkout, why_none = client_checkout(repo, env, working_directory())
    opening = hello("mcp", checkout, why_none, env)
    try:
        lock = take_lock(places, 0.0, ALONE, checkout)
    except WhykeeperError as error:
        sys.stderr.write(f"whykeeper: {error}\n")
        refused = error
        _converse(_InProcess(places, lambda _places: RefusingHost(refused)), opening, source, target)
        return error.exit_code
    try:
        return _converse(_InProcess(places, host_factory), opening, source, target)
    finally:
        lock.release()


def _converse(session: _InProcess, opening: dict[str, Any], source: int, target: int) -> int:
    try:
        return Pipe(lambda: session.connect(opening), lambda: False, source, target).run()
    finally:
        session.stop()


class _InProcess:
    """A daemon on a thread, for one client."""

    def __init__(self, places: Locations, host_factory: HostFactory | None) -> None:
        self._places = places
        self._host_factory = host_factory
        self._token = secrets.token_hex(16)
        self._end: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def connect(self, opening: dict[str, Any]) -> Link:
        """Start the daemon; it serves one client once."""
        if self._thread is not None:
            raise DaemonError("the in-process server has ended", "restart it from the client")
        ours, theirs = socket.socketpair()
        self._end = ours
        self._thread = threading.Thread(target=self._run, args=(theirs,), name="daemon", daemon=True)
        self._thread.start()
        link = introduce(ours, self._token, opening)
        if link is None:
            raise DaemonError("the in-process server did not start", f"see {self._places.log_dir}")
        return link

    def stop(self) -> None:
        """End the session and wait for the host to close."""
        if self._end is not None:
            with suppress(OSError):
                self._end.shutdown(socket.SHUT_RDWR)
        if self._thread is not None:
            self._thread.join(_STOP_LIMIT_S)

    def _run(self, theirs: socket.socket) -> None:
        from whykeeper.daemon.logs import configure_logging

        configure_logging(self._places.log_dir)
        # Closing it however this ends is what tells the pipe.
        with theirs:
            asyncio.run(self._serve(theirs))

    async def _serve(self, theirs: socket.socket) -> None:
        daemon_class = import_daemon()
        make_host = self._host_factory or product_host()
        daemon = daemon_class(self._places, make_host, self._token, _FOREVER_S)
        try:
            await daemon.adopt(theirs)
        finally:
            await daemon.aclose()


def _divert_standard_streams() -> tuple[int, int]:
    """Keep the protocol's descriptors to ourselves: what anything prints goes to standard error."""
    source, target = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return source, target
