"""The daemon's listening socket, from before anything heavy is imported to its end."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path

import whykeeper
from whykeeper.daemon.address import Address, listen, read_address, remove_address, write_address
from whykeeper.locations import Locations

__all__ = ["Listening"]

_LINE_LIMIT = 1_048_576

Welcome = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Listening:
    """A socket that front-ends can connect to at once, and are welcomed on once there is a daemon.

    The caller holds the data folder's lock.

    Args:
        places: The daemon's folders.
    """

    def __init__(self, places: Locations) -> None:
        self._places = places
        self.token = secrets.token_hex(32)
        self._server: asyncio.Server | None = None
        self._welcome: Welcome | None = None
        self._open()

    async def start(self, welcome: Welcome) -> None:
        """Welcome every front-end that has connected or will."""
        self._welcome = welcome
        if self._path:
            self._server = await asyncio.start_unix_server(welcome, sock=self._socket, limit=_LINE_LIMIT)
        else:
            self._server = await asyncio.start_server(welcome, sock=self._socket, limit=_LINE_LIMIT)

    async def mend(self) -> None:
        """Listen anew where a tidy-up of temporary files swept the socket or its address away."""
        if self._in_place() or self._server is None or self._welcome is None:
            return
        self._server.close()
        self._open()
        await self.start(self._welcome)

    def stop(self, *, for_good: bool) -> None:
        """Take no more front-ends. Sessions go on.

        Args:
            for_good: Withdraw the address too, which tells the pipes not to start the next daemon
                before their clients need it.
        """
        if for_good:
            remove_address(str(self._places.data_dir))
        if self._path and self._inode == _inode(self._path):
            Path(self._path).unlink()
        if self._server is not None:
            self._server.close()
        self._socket.close()

    def _open(self) -> None:
        data_dir = str(self._places.data_dir)
        self._socket, self._path, self._port = listen(data_dir, str(self._places.runtime_dir))
        self._inode = _inode(self._path)
        write_address(
            data_dir, Address(self._path, self._port, self.token, os.getpid(), whykeeper.__version__)
        )

    def _in_place(self) -> bool:
        listed = read_address(str(self._places.data_dir))
        return listed is not None and listed.token == self.token and _inode(self._path) == self._inode


def _inode(path: str) -> int:
    """Return what identifies the file at a path; 0 when there is none."""
    try:
        return Path(path).stat().st_ino if path else 0
    except OSError:
        return 0
